import type { Clock } from "../../ports/index.js";

/**
 * What will happen in one simulated cluster, in order of instant and then of booking. The twin has no
 * timers: whoever looks first catches up, and every effect runs as of its own instant, so that what is
 * seen does not depend on how often somebody looked.
 */
export interface Agenda {
  /** The instant that is being simulated: an effect's own while it runs, otherwise the last one caught up to. */
  now(): number;
  /** Books `effect` for `delayMs` from the simulated now. */
  after(delayMs: number, effect: () => void): void;
  /** Runs everything that is due at the clock's now. Calling twice is safe; within an effect it does nothing. */
  catchUp(): void;
}

interface Entry {
  readonly at: number;
  readonly effect: () => void;
}

/** An empty agenda under `clock`; `settle` runs after every effect and brings dependent state up to date. */
export function createAgenda(clock: Clock, settle: () => void): Agenda {
  const entries: Entry[] = [];
  let simulatedAt = clock.now();
  let isCatchingUp = false;

  function runNext(until: number): boolean {
    const next = entries[0];
    if (next === undefined || next.at > until) return false;
    entries.shift();
    simulatedAt = Math.max(simulatedAt, next.at);
    next.effect();
    settle();
    return true;
  }

  return {
    now: () => simulatedAt,
    after(delayMs, effect) {
      const at = simulatedAt + delayMs;
      const later = entries.findIndex((entry) => entry.at > at);
      entries.splice(later === -1 ? entries.length : later, 0, { at, effect });
    },
    catchUp() {
      // An effect that changes the cluster comes back here; what is booked later must still wait its turn.
      if (isCatchingUp) return;
      isCatchingUp = true;
      try {
        const until = clock.now();
        while (runNext(until));
        simulatedAt = Math.max(simulatedAt, until);
      } finally {
        isCatchingUp = false;
      }
    },
  };
}
