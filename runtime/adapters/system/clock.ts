import { setTimeout as timer } from "node:timers/promises";

import type { Clock } from "../../ports/clock.js";

/** Node's timers hold 31 bits; a longer delay would fire at once, so it is slept in slices. */
const MAX_TIMER_MS = 2_147_483_647;

/** The computer's own time. A sleep keeps the process alive until it is over or its signal aborts. */
export function createSystemClock(): Clock {
  return { now: Date.now, sleep };
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let leftMs = ms;
  do {
    await slice(Math.min(leftMs, MAX_TIMER_MS), signal);
    leftMs -= MAX_TIMER_MS;
  } while (leftMs > 0 && signal?.aborted !== true);
}

/** An aborted timer rejects; for this port a cancelled sleep is not an error (safe-cycle 59). */
function slice(ms: number, signal?: AbortSignal): Promise<void> {
  return timer(ms, undefined, signal && { signal }).catch(() => undefined);
}
