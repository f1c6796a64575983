import type { FleetEntry, Settlement } from "../../ports/index.js";
import { nextDue } from "../planner/next-due.js";
import { missedAt } from "../planner/outlook.js";
import type { Rhythm } from "../planner/rhythm.js";
import type { TimedWish } from "./wish.js";

/** One look at a cluster: what the table said of it when the work began, and what is wanted at `now`. */
export interface Look {
  readonly entry: FleetEntry;
  readonly wish: TimedWish;
  readonly now: number;
  readonly rhythm: Rhythm;
}

/** Whether the wish is still the one that the table's attempts were made for. */
function isSameWish({ wanted, transitionAt }: FleetEntry, { state, nextAt }: TimedWish): boolean {
  return wanted === state && transitionAt === nextAt;
}

/** Attempts on this very wish so far. */
export function attemptsBefore({ entry, wish }: Pick<Look, "entry" | "wish">): number {
  return isSameWish(entry, wish) ? entry.attempts : 0;
}

/** What is known of a cluster in the state wanted: due when the next thing is planned. */
export function settledAs(look: Look): Settlement {
  return withDue({ ...foreseen(look), unconvergedSince: null, attempts: 0, lastCode: null }, look);
}

/** What is known of one that is not there (yet): due at `retryAt` or at whatever is planned before. */
export function unsettledAs(
  look: Look,
  end: Pick<Settlement, "attempts" | "lastCode">,
  retryAt: number | null,
): Settlement {
  return withDue({ ...foreseen(look), ...end, unconvergedSince: unconvergedSince(look) }, look, retryAt);
}

/**
 * What is known while a worker holds the lease until `expiresAt`: due then, or when people have to be told that its target is
 * missed. Changes of the calendar wait, for the worker looks at it once more at its end.
 */
export function heldAs(look: Look, expiresAt: number): Settlement {
  const unchanged = unchangedAs(look, expiresAt);
  const missed = missedAt(unchanged, look.rhythm);
  return { ...unchanged, dueAt: missed !== null && missed > look.now ? Math.min(missed, expiresAt) : expiresAt };
}

/** What stays known while nothing was found out: due at `retryAt` or at whatever is planned before. */
export function unchangedAs(look: Look, retryAt: number): Settlement {
  const { entry } = look;
  const lastCode = attemptsBefore(look) > 0 ? entry.lastCode : null;
  const since = isSameWish(entry, look.wish) ? entry.unconvergedSince : unconvergedSince(look);
  return withDue(
    { ...foreseen(look), attempts: attemptsBefore(look), lastCode, unconvergedSince: since },
    look,
    retryAt,
  );
}

/** A lead that is not acted on yet stays, for the planner works it out once for the whole wave. */
function foreseen({ entry, wish }: Look): Pick<Settlement, "wanted" | "transitionAt" | "leadMs"> {
  const isStillAhead = wish.state === "hibernated" && entry.transitionAt === wish.nextAt;
  return { wanted: wish.state, transitionAt: wish.nextAt, leadMs: isStillAhead ? entry.leadMs : wish.leadMs };
}

/** Since when it is not where it should be; not earlier than this has been wanted. */
function unconvergedSince({ entry, wish, now }: Look): number {
  const since = entry.unconvergedSince ?? now;
  return isSameWish(entry, wish) ? since : Math.max(since, wish.sinceAt ?? since);
}

function withDue(
  known: Omit<Settlement, "dueAt">,
  { entry, now, rhythm }: Look,
  retryAt: number | null = null,
): Settlement {
  return { ...known, dueAt: nextDue({ ...known, clusterId: entry.clusterId }, now, rhythm, retryAt) };
}
