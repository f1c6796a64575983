import { Failure, type Clock, type Ledger, type Random } from "../ports/index.js";

/** What amending a page needs from outside. */
export interface LedgerPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
}

/** What becomes of a page: its new body (null: it stays as it is), and what the caller wants to know of it. */
export interface Amendment<T> {
  readonly body: string | null;
  readonly result: T;
}

const MAX_TRIES = 30;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;

/**
 * Changes a page of the ledger by compare-and-swap: of several writers at once one always gets through, the others look
 * again after a moment of chance. `change` is pure, for it may be called several times. Throws `Failure` store-unavailable.
 */
export async function amendPage<T>(
  key: string,
  change: (body: string | null) => Amendment<T>,
  { ledger, clock, random }: LedgerPorts,
): Promise<T> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const page = await ledger.read(key);
    const { body, result } = change(page?.body ?? null);
    if (body === null) return result;
    if ((await ledger.write(key, body, page?.revision ?? null)) === "written") return result;
    await clock.sleep(random.next() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries));
  }
  throw new Failure({
    code: "store-unavailable",
    message: `Others changed the ledger's page ${key} ${MAX_TRIES} times in a row.`,
    remedy: "Run again; if it stays so, look for a process that writes this page in a loop.",
  });
}
