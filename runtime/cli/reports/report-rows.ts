import type { RunReport } from "../../run/index.js";
import { groupWords } from "../group-words.js";
import { isoOf } from "../instant.js";
import { resultStyle } from "../result-style.js";
import type { Terminal } from "../terminal.js";
import { podHitWords, tookOf, verbOf } from "./report-words.js";

/** Columns of {@link reportRow}. */
export const REPORT_COLUMNS = [
  ...["ENDED", "CLUSTER", "ASKED", "DECIDED", "RESULT"],
  ...["TOOK", "NODES", "PODS", "DRIFT", "WARNINGS"],
] as const;

/** One run in a row for people; cells may have several lines. */
export function reportRow(
  report: RunReport,
  label: (id: string) => string,
  { paint }: Pick<Terminal, "paint">,
): readonly string[] {
  const { clusterId, origin, requestReason, action, decisionReason, result, failure, groups, drift, warnings } = report;
  return [
    isoOf(report.finishedAt),
    label(clusterId),
    linesOf(`${verbOf(report)}, by ${origin === "schedule" ? "calendar" : "person"}`, requestReason),
    linesOf(action ?? "-", decisionReason),
    linesOf(paint(resultStyle(result), result), failure === null ? "" : `[${failure.code}]`),
    tookOf(report),
    linesOf(...groups.map((group) => groupWords(group, report))),
    linesOf(...podHitWords(report)),
    String(drift.length),
    String(warnings.length),
  ];
}

function linesOf(...lines: readonly string[]): string {
  return lines.filter((line) => line !== "").join("\n") || "-";
}
