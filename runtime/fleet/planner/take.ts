import type { Claim, FleetEntry } from "../../ports/index.js";
import { missedAt, wakeAt, weighAt, type Outlook } from "./outlook.js";
import { nextDue } from "./next-due.js";
import type { Rhythm } from "./rhythm.js";
import { whyDue, type DueReason } from "./why-due.js";

/** The longest delay of a message, in seconds (SQS). */
const LONGEST_DELAY_SECONDS = 900;

/** What a planner does with one due cluster. */
export interface Take {
  readonly entry: FleetEntry;
  readonly claim: Claim;
  /** Null: no message now; it is due again when it should begin. */
  readonly delaySeconds: number | null;
  /** Its target is missed, and nobody has said so yet. */
  readonly hasMissed: boolean;
}

/** When a cluster may begin, and how far ahead its wake does. */
export interface Turn {
  readonly delayMs: number;
  readonly leadMs: number;
}

/**
 * Whether a due cluster only has to be given its lead now, to begin later. A wake of which a worker has to hear at once
 * for another reason is not put off.
 */
export function isEarly(entry: FleetEntry, leadMs: number, now: number, rhythm: Rhythm): boolean {
  const at = wakeAt(entry);
  return at !== null && whyDue(entry, now, rhythm) === "weigh" && at - leadMs > now;
}

/**
 * What to write and send for a due cluster. Pure. The claim makes it due again soon in case no worker shows a sign of life
 * ({@link retryMs}); a recheck simply waits for the next one.
 */
export function decideTake(entry: FleetEntry, { delayMs, leadMs }: Turn, now: number, rhythm: Rhythm): Take {
  const hasLead = isNear(entry, now, rhythm);
  const known: Outlook = hasLead ? { ...entry, leadMs } : entry;
  if (isEarly(entry, leadMs, now, rhythm)) {
    return { entry, claim: { dueAt: nextDue(known, now, rhythm), leadMs }, delaySeconds: null, hasMissed: false };
  }
  const reason = whyDue({ ...entry, ...known }, now, rhythm);
  const after = outlookAfter(known, reason, now);
  const isTooLong = delayMs >= (LONGEST_DELAY_SECONDS + 1) * 1000;
  const retryAt = now + delayMs + (isTooLong ? 0 : retryMs(after.unconvergedSince, now, rhythm));
  const missed = missedAt(after, rhythm);
  return {
    entry,
    claim: {
      dueAt: nextDue(after, now, rhythm, reason === "recheck" && !isTooLong ? null : retryAt),
      unconvergedSince: after.unconvergedSince,
      ...(hasLead ? { leadMs } : {}),
    },
    delaySeconds: isTooLong ? null : Math.floor(delayMs / 1000),
    hasMissed: missed !== null && entry.dueAt <= missed && missed <= now,
  };
}

/**
 * How long a message is waited for until it counts as lost: one tick, then as long as the cluster has been waiting, so
 * that the pauses double; never longer than `retryAfterSeconds`. A message that was only slow is then there twice, which
 * does no harm: whoever comes second finds the lease held, or the work done.
 */
export function retryMs(unconvergedSince: number | null, now: number, rhythm: Rhythm): number {
  const waitedMs = unconvergedSince === null ? 0 : now - unconvergedSince;
  return Math.min(Math.max(waitedMs, rhythm.tickSeconds * 1000), rhythm.retryAfterSeconds * 1000);
}

/** Within the horizon of a wake whose lead is not known yet. */
function isNear(entry: FleetEntry, now: number, rhythm: Rhythm): boolean {
  const at = weighAt(entry, rhythm);
  return at !== null && at <= now;
}

/** A change that is due is behind us: what comes after it only a worker can tell, who reads the calendar. */
function outlookAfter(known: Outlook, reason: DueReason, now: number): Outlook {
  switch (reason) {
    case "change":
      return { ...known, transitionAt: null, unconvergedSince: known.transitionAt };
    case "asked":
      return { ...known, unconvergedSince: now };
    case "weigh":
    case "recheck":
    case "unconverged":
      return known;
  }
}
