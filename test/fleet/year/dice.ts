/** Chance that is the same for the same seed (mulberry32). */
export interface Dice {
  /** A number in [0, 1). */
  readonly next: () => number;
  readonly chance: (share: number) => boolean;
  /** A number in [from, to). */
  readonly between: (from: number, to: number) => number;
}

export function dice(seed: number): Dice {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, chance: (share) => next() < share, between: (from, to) => from + next() * (to - from) };
}
