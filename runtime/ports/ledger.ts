/**
 * Small shared documents that many processes change at once, each write on condition of the revision that was read:
 * rates of accounts, circuit breakers. Any I/O fault is `Failure` store-unavailable.
 */
export interface Ledger {
  /** Undefined when there is none. Read consistently. */
  read(key: string): Promise<LedgerPage | undefined>;
  /** Writes if the page still has that revision (null: does not exist yet). The first of two writers wins. */
  write(key: string, body: string, revision: number | null): Promise<"written" | "conflict">;
  /** All pages whose key begins so, in key order. For people's lists. */
  list(prefix: string): Promise<readonly (LedgerPage & { readonly key: string })[]>;
}

export interface LedgerPage {
  /** JSON text; its shape belongs to the room that writes it. */
  readonly body: string;
  readonly revision: number;
}
