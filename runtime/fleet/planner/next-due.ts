import { changeAt, missedAt, weighAt, type Outlook } from "./outlook.js";
import { recheckAfter } from "./recheck.js";
import type { Rhythm } from "./rhythm.js";

/**
 * When a cluster is due next: at its next change of state (a wake by its lead ahead, or at the instant at which the lead
 * is worked out), at the instant at which its target counts as missed, at its recheck, or at `retryAt`, whichever is
 * first. Never before `now`: what should have been before is due at once.
 */
export function nextDue(outlook: Outlook, now: number, rhythm: Rhythm, retryAt: number | null = null): number {
  const missed = missedAt(outlook, rhythm);
  const instants = [
    recheckAfter(outlook.clusterId, now, rhythm),
    weighAt(outlook, rhythm) ?? changeAt(outlook),
    // A target that was missed already has been told of.
    missed !== null && missed > now ? missed : null,
    retryAt,
  ];
  return Math.max(now, Math.min(...instants.filter((at) => at !== null)));
}
