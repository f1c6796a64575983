import type { Ledger, LedgerPage } from "../../ports/index.js";

/** Pages by their keys. */
export type LedgerPages = Map<string, LedgerPage>;

/** The port's calls, each at once and whole. */
export interface LedgerCalls {
  read(key: string): LedgerPage | undefined;
  write(...[key, body, revision]: Parameters<Ledger["write"]>): "written" | "conflict";
  list(prefix: string): Awaited<ReturnType<Ledger["list"]>>;
}

/** The calls over `pages`. */
export function ledgerCalls(pages: LedgerPages): LedgerCalls {
  return {
    read: (key) => pages.get(key),
    write(key, body, revision) {
      if ((pages.get(key)?.revision ?? null) !== revision) return "conflict";
      pages.set(key, Object.freeze({ body, revision: (revision ?? 0) + 1 }));
      return "written";
    },
    list: (prefix) =>
      [...pages]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, page]) => ({ key, ...page })),
  };
}
