import type { Command } from "commander";

import { readStatus, type ClusterStatus } from "../../fleet/index.js";
import type { Ports } from "../../ports/index.js";
import { chooseClusters, withSelection, type SelectionOptions } from "../choose-clusters.js";
import { chooseScheduled } from "../choose-scheduled.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import type { ScheduledCluster } from "../../config/index.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { labelsOf } from "../labels.js";
import { withProject } from "../with-project.js";
import { SILENT, withRuntime } from "../with-runtime.js";

const EXAMPLE = `
Example:
  curfew release --stack dev payments-dev
`;

type ReleaseOptions = SourceOptions & SelectionOptions;

interface Released {
  readonly cluster: ScheduledCluster;
  /** A hold was in force. */
  readonly wasHeld: boolean;
  /** After the release. */
  readonly status: ClusterStatus;
}

/** `curfew release`: lets the calendar rule again. Calling twice is safe. */
export function addRelease(program: Command, scope: CommandScope): void {
  withSelection(withSource(program.command("release")))
    .description("end the hold of clusters, so that the calendar rules again")
    .addHelpText("after", EXAMPLE)
    .action(async (names: string[], options: ReleaseOptions) => scope.settle(await release(names, options, scope)));
}

async function release(names: readonly string[], options: ReleaseOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  return withProject(options, scope, (project) => {
    const clusters = chooseScheduled(chooseClusters(project.fleet, names, options));
    const label = labelsOf(clusters);
    return withRuntime(project, host, SILENT, async ({ ports }) => {
      const released: Released[] = [];
      for (const cluster of clusters) released.push(await releaseOne(cluster, ports));
      if (terminal.isJson) terminal.document({ released: released.map(entryOf) });
      else for (const one of released) terminal.print(sentenceOf(one, label(one.cluster.id)));
      return EXIT.done;
    });
  });
}

async function releaseOne(cluster: ScheduledCluster, ports: Ports): Promise<Released> {
  const { hold } = await readStatus(cluster, ports);
  await ports.store.removeHold(cluster.id);
  return { cluster, wasHeld: hold !== null, status: await readStatus(cluster, ports) };
}

function sentenceOf({ wasHeld, status: { verdict, isAsWanted } }: Released, name: string): string {
  const note = `${name}: ${wasHeld ? "released" : "was not held"}; the calendar wants it ${verdict.state} (${verdict.rule}).`;
  const command = verdict.state === "running" ? "wake" : "hibernate";
  return isAsWanted ? note : `${note} \`curfew ${command} ${name}\` or \`pulumi up\` takes it there now.`;
}

function entryOf({ cluster: { identity }, wasHeld, status: { verdict } }: Released) {
  const { name: cluster, account, region } = identity;
  return { cluster, account, region, wasHeld, wanted: verdict.state, rule: verdict.rule };
}
