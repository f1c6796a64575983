import { evaluate, type DesiredState, type Hold, type Schedule } from "../../schedule/index.js";

/** What is wanted of a cluster at an instant, a wake by its lead ahead. */
export interface TimedWish {
  readonly state: DesiredState;
  /** Why, in words for a person. */
  readonly rule: string;
  /** From when people count on it; in the future for a wake that begins ahead; null when the calendar does not tell. */
  readonly sinceAt: number | null;
  /** The next change of this wish; null when none will come. */
  readonly nextAt: number | null;
  /** How far ahead of `sinceAt` it is wanted; 0 unless that is still to come. */
  readonly leadMs: number;
}

/**
 * What is wanted now: what the calendar says, or `running` already when its next wake is no further than `leadMs` away. The
 * next wake counts and not the state that far ahead, so that a window shorter than the lead is not overlooked. Pure.
 */
export function wishAt(schedule: Schedule, hold: Hold | undefined, now: number, leadMs: number): TimedWish {
  const { state, rule, since, next } = evaluate(schedule, now, hold);
  if (state === "running" || next === null || next.at - leadMs > now) {
    return { state, rule, sinceAt: since, nextAt: next?.at ?? null, leadMs: 0 };
  }
  const after = evaluate(schedule, next.at, hold).next;
  const minutes = Math.ceil((next.at - now) / 60_000);
  const reason = `${next.rule}, begun ${minutes} min ahead so that it is usable then`;
  return { state: next.to, rule: reason, sinceAt: next.at, nextAt: after?.at ?? null, leadMs };
}
