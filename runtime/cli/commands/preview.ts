import type { Command } from "commander";

import type { ScheduledCluster } from "../../config/index.js";
import { activeHold } from "../../fleet/index.js";
import { transitions, type DesiredState, type Hold } from "../../schedule/index.js";
import { chooseClusters, withSelection, type SelectionOptions } from "../choose-clusters.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { isoOf, parseInstant } from "../instant.js";
import { loadProject, problemLines, type Project } from "../load-project.js";
import { renderTable } from "../table.js";
import { usageError } from "../usage-error.js";
import { SILENT, withRuntime } from "../with-runtime.js";

const WEEK_MS = 7 * 24 * 3_600_000;

const EXAMPLE = `
Example:
  curfew preview --stack dev payments-dev
  curfew preview --config fleet.yaml --from 2026-03-29T00:00:00Z --to 2026-04-05T00:00:00Z --json
      {"transitions":[{"cluster":"…","account":"…","region":"…","at":"2026-03-29T01:00:00Z","to":"running","rule":"…"}]}
`;

interface PreviewOptions extends SourceOptions, SelectionOptions {
  readonly from?: number;
  readonly to?: number;
  readonly holds?: boolean;
}

/** One line of the answer. */
interface PreviewedTransition {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly at: string;
  readonly to: DesiredState;
  readonly rule: string;
}

/** `curfew preview`: the changes to come, from <= at < to. Needs neither Pulumi nor AWS; reads no state unless holds are asked for. */
export function addPreview(program: Command, scope: CommandScope): void {
  withSelection(withSource(program.command("preview")))
    .description("list the changes that the calendars will bring (of all clusters, unless some are chosen)")
    .option("--from <instant>", "ISO 8601 with zone (default: now)", parseInstant)
    .option("--to <instant>", "ISO 8601 with zone, not included (default: a week after --from)", parseInstant)
    .option("--holds", "also reckon with the holds that are in force now; reads the state file")
    .addHelpText("after", EXAMPLE)
    .action(async (names: string[], options: PreviewOptions) => scope.settle(await preview(names, options, scope)));
}

async function preview(names: readonly string[], options: PreviewOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  const { from = host.now(), to = from + WEEK_MS } = options;
  if (from >= to) throw usageError(`--from ${isoOf(from)} is not before --to ${isoOf(to)}`);
  const loaded = await loadProject(options, host);
  if (!loaded.ok) return refuse(loaded.problems, scope);
  const chosen = chooseClusters(loaded.value.fleet, names, options, "all");
  const clusters = chosen.filter((cluster) => cluster.schedule !== null);
  const holds = options.holds ? await readHolds(clusters, loaded.value, scope) : new Map<string, Hold>();
  const found = listTransitions(clusters, holds, { from, to });
  if (terminal.isJson) terminal.document({ transitions: found });
  else
    terminal.print(found.length === 0 ? `Nothing changes from ${isoOf(from)} to ${isoOf(to)}.` : tableOf(found, scope));
  return EXIT.done;
}

/** All changes of the clusters with from <= at < to, by time, then by cluster. */
function listTransitions(
  clusters: readonly ScheduledCluster[],
  holds: ReadonlyMap<string, Hold>,
  { from, to }: { readonly from: number; readonly to: number },
): readonly PreviewedTransition[] {
  return clusters
    .flatMap((cluster) =>
      transitions(cluster.schedule, from, to, holds.get(cluster.id)).map((change) => ({ cluster, change })),
    )
    .sort((one, other) => one.change.at - other.change.at || compareClusters(one.cluster, other.cluster))
    .map(({ cluster: { identity }, change: { at, to: state, rule } }) => {
      const { name, account, region } = identity;
      return { cluster: name, account, region, at: isoOf(at), to: state, rule };
    });
}

/** By name, namesakes by account and Region. */
function compareClusters({ identity: { name }, id }: ScheduledCluster, other: ScheduledCluster): number {
  return compareText(name, other.identity.name) || compareText(id, other.id);
}

/** The same answer as `validate` gives, so that a program has one way to read problems. */
function refuse(problems: Parameters<typeof problemLines>[0], { terminal }: CommandScope): ExitCode {
  if (terminal.isJson) terminal.document({ problems });
  else terminal.tell(problemLines(problems));
  return EXIT.badUsage;
}

async function readHolds(
  clusters: readonly ScheduledCluster[],
  project: Project,
  { host }: CommandScope,
): Promise<ReadonlyMap<string, Hold>> {
  return withRuntime(project, host, SILENT, async ({ ports: { store, clock } }) => {
    const holds = new Map<string, Hold>();
    for (const { id } of clusters) {
      const hold = activeHold((await store.readCluster(id))?.hold, clock.now());
      if (hold) holds.set(id, hold);
    }
    return holds;
  });
}

function tableOf(found: readonly PreviewedTransition[], { terminal }: CommandScope): string {
  const rows = found.map(({ at, cluster, account, region, to, rule }) => [at, cluster, account, region, to, rule]);
  return renderTable(["AT", "CLUSTER", "ACCOUNT", "REGION", "TO", "RULE"], rows, terminal);
}

/** By code unit, so that the order is the same in every locale. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
