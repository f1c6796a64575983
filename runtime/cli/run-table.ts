import type { RunReport } from "../run/index.js";
import { groupWords } from "./group-words.js";
import { isInTheWay, type PodReport } from "./pod-hits.js";
import type { RunEnd } from "./run-clusters.js";
import { resultStyle } from "./result-style.js";
import { renderTable } from "./table.js";
import type { Terminal } from "./terminal.js";

/** Most pods that one line names. */
const PODS_NAMED = 10;

/** The ends of runs for people: a table, and below it what each cluster's run has to say. */
export function runTable(ends: readonly RunEnd[], label: (id: string) => string, terminal: Terminal): string {
  if (ends.length === 0) return "No cluster is declared.";
  const rows = ends.map((end) => [label(end.cluster.id), ...rowOf(end, terminal)]);
  const details = ends.flatMap(({ cluster, report }) => {
    const lines = report === null ? [] : detailsOf(report);
    return lines.length === 0
      ? []
      : ["", terminal.paint("bold", label(cluster.id)), ...lines.map((line) => `  ${line}`)];
  });
  return [renderTable(["CLUSTER", "RESULT", "TOOK", "NODES"], rows, terminal), ...details].join("\n");
}

function rowOf({ report }: RunEnd, { paint }: Terminal): readonly string[] {
  if (report === null) return [paint("yellow", "not started"), "-", "-"];
  const seconds = ((report.finishedAt - report.startedAt) / 1000).toFixed(1);
  const groups = report.groups.map((group) => groupWords(group, report)).join("\n");
  return [paint(resultStyle(report.result), report.result), `${seconds} s`, groups || "-"];
}

function detailsOf(report: RunReport): readonly string[] {
  const { drain, failure, decisionReason, warnings, drift } = report;
  const blocked = drain?.pods.filter(isInTheWay) ?? [];
  return [
    ...(failure === null ? [] : [`[${failure.code}] ${failure.message} ${failure.remedy}`]),
    ...(decisionReason === "" ? [] : [`why: ${decisionReason}`]),
    ...planOf(report),
    ...podLine("forced past its budget or grace", drain?.forced ?? []),
    ...podLine("lost, nothing recreates it", drain?.lost ?? []),
    ...podLine("blocked", blocked.map(podWords)),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...drift.map((note) => `drift: ${note}`),
  ];
}

function planOf({ result, steps }: RunReport): readonly string[] {
  return result === "planned" ? steps.map(({ title }, index) => `${index + 1}. ${title}`) : [];
}

function podWords({ namespace, name, reason }: PodReport): string {
  return `${namespace}/${name}${reason === null ? "" : ` (${reason})`}`;
}

function podLine(what: string, pods: readonly string[]): readonly string[] {
  if (pods.length === 0) return [];
  const more = pods.length > PODS_NAMED ? ` and ${pods.length - PODS_NAMED} more` : "";
  return [`${what}: ${pods.slice(0, PODS_NAMED).join(", ")}${more}`];
}
