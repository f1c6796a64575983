import type { ClusterRecord, Lease, StateStore } from "../../ports/state-store.js";
import { entryAfresh, newEntry } from "./fleet-entry.js";
import { digest } from "./digest.js";
import { textOrNull, type Item, type Value } from "./item.js";
import { clusterIdOf, clusterKey, clusterPartition } from "./keys.js";
import { isOurs } from "./leases.js";
import { listRegistry } from "./registry.js";
import type { Table } from "./table.js";
import { EXISTS, IS_NEW, type Condition } from "./write.js";

const PAGE_SIZE = 100;
/** Marks the META items in the registry. */
const KNOWN = "clusters";
/** How often a hold looks whether the cluster has been registered, or removed, meanwhile. */
const MAX_LOOKS = 10;

/** Cluster and hold calls of the port. */
export type ClusterCalls = Pick<
  StateStore,
  "readCluster" | "registerCluster" | "removeCluster" | "saveReached" | "listClusters" | "putHold" | "removeHold"
>;

/** Calls over the META item; what concerns the fleet changes the DUE item in the same transaction. */
export function clusterCalls(table: Table, shards: number): ClusterCalls {
  const noteHold = (clusterId: string, hold: string | null): Promise<void> => changeHold(table, clusterId, hold);
  return {
    async readCluster(clusterId) {
      const item = await table.get(clusterKey(clusterId, "META"));
      return item && knownCluster(item);
    },
    async registerCluster({ clusterId, declaration, registeredAt }) {
      const declarationHash = digest(declaration).toString("base64url");
      // A declaration that is in force already is refused by the entry's condition, and nothing is left to do.
      await table.transact([
        { key: clusterKey(clusterId, "META"), set: { registry: KNOWN, declaration, registeredAt } },
        newEntry(clusterId, shards, declarationHash),
      ]);
    },
    async removeCluster(clusterId) {
      await table.transact([{ remove: clusterKey(clusterId, "META") }, { remove: clusterKey(clusterId, "DUE") }]);
    },
    async saveReached(lease, { body }) {
      const answer = await table.transact(reachedWrites(lease, body));
      return answer.kind === "done" ? "saved" : "fenced";
    },
    listClusters: (after, limit = PAGE_SIZE) => list(table, after, limit),
    putHold: (clusterId, hold) => noteHold(clusterId, hold),
    removeHold: (clusterId) => noteHold(clusterId, null),
  };
}

function reachedWrites(lease: Lease, reached: string) {
  const { clusterId } = lease;
  return [
    { key: clusterKey(clusterId, "META"), set: { registry: KNOWN, reached } },
    { check: clusterKey(clusterId, "RUN"), condition: isOurs(lease) },
  ];
}

/** A hold needs no registration, so the entry is either changed with it or proven absent. */
async function changeHold(table: Table, clusterId: string, hold: string | null): Promise<void> {
  const set: Record<string, Value | null> = hold === null ? { hold } : { registry: KNOWN, hold };
  const meta = { key: clusterKey(clusterId, "META"), set, condition: isChange(hold) };
  const due = clusterKey(clusterId, "DUE");
  for (let look = 1; look <= MAX_LOOKS; look++) {
    const registered = await table.transact([meta, { ...entryAfresh(clusterId), condition: EXISTS }]);
    if (registered.kind === "done" || registered.refused.has(0)) return;
    const unregistered = await table.transact([meta, { check: due, condition: IS_NEW }]);
    if (unregistered.kind === "done" || unregistered.refused.has(0)) return;
  }
  throw new Error(`${clusterId} was registered and removed ${MAX_LOOKS} times while its hold was changed`);
}

function isChange(hold: string | null): Condition {
  return { text: hold === null ? "attribute_exists(#hold)" : "attribute_not_exists(#hold) OR #hold <> :hold" };
}

/** Some in the registry may be forgotten or let go of by now: goes on until the page is full. */
async function list(table: Table, after: string | undefined, limit: number): Promise<readonly ClusterRecord[]> {
  const records: ClusterRecord[] = [];
  let from = clusterPartition(after ?? "");
  while (records.length < limit) {
    const wanted = limit - records.length;
    const { items, last } = await listRegistry(table, KNOWN, from, wanted);
    records.push(...items.flatMap((item) => knownCluster(item) ?? []));
    if (last === undefined) break;
    from = last;
  }
  return records;
}

/** Undefined of an item in which nothing is left: nothing is known of such a cluster. */
function knownCluster(item: Item): ClusterRecord | undefined {
  const declaration = textOrNull(item, "declaration");
  const reached = textOrNull(item, "reached");
  const hold = textOrNull(item, "hold");
  if (declaration === null && reached === null && hold === null) return undefined;
  return { clusterId: clusterIdOf(String(item["pk"])), declaration, reached, hold };
}
