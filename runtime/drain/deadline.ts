import type { PodFacts } from "../ports/index.js";

import type { DrainSettings } from "./settings.js";

/** Beyond a pod's own grace, for the kubelet to stop it and say so (safe-cycle 49). */
export const HEADROOM_MS = 30_000;

/** Scaling owners starts this share of the whole time-out earlier than the pods' grace demands, {@link HEADROOM_MS} at most. */
const SCALE_HEADROOM_SHARE = 0.1;

/** The instant (epoch ms) by which the drain and its policy must be over; follows from persisted facts alone (safe-cycle 57). */
export function drainDeadlineAt(startedAt: number, settings: DrainSettings): number {
  return startedAt + settings.timeoutSeconds * 1000;
}

/** How long a pod's own grace is honoured, in ms (safe-cycle 49). */
export function graceBoundMs(pod: PodFacts, settings: DrainSettings): number {
  return Math.min(pod.graceSeconds, settings.podDeletionCapSeconds) * 1000;
}

/** When force begins for a pod: early enough that it gets its grace inside the deadline (safe-cycle 60). */
export function forceAt(pod: PodFacts, deadlineAt: number, settings: DrainSettings): number {
  return deadlineAt - graceBoundMs(pod, settings);
}

/** The grace of a forced deletion: what is left until the deadline, never more than the pod's own, never 0 (safe-cycle 61). */
export function forceGraceSeconds(pod: PodFacts, deadlineAt: number, now: number): number {
  const remainingSeconds = Math.floor((deadlineAt - now) / 1000);
  return Math.max(1, Math.min(pod.graceSeconds, remainingSeconds));
}

/**
 * The grace that brings a terminating pod back inside the deadline, or null when it is inside already.
 * The new end always lies before the old one: a deadline only ever tightens (safe-cycle 62, 63).
 */
export function shortenedGraceSeconds(pod: PodFacts, deadlineAt: number, now: number): number | null {
  // The server keeps deletion instants in whole seconds.
  if (pod.deletionAt === null || pod.deletionAt <= deadlineAt + 1000) return null;
  const graceSeconds = Math.max(1, Math.floor((deadlineAt - now) / 1000));
  return now + graceSeconds * 1000 < pod.deletionAt ? graceSeconds : null;
}

/** When a terminating pod counts as stuck: `deletionAt` is its deadline, not its start (safe-cycle 11, 49). */
export function stuckAt(deletionAt: number | null, terminatingSinceAt: number, settings: DrainSettings): number {
  const capAt = terminatingSinceAt + settings.podDeletionCapSeconds * 1000;
  return Math.min(deletionAt ?? capAt, capAt) + HEADROOM_MS;
}

/** When owners of held pods are scaled to 0, so that the longest grace among them still fits (safe-cycle H22). */
export function scaleOwnersAt(held: readonly PodFacts[], deadlineAt: number, settings: DrainSettings): number {
  const longestMs = held.reduce((longest, pod) => Math.max(longest, graceBoundMs(pod, settings)), 0);
  const headroomMs = Math.min(HEADROOM_MS, settings.timeoutSeconds * 1000 * SCALE_HEADROOM_SHARE);
  return deadlineAt - longestMs - headroomMs;
}
