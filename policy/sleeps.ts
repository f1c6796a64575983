import { transitions, type Schedule } from "../runtime/schedule/index.js";

/** Four weeks hold every weekly window, and the next change of the clocks when it matters. */
export const LOOK_AHEAD_MS = 28 * 86_400_000;

/**
 * The shortest sleep that begins in the next four weeks, in milliseconds; undefined when none begins. One that outlasts
 * them counts as long as it is known to be. Pure.
 */
export function shortestSleepMs(schedule: Schedule, atMs: number): number | undefined {
  const changes = transitions(schedule, atMs, atMs + LOOK_AHEAD_MS);
  const lengths = changes.flatMap(({ at, to }, index) =>
    to === "hibernated" ? [(changes[index + 1]?.at ?? atMs + 2 * LOOK_AHEAD_MS) - at] : [],
  );
  return lengths.length === 0 ? undefined : Math.min(...lengths);
}

/** Remembers what was worked out for a schedule: many clusters share one. */
export function perSchedule<T>(work: (schedule: Schedule) => T): (schedule: Schedule) => T {
  const known = new WeakMap<Schedule, { readonly value: T }>();
  return (schedule) => {
    const entry = known.get(schedule) ?? { value: work(schedule) };
    known.set(schedule, entry);
    return entry.value;
  };
}
