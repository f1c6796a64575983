interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A bucket of AWS: of a fixed rate, which it does not tell. */
export interface TokenBucket {
  /** Whether a call is let through now. */
  take(now: number): boolean;
  /** For those who wait in line: how long `count` tokens take from now; they are taken. */
  wait(now: number, count: number): number;
}

export function createTokenBucket({ perSecond, burst }: Rate): TokenBucket {
  let tokens: number = burst;
  let at = Number.NEGATIVE_INFINITY;

  function refill(now: number): void {
    tokens = at === Number.NEGATIVE_INFINITY ? burst : Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    at = now;
  }

  return {
    take(now) {
      refill(now);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    wait(now, count) {
      refill(now);
      tokens -= count;
      return Math.max(0, (-tokens / perSecond) * 1000);
    },
  };
}
