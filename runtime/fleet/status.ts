import type { ClusterRecord } from "../ports/index.js";
import { parseReached, type Reached } from "../run/index.js";
import { evaluate, type DesiredState, type Hold, type Schedule, type Verdict } from "../schedule/index.js";
import { activeHold } from "./hold.js";

/** What the calendar wants of a cluster, and what Curfew last reached there. */
export interface ClusterStatus {
  readonly clusterId: string;
  readonly verdict: Verdict;
  readonly hold: Hold | null;
  readonly reached: Reached | null;
  /** The state last vouched for is the one wanted now. */
  readonly isAsWanted: boolean;
}

/** Pure: a schedule against what the store remembers of its cluster. */
export function clusterStatus(
  clusterId: string,
  schedule: Schedule,
  record: ClusterRecord | undefined,
  at: number,
): ClusterStatus {
  const hold = activeHold(record?.hold, at);
  const verdict = evaluate(schedule, at, hold);
  const reached = parseReached(record?.reached ?? null);
  return { clusterId, verdict, hold: hold ?? null, reached, isAsWanted: reached?.state === verdict.state };
}

/** The word for a person: `running`, `hibernated`, or `unknown` before the first run and between two states. */
export function reachedWord(reached: Reached | null): DesiredState | "unknown" {
  return reached?.state ?? "unknown";
}
