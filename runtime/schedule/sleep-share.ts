import { evaluate, transitions } from "./evaluate.js";
import type { Schedule } from "./schedule.js";

/** How much of a stretch of time a schedule gives to sleep. */
export interface SleepShare {
  /** Milliseconds in which the cluster should sleep. */
  readonly sleepingMs: number;
  /** How many times it falls asleep; one that sleeps already when the stretch begins is not counted. */
  readonly sleeps: number;
}

/**
 * The sleep that a schedule wants in `fromAt <= at < toAt` (epoch milliseconds). Shares of stretches that follow each
 * other add up to the share of both. A stretch that ends before it begins has none. Pure.
 */
export function sleepShare(
  schedule: Schedule,
  { fromAt, toAt }: { readonly fromAt: number; readonly toAt: number },
): SleepShare {
  if (toAt <= fromAt) return { sleepingMs: 0, sleeps: 0 };
  const changes = transitions(schedule, fromAt, toAt);
  let sleepingMs = 0;
  let { state } = evaluate(schedule, fromAt);
  let sinceAt = fromAt;
  for (const { at, to } of [...changes, { at: toAt, to: null }]) {
    if (state === "hibernated") sleepingMs += at - sinceAt;
    if (to !== null) state = to;
    sinceAt = at;
  }
  return { sleepingMs, sleeps: changes.filter(({ to }) => to === "hibernated").length };
}
