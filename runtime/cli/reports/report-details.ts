import type { RunReport, StepReport } from "../../run/index.js";
import { groupWords } from "../group-words.js";
import { isoOf } from "../instant.js";
import { isHit } from "../pod-hits.js";
import { resultStyle } from "../result-style.js";
import { renderTable } from "../table.js";
import type { Terminal } from "../terminal.js";
import { podRow, POD_COLUMNS } from "./pod-rows.js";
import { askerOf, podHitWords, tookOf, verbOf } from "./report-words.js";

type Paint = Pick<Terminal, "paint">;

/** Everything about one run, for people. */
export function reportDetails(report: RunReport, name: string, terminal: Paint): string {
  const sections = [
    headOf(report, name, terminal),
    section("Steps", stepLines(report, terminal), terminal),
    section("Nodes", nodeLines(report), terminal),
    section("Pods", podLines(report, terminal), terminal),
    section("Relaxed webhooks", relaxedLines(report), terminal),
    section("Drift", report.drift, terminal),
    section("Warnings", [...report.warnings, ...drainWarnings(report)], terminal),
  ];
  return sections.filter((text) => text !== "").join("\n\n");
}

function headOf(report: RunReport, name: string, { paint }: Paint): string {
  const { result, failure, decisionReason, action, cycleId } = report;
  return [
    `${paint("bold", name)}: ${paint(resultStyle(result), result)} at ${isoOf(report.finishedAt)}, after ${tookOf(report)}`,
    `asked:   ${verbOf(report)}, by ${askerOf(report)}`,
    `decided: ${action ?? "nothing was decided"}${decisionReason === "" ? "" : `: ${decisionReason}`}`,
    `reached: ${report.reached ?? "no state that it can vouch for"}`,
    ...(failure === null ? [] : [`failure: [${failure.code}] ${failure.message}`, `remedy:  ${failure.remedy}`]),
    `report:  ${report.reportId}${cycleId === null ? "" : `, cycle ${cycleId}`}`,
  ].join("\n");
}

function section(title: string, lines: readonly string[], { paint }: Paint): string {
  return lines.length === 0 ? "" : [paint("bold", title), ...lines].join("\n");
}

function stepLines({ steps }: RunReport, terminal: Paint): readonly string[] {
  return steps.length === 0
    ? []
    : [renderTable(["STARTED", "TOOK", "STEP", "OUTCOME", "DETAIL"], steps.map(stepRow), terminal)];
}

function stepRow({ title, outcome, startedAt, finishedAt, detail }: StepReport): readonly string[] {
  const took = startedAt === null || finishedAt === null ? "-" : tookOf({ startedAt, finishedAt });
  return [startedAt === null ? "-" : isoOf(startedAt), took, title, outcome, detail ?? ""];
}

function nodeLines(report: RunReport): readonly string[] {
  const marks = Object.entries(report.wake ?? {}) as readonly [keyof typeof MARKS, number | null][];
  return [
    ...report.groups.map((group) => groupWords(group, report)),
    ...marks.flatMap(([mark, ms]) => (ms === null ? [] : [`${MARKS[mark]} after ${(ms / 1000).toFixed(1)} s`])),
  ];
}

const MARKS: Readonly<Record<keyof NonNullable<RunReport["wake"]>, string>> = {
  firstInstanceMs: "first instance",
  firstReadyNodeMs: "first node ready",
  allNodesUsableMs: "all nodes usable",
  dnsReadyMs: "cluster DNS ready",
  webhooksRestoredMs: "webhooks restored",
  allTiersReadyMs: "all tiers ready",
};

/** The drain in a sentence, then each pod that was hit. */
function podLines(report: RunReport, terminal: Paint): readonly string[] {
  const { drain } = report;
  if (drain === null) return [];
  const hit = drain.pods.filter(isHit);
  const rows = hit.map(podRow);
  const counts = podHitWords(report).join(", ");
  return [
    drain.sentence,
    ...(rows.length === 0 ? [] : [renderTable(POD_COLUMNS, rows, terminal)]),
    ...(drain.podsCut === 0 ? [] : [`${drain.podsCut} more pods are not listed; hit in all: ${counts || "none"}`]),
  ];
}

/** The cluster was left with less protection than it had (safe-cycle W15). */
function relaxedLines({ relaxedWebhooks = [] }: RunReport): readonly string[] {
  return relaxedWebhooks.map(({ webhook, sinceAt, why }) => `${webhook}, since ${isoOf(sinceAt)}: ${why}`);
}

function drainWarnings({ drain }: RunReport): readonly string[] {
  return (drain?.warnings ?? []).map(({ message, count, examples }) => {
    const more = count > examples.length ? ` and ${count - examples.length} more` : "";
    return `${examples.join(", ")}${more}: ${message}`;
  });
}
