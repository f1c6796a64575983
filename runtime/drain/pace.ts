/** How many requests may start, and when the next ones may. Instants are epoch ms. */
export interface Pace {
  /** Requests that may start now; 0 while paused. */
  available(now: number): number;
  /** Notes that `count` requests start now. */
  take(now: number, count: number): void;
  /** The earliest instant at which one more may start. */
  nextAt(now: number): number;
  /** The API server protects itself: pause everything, then go on at half the rate (safe-cycle 32). */
  throttle(now: number, retryAfterMs: number | null): void;
}

/** Requests may bunch within this span, so that coarse timers cost no throughput. */
const BUNCH_MS = 100;
const DEFAULT_PAUSE_MS = 1000;
/** Share of the full rate that comes back per second after a throttling. */
const RECOVERY_PER_SECOND = 0.02;

/**
 * A pace of `perSecond` on average: a late start does not push back the ones after it, so the rate holds
 * over any length of time. Calls must come with instants that do not go back.
 */
export function createPace(perSecond: number): Pace {
  const slowest = Math.min(1, perSecond);
  let rate = perSecond;
  let recoveredAt = 0;
  let pausedUntil = 0;
  /** When the requests noted so far will have used up their share of time. */
  let spentUntil = 0;

  function recover(now: number): void {
    if (rate < perSecond) {
      const seconds = Math.max(0, now - Math.max(recoveredAt, pausedUntil)) / 1000;
      rate = Math.min(perSecond, rate + perSecond * RECOVERY_PER_SECOND * seconds);
    }
    recoveredAt = now;
  }

  function available(now: number): number {
    if (now < pausedUntil) return 0;
    recover(now);
    const aheadMs = Math.max(0, spentUntil - now);
    return aheadMs > BUNCH_MS ? 0 : Math.floor((BUNCH_MS - aheadMs) / (1000 / rate) + 1e-6) + 1;
  }

  return {
    available,
    take(now, count) {
      spentUntil = Math.max(spentUntil, now) + (count * 1000) / rate;
    },
    nextAt(now) {
      if (available(now) > 0) return now;
      return Math.max(pausedUntil, spentUntil - BUNCH_MS);
    },
    throttle(now, retryAfterMs) {
      // Many requests in flight meet one throttling: it halves the rate once.
      if (now >= pausedUntil) rate = Math.max(slowest, rate / 2);
      pausedUntil = Math.max(pausedUntil, now + (retryAfterMs ?? DEFAULT_PAUSE_MS));
    },
  };
}
