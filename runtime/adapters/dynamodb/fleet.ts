import type { FleetEntry, FleetStore, UnconvergedCursor } from "../../ports/index.js";
import {
  dueShard,
  entryAttributes,
  entryOf,
  generationParts,
  REGISTERED,
  unconvergedOrder,
  UNCONVERGED_SHARDS,
  unconvergedShard,
} from "./fleet-entry.js";
import { clusterKey, clusterPartition } from "./keys.js";
import { listRegistry } from "./registry.js";
import type { Table } from "./table.js";
import { EXISTS } from "./write.js";

const PAGE_SIZE = 100;

/** Calls of the port over the DUE item; each writes that one item, on a condition. */
export function fleetCalls(table: Table): Omit<FleetStore, "shards"> {
  return {
    async readEntry(clusterId) {
      const item = await table.get(clusterKey(clusterId, "DUE"));
      return item && entryOf(item);
    },
    async listDue(shard, until, limit) {
      const where = "#dueShard = :shard AND #dueAt <= :until";
      const items = await table.query({ index: "due", where, values: { shard: dueShard(shard), until }, limit });
      return items.map(entryOf);
    },
    async claim({ clusterId, revision }, claim) {
      const answer = await table.update({
        key: clusterKey(clusterId, "DUE"),
        set: entryAttributes(clusterId, claim),
        add: { revision: 1 },
        condition: { text: `${EXISTS.text} AND #revision = :expected`, values: { expected: revision } },
      });
      return answer.kind === "done" ? "claimed" : "lost";
    },
    async settle(clusterId, generation, settlement) {
      const values = generationParts(generation);
      if (values === undefined) return "superseded";
      const answer = await table.update({
        key: clusterKey(clusterId, "DUE"),
        set: entryAttributes(clusterId, settlement),
        add: { revision: 1 },
        condition: { text: "#declarationHash = :declarationHash AND #changes = :changes", values },
      });
      return answer.kind === "done" ? "settled" : "superseded";
    },
    async makeDue(clusterId, at) {
      await table.update({
        key: clusterKey(clusterId, "DUE"),
        set: { dueAt: at },
        add: { revision: 1 },
        condition: { text: `${EXISTS.text} AND #dueAt > :dueAt` },
      });
    },
    listUnconverged: (after, limit = PAGE_SIZE) => listUnconverged(table, after, limit),
    async listEntries(after = "", limit = PAGE_SIZE) {
      const { items } = await listRegistry(table, REGISTERED, clusterPartition(after), limit);
      return items.map(entryOf);
    },
  };
}

/** A page of every shard, of which the first are the page. */
async function listUnconverged(
  table: Table,
  after: UnconvergedCursor | undefined,
  limit: number,
): Promise<readonly FleetEntry[]> {
  // The text of a key may not be empty; "0" comes before all, because every place begins with many digits.
  const from = after === undefined ? "0" : unconvergedOrder(after);
  const where = "#unconvergedShard = :shard AND #unconvergedOrder > :from";
  const pages = await Promise.all(
    Array.from({ length: UNCONVERGED_SHARDS }, (_, shard) =>
      table.query({ index: "unconverged", where, values: { shard: unconvergedShard(shard), from }, limit }),
    ),
  );
  const order = (item: (typeof pages)[number][number]): string => String(item["unconvergedOrder"]);
  return pages
    .flat()
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .slice(0, limit)
    .map(entryOf);
}
