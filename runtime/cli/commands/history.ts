import type { Command } from "commander";

import type { ClusterSpec } from "../../config/index.js";
import { holdAt, listHistory, readReports, type HistoryEvent } from "../../fleet/index.js";
import { KEPT_REPORTS, type Ports } from "../../ports/index.js";
import { chooseOne, withOneCluster } from "../choose-one.js";
import type { CommandScope } from "../command-scope.js";
import { withSource, type SourceOptions } from "../config-source.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import { isoOf } from "../instant.js";
import { sentenceOf } from "../reports/history-words.js";
import { instantOfSince, withSince, type SinceOptions } from "../since.js";
import { withProject } from "../with-project.js";
import { SILENT, withRuntime } from "../with-runtime.js";

/** More than a store keeps (20). */
const RETIRED_CYCLES = 100;

const EXAMPLE = `
Example:
  curfew history --stack dev payments-dev --since 7d

Holds that have been released or replaced are not kept.
`;

interface HistoryOptions extends SourceOptions, SinceOptions {}

/** `curfew history`: what happened to one cluster, as remembered. Asks nothing of AWS. */
export function addHistory(program: Command, scope: CommandScope): void {
  withSince(withOneCluster(withSource(program.command("history"))))
    .description("tell what happened to a cluster: sleeps, runs and the hold in force, newest first")
    .addHelpText("after", EXAMPLE)
    .action(async (name: string, options: HistoryOptions) => scope.settle(await history(name, options, scope)));
}

async function history(name: string, options: HistoryOptions, scope: CommandScope): Promise<ExitCode> {
  const { host, terminal } = scope;
  return withProject(options, scope, async (project) => {
    const cluster = chooseOne(project.fleet, name);
    const events = await withRuntime(project, host, SILENT, ({ ports }) =>
      readHistory(cluster, instantOfSince(options, ports.clock.now()), ports),
    );
    if (terminal.isJson) terminal.document(documentOf(cluster, events));
    else if (events.length === 0) terminal.print(`${cluster.identity.name}: nothing is on record.`);
    else
      for (const event of events) terminal.print(`${instantOf(event) ?? "(since when unknown)"}  ${sentenceOf(event)}`);
    return EXIT.done;
  });
}

async function readHistory(
  { id }: ClusterSpec,
  since: number,
  { store, clock }: Pick<Ports, "store" | "clock">,
): Promise<readonly HistoryEvent[]> {
  const [record, open, retired, { reports }] = await Promise.all([
    store.readCluster(id),
    store.readCycle(id),
    store.listRetiredCycles(id, RETIRED_CYCLES),
    readReports([id], { since, limit: KEPT_REPORTS }, store),
  ]);
  return listHistory({ hold: holdAt(record?.hold, clock.now()) ?? null, reports, open, retired }, since);
}

function documentOf({ identity: { name, account, region } }: ClusterSpec, events: readonly HistoryEvent[]) {
  return { cluster: name, account, region, events: events.map(entryOf) };
}

function entryOf(event: HistoryEvent) {
  return {
    at: instantOf(event),
    kind: event.kind,
    cycleId: "cycleId" in event ? event.cycleId : "report" in event ? event.report.cycleId : null,
    reportId: "report" in event ? event.report.reportId : null,
    sentence: sentenceOf(event),
  };
}

function instantOf({ at }: HistoryEvent): string | null {
  return at === null ? null : isoOf(at);
}
