import type { Fault } from "./fault.js";

/** Waiting and chance, so that tests need neither. */
export interface Patience {
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Something that may have failed because another run holds the stack. */
interface Tried {
  readonly fault?: Fault;
}

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 2_000;

/**
 * Tries again while another run holds the stack: five times in all, after waits that double from 2 s, each between half and
 * the whole of that, so that two who wait do not meet again. Whatever else comes out is final.
 */
export async function whileLocked<T extends Tried>(
  attempt: () => Promise<T>,
  { sleep, random }: Patience,
  tell: (waitMs: number) => void,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const result = await attempt();
    if (result.fault?.code !== "stack-locked" || tries === ATTEMPTS) return result;
    const waitMs = Math.round(FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + random() / 2));
    tell(waitMs);
    await sleep(waitMs);
  }
}
