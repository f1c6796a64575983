const FIRST_MS = 2000;
const LONGEST_MS = 10_000;
const JITTER = 0.2;

/**
 * How long to wait after the `refusals`-th refusal in a row (from 1): 2 s, doubled up to 10 s, give or take
 * 20 % (safe-cycle 30). `chance` in [0, 1) places it within the jitter.
 */
export function backoffMs(refusals: number, chance: number): number {
  const plain = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, refusals - 1));
  return plain * (1 - JITTER + 2 * JITTER * chance);
}
