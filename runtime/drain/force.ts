import { forceAt, forceGraceSeconds, shortenedGraceSeconds } from "./deadline.js";
import type { PodRecord, Stage } from "./record.js";
import type { DrainSettings } from "./settings.js";

/** The instants and settings by which force goes. */
export interface ForceContext {
  readonly settings: DrainSettings;
  readonly deadlineAt: number;
  readonly now: number;
}

/** Whether the pod is past the point from which it is deleted and no longer evicted (safe-cycle 60). */
export function isPastForce({ pod }: PodRecord, { settings, deadlineAt, now }: ForceContext): boolean {
  return settings.policy === "force-at-deadline" && now >= forceAt(pod, deadlineAt, settings);
}

/**
 * The grace with which to delete the pod now, past budgets and marks; null when it is not to be forced (yet).
 * Tiers do not count here (safe-cycle 43). A looping controller's pods are not forced: the next would come at once.
 */
export function forcedGraceSeconds(record: PodRecord, stage: Stage, context: ForceContext): number | null {
  const { settings, deadlineAt, now } = context;
  if (settings.policy !== "force-at-deadline") return null;
  if (stage === "leaving" || stage === "stuck") return shortenedGraceSeconds(record.pod, deadlineAt, now);
  const isStanding = stage === "untried" || stage === "held" || stage === "waiting";
  return isStanding && isPastForce(record, context) ? forceGraceSeconds(record.pod, deadlineAt, now) : null;
}
