import { randomBytes } from "node:crypto";

import type { Random } from "../../ports/clock.js";

/** Nine base-36 digits hold epoch milliseconds for the next three thousand years. */
const TICK_DIGITS = 9;

/**
 * Randomness from the computer. `id()` is 25 characters of 0-9a-z: a millisecond tick, then 64 random bits.
 *
 * Every id takes a tick of its own, later than the one before: ids sort by creation even within one millisecond
 * and after the clock was set back. A burst runs ahead of the clock a little, so an id is no timestamp.
 *
 * @param now epoch milliseconds; the computer's clock unless told.
 */
export function createSystemRandom(now: () => number = Date.now): Random {
  let lastTick = 0;
  return {
    next: Math.random,
    id: () => {
      lastTick = Math.max(now(), lastTick + 1);
      return lastTick.toString(36).padStart(TICK_DIGITS, "0") + randomBytes(8).toString("hex");
    },
  };
}
