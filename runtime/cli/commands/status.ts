import type { Command } from "commander";
import pLimit from "p-limit";

import type { ClusterSpec } from "../../config/index.js";
import type { Ports } from "../../ports/index.js";
import { failureInfo } from "../../ports/index.js";
import { chooseClusters, withSelection, type SelectionOptions } from "../choose-clusters.js";
import { statusOf, statusTable, type LiveLook, type StatusEntry } from "../cluster-status.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { EXIT, exitCodeOf, endingOfFailure, type ExitCode } from "../exit-codes.js";
import { lookAtCluster } from "../look.js";
import { parallelOf, withParallel, type ParallelOptions } from "../parallel.js";
import { withProject } from "../with-project.js";
import { SILENT, withRuntime } from "../with-runtime.js";

const EXAMPLE = `
Example:
  curfew status --stack dev
  curfew status --stack dev --tag team=payments --verify

Without --verify nothing is asked of AWS: the answer is what Curfew remembers. With it, the exit code says whether
every cluster could be looked at; drift is reported and is no failure.
`;

interface StatusOptions extends SourceOptions, SelectionOptions, ParallelOptions {
  readonly verify?: boolean;
}

/** `curfew status`: what is remembered of each cluster, what its calendar wants, and on request how it really is. */
export function addStatus(program: Command, scope: CommandScope): void {
  withParallel(withSelection(withSource(program.command("status"))))
    .description("show what state the clusters are in and what comes next (of all, unless some are chosen)")
    .option("--verify", "also look at the real clusters, and say where they differ from memory")
    .addHelpText("after", EXAMPLE)
    .action(async (names: string[], options: StatusOptions) => scope.settle(await status(names, options, scope)));
}

async function status(names: readonly string[], options: StatusOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  const limit = pLimit(parallelOf(options, host));
  return withProject(options, scope, (project) => {
    const clusters = chooseClusters(project.fleet, names, options, "all");
    return withRuntime(project, host, SILENT, async ({ ports }) => {
      const entries = await Promise.all(
        clusters.map((cluster) => limit(() => readEntry(cluster, ports, options.verify ?? false))),
      );
      if (terminal.isJson) terminal.document({ clusters: entries });
      else terminal.print(statusTable(entries, terminal));
      return exitCodeOfLooks(entries);
    });
  });
}

async function readEntry(cluster: ClusterSpec, ports: Ports, isVerified: boolean): Promise<StatusEntry> {
  const record = await ports.store.readCluster(cluster.id);
  // Excluded means that no call is made at all.
  const live = isVerified && cluster.exclusion === null ? await look(cluster, ports) : null;
  return statusOf(cluster, record, live, ports.clock.now());
}

async function look(cluster: ClusterSpec, { connector }: Ports): Promise<LiveLook> {
  try {
    return { seen: await lookAtCluster(cluster, connector, { withNodes: false }) };
  } catch (error) {
    return { failure: failureInfo(error) };
  }
}

function exitCodeOfLooks(entries: readonly StatusEntry[]): ExitCode {
  const looks = entries.flatMap(({ live }) => (live === null ? [] : [live]));
  const code = exitCodeOf(looks.map((live) => ("failure" in live ? endingOfFailure(live.failure) : "done")));
  return looks.length === 0 ? EXIT.done : code;
}
