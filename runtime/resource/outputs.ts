import type { ClusterStatus } from "../fleet/index.js";
import { reachedWord } from "../fleet/index.js";
import type { RunReport } from "../run/index.js";
import type { DesiredState } from "../schedule/index.js";
import type { ClusterScheduleInputs } from "./inputs.js";

/** What a ClusterSchedule tells: as it was when Curfew last looked. Instants are ISO texts in UTC. */
export interface ClusterScheduleOutputs extends ClusterScheduleInputs {
  /** The state last seen; `unknown` before the first run and between two states. */
  readonly state: ObservedState;
  /** Since when Curfew has known it in that state. */
  readonly since: string | null;
  /** The state that the calendar or a hold wanted. */
  readonly wanted: DesiredState;
  /** The rule that wanted it, in words. */
  readonly rule: string;
  /** When another state will be wanted, and which; null: never. */
  readonly nextTransitionAt: string | null;
  readonly nextState: DesiredState | null;
  /** How the last run ended, e.g. `completed`; null: none has run. */
  readonly lastResult: string | null;
  /** That run's report in one sentence. */
  readonly lastReport: string | null;
}

export type ObservedState = DesiredState | "unknown";

/** Most that a report's sentence may take: each byte of state is written again around every step of an `up`. */
const REPORT_CHARACTERS = 240;

/** The complete outputs: Pulumi replaces outputs, it does not merge them. `observed`: what was seen if that is newer than the store. */
export function toOutputs(
  inputs: ClusterScheduleInputs,
  status: ClusterStatus,
  observed: ObservedState = reachedWord(status.reached),
): ClusterScheduleOutputs {
  const { verdict, reached } = status;
  return {
    ...inputs,
    state: observed,
    since: reached !== null && reached.state === observed ? isoOf(reached.sinceAt) : null,
    wanted: verdict.state,
    rule: verdict.rule,
    nextTransitionAt: verdict.next === null ? null : isoOf(verdict.next.at),
    nextState: verdict.next?.to ?? null,
    lastResult: reached?.result ?? null,
    lastReport: reached === null ? null : shortSummary(reached.summary, status.clusterId),
  };
}

/** The same with a run's own end, which the store lacks when the run could not take the lease or could not write. */
export function withReport(outputs: ClusterScheduleOutputs, report: RunReport): ClusterScheduleOutputs {
  return { ...outputs, lastResult: report.result, lastReport: shortSummary(report.summary, report.clusterId) };
}

/** A summary without the cluster's id, which stands beside it, and not longer than a few lines. */
export function shortSummary(summary: string, clusterId: string): string {
  const text = summary.startsWith(`${clusterId}: `) ? summary.slice(clusterId.length + 2) : summary;
  return text.length <= REPORT_CHARACTERS ? text : `${text.slice(0, REPORT_CHARACTERS - 1)}…`;
}

const isoOf = (at: number): string => new Date(at).toISOString();
