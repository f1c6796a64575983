import type { Clock } from "../ports/index.js";

/** Lets one loop sleep until something happens. */
export interface Bell {
  /** Ends the current sleep, or the next one at once when nobody sleeps. */
  ring(): void;
  /** Sleeps `ms`, or until the bell rings. One sleeper at a time. */
  wait(ms: number): Promise<void>;
}

/** A bell on `clock`. */
export function createBell(clock: Clock): Bell {
  let nap = new AbortController();
  return {
    ring: () => {
      nap.abort();
    },
    async wait(ms) {
      await clock.sleep(ms, nap.signal);
      nap = new AbortController();
    },
  };
}
