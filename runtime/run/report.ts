import type { Decision, Origin, RelaxedWebhook, Step } from "../cycle/index.js";
import type { DrainReport } from "../drain/index.js";
import type { FailureCode, FailureInfo, GroupSize } from "../ports/index.js";
import type { DesiredState } from "../schedule/index.js";

/**
 * How a run ended. `yielded`: out of its budget, to be continued; `blocked`: Curfew refuses to go on and
 * says why; `partial`: some groups reached the state, others did not (safe-cycle W25).
 */
export type RunResult = "completed" | "nothing-to-do" | "planned" | "yielded" | "blocked" | "partial" | "failed";

/** One step of the plan and what became of it. Instants in epoch milliseconds. */
export interface StepReport {
  readonly id: string;
  readonly title: string;
  readonly outcome: "planned" | "done" | "yielded" | "blocked" | "partial" | "failed" | "cancelled" | "not-reached";
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly detail?: string;
}

/** A node group before the run, and the size that it was given last; null when it was given none. */
export interface GroupReport {
  readonly id: string;
  readonly before: GroupSize;
  readonly after: GroupSize | null;
}

/** How long a wake took to each mark, in milliseconds from its start; null when it was not reached (safe-cycle W28). */
export interface WakeTimings {
  readonly firstInstanceMs: number | null;
  readonly firstReadyNodeMs: number | null;
  readonly allNodesUsableMs: number | null;
  readonly dnsReadyMs: number | null;
  readonly webhooksRestoredMs: number | null;
  readonly allTiersReadyMs: number | null;
}

/** Everything a person or program needs to know about one run; plain JSON data. */
export interface RunReport {
  readonly version: 1;
  readonly reportId: string;
  readonly operationId: string;
  readonly clusterId: string;
  readonly cycleId: string | null;
  readonly origin: Origin;
  readonly desired: DesiredState;
  readonly requestReason: string;
  readonly action: Decision["action"] | null;
  /** Why that action; empty when no decision was reached. */
  readonly decisionReason: string;
  readonly result: RunResult;
  /** The state the cluster is in now, as far as this run knows; null: unknown or in between. */
  readonly reached: DesiredState | null;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly steps: readonly StepReport[];
  readonly groups: readonly GroupReport[];
  readonly drain: DrainReport | null;
  readonly wake: WakeTimings | null;
  /** How long each mark might have taken by the settings; null unless it was a wake that reached the point of waiting. */
  readonly wakeBudgets: Readonly<Record<keyof WakeTimings, number>> | null;
  /** What differs from what was saved or expected, in sentences. */
  readonly drift: readonly string[];
  readonly warnings: readonly string[];
  /** Webhooks that could not be given back: restored with relaxed webhooks (safe-cycle W15). Absent: none. */
  readonly relaxedWebhooks?: readonly RelaxedWebhook[];
  readonly failure: FailureInfo | null;
  /** One sentence: how it ended and what comes next. */
  readonly summary: string;
}

/** Codes with which Curfew declines to act; everything else that stops a run is a failure. */
const BLOCKING: ReadonlySet<FailureCode> = new Set([
  "cluster-excluded",
  "cluster-not-active",
  "config-map-only",
  "lease-held",
  "pods-refused",
  "drain-blocked",
  "snapshot-missing",
  "snapshot-unreadable",
  "snapshot-mismatch",
]);

/** Whether a failure means "blocked" rather than "failed". */
export function isBlocking(failure: FailureInfo): boolean {
  return BLOCKING.has(failure.code);
}

/** A planned step as it stands before it runs. */
export function plannedStep(step: Step, outcome: "planned" | "not-reached"): StepReport {
  return { id: step.id, title: step.title, outcome, startedAt: null, finishedAt: null };
}

/** The one sentence of a report. */
export function summarise(report: Omit<RunReport, "summary">): string {
  const name = report.clusterId;
  if (report.failure) return `${name}: ${report.result}: ${report.failure.message} ${report.failure.remedy}`;
  switch (report.result) {
    case "nothing-to-do":
      return `${name}: nothing to do. ${report.decisionReason}`;
    case "planned":
      return `${name}: would ${report.action ?? "do nothing"}: ${report.decisionReason}`;
    case "yielded":
      return `${name}: not finished within its budget; the next run goes on where it stopped.`;
    case "completed":
      return `${name}: ${report.reached ?? "unknown"} after ${seconds(report)} s.`;
    case "blocked":
    case "partial":
    case "failed":
      return `${name}: ${report.result}.`;
  }
}

function seconds(report: { readonly startedAt: number; readonly finishedAt: number }): string {
  return ((report.finishedAt - report.startedAt) / 1000).toFixed(1);
}
