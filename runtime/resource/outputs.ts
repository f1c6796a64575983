import { reachedWord, type ClusterStatus } from "../fleet/index.js";
import type { RunReport } from "../run/index.js";
import type { DesiredState } from "../schedule/index.js";

/**
 * What a ClusterSchedule tells beside its inputs: as it was when Curfew last looked. Instants are ISO texts in UTC. The
 * inputs are not repeated, as each byte of state is written again around every step of an `up`; Pulumi shows both.
 */
export interface ClusterScheduleOutputs {
  /** The state store that knows the cluster, for the methods that are not given inputs. */
  readonly statePath?: string;
  /** The state last seen; `unknown` before the first run and between two states. */
  readonly state: ObservedState;
  /** Since when Curfew has known it in that state. */
  readonly since: string | null;
  /** The state that the calendar or a hold wanted. */
  readonly wanted: DesiredState;
  /** The rule that wanted it, in words. */
  readonly rule: string;
  /** When the other state will be wanted; null: never. */
  readonly nextTransitionAt: string | null;
  /** How the last run ended, e.g. `completed`; null: none has run. */
  readonly lastResult: string | null;
  /** That run's report in one sentence. */
  readonly lastReport: string | null;
}

export type ObservedState = DesiredState | "unknown";

/** Most that a report's sentence may take. */
const REPORT_CHARACTERS = 240;

/** The complete outputs: Pulumi replaces outputs, it does not merge them. */
export function toOutputs(
  { clusterId, verdict, reached }: ClusterStatus,
  statePath: string | undefined,
): ClusterScheduleOutputs {
  return {
    ...(statePath === undefined ? {} : { statePath }),
    state: reachedWord(reached),
    since: reached?.state ? isoOf(reached.sinceAt) : null,
    wanted: verdict.state,
    rule: verdict.rule,
    nextTransitionAt: verdict.next === null ? null : isoOf(verdict.next.at),
    lastResult: reached?.result ?? null,
    lastReport: reached === null ? null : shortSummary(reached.summary, clusterId),
  };
}

/** With a run's own end, which the store lacks when the run got no lease or could not write. */
export function withReport(outputs: ClusterScheduleOutputs, report: RunReport): ClusterScheduleOutputs {
  return { ...outputs, lastResult: report.result, lastReport: shortSummary(report.summary, report.clusterId) };
}

/** With what was seen just now, which may not be what Curfew left. */
export function withObserved(outputs: ClusterScheduleOutputs, observed: ObservedState): ClusterScheduleOutputs {
  return outputs.state === observed ? outputs : { ...outputs, state: observed, since: null };
}

/** A summary without the cluster's id, which stands beside it, and not longer than a few lines. */
export function shortSummary(summary: string, clusterId: string): string {
  const text = summary.startsWith(`${clusterId}: `) ? summary.slice(clusterId.length + 2) : summary;
  return text.length <= REPORT_CHARACTERS ? text : `${text.slice(0, REPORT_CHARACTERS - 1)}…`;
}

const isoOf = (at: number): string => new Date(at).toISOString();
