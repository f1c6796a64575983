import { endingOf, exitCodeOf, type ExitCode } from "./exit-codes.js";
import type { RunEnd } from "./run-clusters.js";
import { runTable } from "./run-table.js";
import type { Terminal } from "./terminal.js";

/** Runs as a JSON document carries them. */
export function runsDocument(ends: readonly RunEnd[]) {
  return {
    reports: ends.flatMap(({ report }) => (report === null ? [] : [report])),
    notStarted: ends.flatMap(({ cluster, report }) => (report === null ? [cluster.id] : [])),
  };
}

/** The whole answer about runs for people. */
export function printRuns(
  ends: readonly RunEnd[],
  notes: readonly string[],
  label: (id: string) => string,
  terminal: Terminal,
): void {
  terminal.print(runTable(ends, label, terminal));
  for (const note of notes) terminal.print(terminal.paint("yellow", note));
}

/** What the runs together say. One that never began has failed. */
export function exitCodeOfRuns(ends: readonly RunEnd[]): ExitCode {
  return exitCodeOf(ends.map(({ report }) => (report === null ? "failed" : endingOf(report.result))));
}
