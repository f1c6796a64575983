import assert from "node:assert/strict";

/** What a twin has at once and a real server takes time for. */
export type Awaitable<T> = T | Promise<T>;

/** Waiting on whatever clock the subject has: virtual for the twins, the wall's for real servers. */
export interface Waiter {
  wait(ms: number): Awaitable<void>;
}

const STEP_MS = 250;
const LIMIT_MS = 60_000;

/** Looks again and again until `look` gives something other than undefined or false; fails the test after a minute. */
export async function eventually<T>(
  waiter: Waiter,
  what: string,
  look: () => Promise<T | undefined | false>,
): Promise<T> {
  for (let waitedMs = 0; waitedMs <= LIMIT_MS; waitedMs += STEP_MS) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await waiter.wait(STEP_MS);
  }
  assert.fail(`never happened: ${what}`);
}
