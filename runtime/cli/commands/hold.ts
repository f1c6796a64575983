import { type Command, Option } from "commander";

import type { ScheduledCluster } from "../../config/index.js";
import { serialiseHold } from "../../fleet/index.js";
import type { DesiredState, Hold } from "../../schedule/index.js";
import { chooseClusters, withSelection, type SelectionOptions } from "../choose-clusters.js";
import { chooseScheduled } from "../choose-scheduled.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { isoOf } from "../instant.js";
import { labelsOf } from "../labels.js";
import { parallelOf, withParallel, type ParallelOptions } from "../parallel.js";
import { personOf } from "../person.js";
import { createProgressLines } from "../progress-lines.js";
import { runClusters, type RunEnd } from "../run-clusters.js";
import { exitCodeOfRuns, printRuns, runsDocument } from "../show-runs.js";
import { instantOfUntil, parseUntil, type Until } from "../until.js";
import { usageError } from "../usage-error.js";
import { withProject } from "../with-project.js";
import { withRuntime, type OpenRuntime } from "../with-runtime.js";

const EXAMPLE = `
Example:
  curfew hold --stack dev payments-dev --state running --until 22:00 --reason "load test"
  curfew hold --stack dev --all --state hibernated --until +2d --reason "office closed" --now

A hold wins over the calendar until it expires by itself. It is only noted: \`curfew wake\`, \`curfew hibernate\` or
\`pulumi up\` carry it out, or --now does at once.
`;

interface HoldOptions extends SourceOptions, SelectionOptions, ParallelOptions {
  readonly state: DesiredState;
  readonly until: Until;
  readonly reason: string;
  readonly owner?: string;
  readonly now?: boolean;
}

interface HeldCluster {
  readonly cluster: ScheduledCluster;
  readonly hold: Hold;
}

/** `curfew hold`: lets a person's wish win over the calendar for a while. */
export function addHold(program: Command, scope: CommandScope): void {
  withParallel(withSelection(withSource(program.command("hold"))))
    .description("keep clusters in a state, whatever the calendar wants, until an instant")
    .addOption(
      new Option("--state <state>", "what to keep them in").choices(["running", "hibernated"]).makeOptionMandatory(),
    )
    .requiredOption("--until <when>", "ISO 8601 with zone, +8h from now, or 22:00 in the schedule's zone", parseUntil)
    .requiredOption("--reason <text>", "why, for everybody who wonders")
    .option("--owner <name>", "whose wish it is (default: USER)")
    .option("--now", "carry it out at once")
    .addHelpText("after", EXAMPLE)
    .action(async (names: string[], options: HoldOptions) => scope.settle(await hold(names, options, scope)));
}

async function hold(names: readonly string[], options: HoldOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  const parallel = parallelOf(options, host);
  return withProject(options, scope, (project) => {
    const clusters = chooseScheduled(chooseClusters(project.fleet, names, options));
    const label = labelsOf(clusters);
    const progress = createProgressLines(label, (line) => terminal.tell(line));
    return withRuntime(project, host, progress, async (runtime) => {
      const now = runtime.ports.clock.now();
      const held = holdsFor(clusters, options, now, host.environment);
      for (const { cluster, hold } of held) await runtime.ports.store.putHold(cluster.id, serialiseHold(hold, now));
      if (!terminal.isJson)
        for (const one of held) terminal.print(sentenceOf(one, label(one.cluster.id), options.now ?? false));
      const ends = options.now ? await carryOut(clusters, options, runtime, { parallel, signal: host.signal }) : [];
      if (terminal.isJson) terminal.document({ holds: held.map(entryOf), ...(options.now ? runsDocument(ends) : {}) });
      else if (options.now) printRuns(ends, [], label, terminal);
      return options.now ? exitCodeOfRuns(ends) : EXIT.done;
    });
  });
}

/** The hold of each cluster; `22:00` is another instant in another zone. Throws a usage error when one is over already. */
function holdsFor(
  clusters: readonly ScheduledCluster[],
  { state, until, reason, owner }: HoldOptions,
  now: number,
  environment: CommandScope["host"]["environment"],
): readonly HeldCluster[] {
  return clusters.map((cluster) => {
    const at = instantOfUntil(until, now, cluster.schedule.timezone);
    if (at <= now) throw usageError(`--until ${isoOf(at)} has passed: it is ${isoOf(now)} now`);
    return { cluster, hold: { state, until: at, reason, owner: owner ?? personOf(environment) } };
  });
}

function carryOut(
  clusters: readonly ScheduledCluster[],
  { state, reason }: HoldOptions,
  runtime: OpenRuntime,
  limits: Parameters<typeof runClusters>[3],
): Promise<readonly RunEnd[]> {
  return runClusters(clusters, { desired: state, reason: `hold: ${reason}` }, runtime, limits);
}

function sentenceOf({ hold: { state, until } }: HeldCluster, name: string, isNow: boolean): string {
  const command = state === "running" ? "wake" : "hibernate";
  const note = `${name}: held ${state} until ${isoOf(until)}, then the calendar rules again.`;
  return isNow ? note : `${note} Noted only: \`curfew ${command} ${name}\` or \`pulumi up\` carries it out now.`;
}

function entryOf({ cluster: { identity }, hold }: HeldCluster) {
  const { name: cluster, account, region } = identity;
  return { cluster, account, region, ...hold, until: isoOf(hold.until) };
}
