import type { Ledger, LedgerPage } from "../../ports/index.js";
import { numberOf, textOf, type Item } from "./item.js";
import { ledgerKey, ledgerKeyOf, ledgerPartition } from "./keys.js";
import { listRegistered } from "./registry.js";
import type { Table } from "./table.js";
import { IS_NEW } from "./write.js";

/** Marks the pages in the registry. */
const PAGES = "ledger";

/** Calls of the port; every page has a partition of its own, so that a busy account slows down no other. */
export function ledgerCalls(table: Table): Ledger {
  return {
    async read(key) {
      const item = await table.get(ledgerKey(key));
      return item && pageOf(item);
    },
    async write(key, body, revision) {
      const condition = revision === null ? IS_NEW : { text: "#revision = :expected", values: { expected: revision } };
      const set = { registry: PAGES, body, revision: (revision ?? 0) + 1 };
      const answer = await table.update({ key: ledgerKey(key), set, condition });
      return answer.kind === "done" ? "written" : "conflict";
    },
    async list(prefix) {
      const items = await listRegistered(table, PAGES, ledgerPartition(prefix));
      return items.map((item) => ({ key: ledgerKeyOf(textOf(item, "pk")), ...pageOf(item) }));
    },
  };
}

function pageOf(item: Item): LedgerPage {
  return { body: textOf(item, "body"), revision: numberOf(item, "revision") };
}
