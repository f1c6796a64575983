import { parseClusterId } from "../../ports/index.js";
import type { RunReport } from "../../run/index.js";
import { desiredAfter } from "../group-words.js";
import { isoOf } from "../instant.js";
import { podHits } from "../pod-hits.js";
import { csvOf } from "./csv.js";
import { verbOf } from "./report-words.js";

type Column = readonly [name: string, cell: (report: RunReport) => string | number | null];

const COLUMNS: readonly Column[] = [
  ["reportId", ({ reportId }) => reportId],
  ["cycleId", ({ cycleId }) => cycleId],
  ["account", ({ clusterId }) => parseClusterId(clusterId)?.account ?? null],
  ["region", ({ clusterId }) => parseClusterId(clusterId)?.region ?? null],
  ["cluster", ({ clusterId }) => parseClusterId(clusterId)?.name ?? clusterId],
  ["startedAt", ({ startedAt }) => isoOf(startedAt)],
  ["finishedAt", ({ finishedAt }) => isoOf(finishedAt)],
  ["durationSeconds", ({ startedAt, finishedAt }) => (finishedAt - startedAt) / 1000],
  ["asked", verbOf],
  ["origin", ({ origin }) => origin],
  ["requestReason", ({ requestReason }) => requestReason],
  ["decided", ({ action }) => action],
  ["decisionReason", ({ decisionReason }) => decisionReason],
  ["result", ({ result }) => result],
  ["reached", ({ reached }) => reached],
  ["failureCode", ({ failure }) => failure?.code ?? null],
  ["failureMessage", ({ failure }) => failure?.message ?? null],
  ["failureRemedy", ({ failure }) => failure?.remedy ?? null],
  ["nodesBefore", ({ groups }) => sumOf(groups.map(({ before }) => before.desired))],
  ["nodesAfter", (report) => sumOf(report.groups.map((group) => desiredAfter(group, report) ?? group.before.desired))],
  ["podsForced", (report) => podHits(report).forced],
  ["podsLost", (report) => podHits(report).lost],
  ["podsScaled", (report) => podHits(report).scaled],
  ["podsBlocked", (report) => podHits(report).blocked],
  ["drift", ({ drift }) => drift.length],
  ["warnings", ({ warnings }) => warnings.length],
];

/** One row per run below a row of names; instants are ISO 8601 in UTC, nodes are those asked for, the unknown is empty. */
export function reportCsv(reports: readonly RunReport[]): string {
  const head = COLUMNS.map(([name]) => name);
  return csvOf([head, ...reports.map((report) => COLUMNS.map(([, cell]) => cell(report)))]);
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
