import type { Clock } from "../../runtime/ports/index.js";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock whose time moves only while everybody sleeps: once all microtasks have run, it jumps to the
 * earliest sleeper, wakes that one alone, and looks again. Half an hour of waiting takes milliseconds,
 * and the order of events is the same every time. Not for code that waits on real I/O in between:
 * virtual time would not wait for it.
 */
export function fakeClock(startAt: number = Date.parse("2026-01-05T19:00:00Z")): Clock {
  let now = startAt;
  const timers = new Set<Timer>();
  let isJumpPending = false;

  function jumpLater(): void {
    if (isJumpPending) return;
    isJumpPending = true;
    setImmediate(jump);
  }

  function jump(): void {
    isJumpPending = false;
    const next = earliest(timers);
    if (next === undefined) return;
    timers.delete(next);
    now = Math.max(now, next.at);
    next.wake();
    jumpLater();
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer: Timer = { at: now + Math.max(0, ms), wake: finish };
      function finish(): void {
        timers.delete(timer);
        signal?.removeEventListener("abort", finish);
        resolve();
      }
      signal?.addEventListener("abort", finish);
      timers.add(timer);
      jumpLater();
    });
  }

  return { now: () => now, sleep };
}

/** Sleepers due at one instant wake in the order in which they lay down. */
function earliest(timers: Iterable<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (first === undefined || timer.at < first.at) first = timer;
  return first;
}
