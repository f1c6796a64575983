import type { PodRecord, Stage } from "./record.js";
import { isAnyAttached, type VolumeFacts } from "./volumes.js";

/** A pod's place in the row of those that leave its node one by one. */
export interface Turn {
  readonly nodeName: string;
  readonly priority: number;
}

/** How long the next pod waits at most for the volumes of the one before, as gardener's machine controller does by default. */
const DETACH_MS = 120_000;

/** The place of a pod that takes volumes of its own along; null for pods that need not take turns (safe-cycle 44). */
export function turnOf({ pod, volumes }: PodRecord): Turn | null {
  return volumes.length === 0 ? null : { nodeName: pod.nodeName, priority: pod.priority };
}

/**
 * `candidates` without those whose turn it is not: from every node without a pod under way, the one with the highest
 * priority, in place of the first; from a `busyNodes` node, none. Candidates that take no turns keep their places.
 */
export function oneByOne<Candidate>(
  candidates: readonly Candidate[],
  turnOfCandidate: (candidate: Candidate) => Turn | null,
  busyNodes: ReadonlySet<string>,
): readonly Candidate[] {
  const first = new Map<string, { readonly candidate: Candidate; readonly priority: number }>();
  for (const candidate of candidates) {
    const turn = turnOfCandidate(candidate);
    if (turn === null) continue;
    const best = first.get(turn.nodeName);
    if (best === undefined || turn.priority > best.priority)
      first.set(turn.nodeName, { candidate, priority: turn.priority });
  }
  const served = new Set(busyNodes);
  return candidates.flatMap((candidate) => {
    const turn = turnOfCandidate(candidate);
    if (turn === null) return [candidate];
    if (served.has(turn.nodeName)) return [];
    served.add(turn.nodeName);
    return [first.get(turn.nodeName)?.candidate ?? candidate];
  });
}

/** What tells whether a pod's turn is over. */
export interface TurnContext {
  readonly now: number;
  readonly volumes: VolumeFacts | null;
  readonly isInFlight: (uid: string) => boolean;
}

/**
 * Whether a pod keeps the others with volumes on its node waiting: it is being evicted, it terminates, or it is gone and
 * its volumes are not. One that is stuck, or whose volumes do not let go in time, keeps nobody waiting any more.
 */
export function holdsTurn(record: PodRecord, stage: Stage, { now, volumes, isInFlight }: TurnContext): boolean {
  const { pod, goneAt } = record;
  if (record.volumes.length === 0) return false;
  if (isInFlight(pod.uid) || stage === "leaving") return true;
  if (goneAt === null || now >= goneAt + DETACH_MS) return false;
  const isReadSince = volumes !== null && volumes.readAt >= goneAt;
  return !isReadSince || isAnyAttached(record.volumes, pod.nodeName, volumes);
}
