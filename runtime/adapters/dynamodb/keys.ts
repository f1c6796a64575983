import type { ItemKey } from "./item.js";

/*
 * One item collection per cluster, `C#<account/region/name>`:
 *
 *   META                         declaration, hold, what runs have reached
 *   DUE                          the fleet entry
 *   RUN                          lease, open cycle and its progress
 *   RUN#SNAPSHOT                 the open cycle's snapshot
 *   RETIRED#<retiredAt>#<cycle>  a cycle that is over
 *   REPORT#<finishedAt>#<id>     a report
 *   REPORTID#<id>                that there is one of that id
 *
 * and one item per page of the ledger, `L#<key>` PAGE. Lease and progress lie in one item, so that a checkpoint, by far
 * the most frequent write, is one conditional UpdateItem and no transaction, which costs double. The snapshot lies in
 * another, because a write is charged by the whole item's size.
 */

const CLUSTER_PREFIX = "C#";
const LEDGER_PREFIX = "L#";

/** Wide enough for every epoch millisecond that has this many digits: until the year 33658. */
const INSTANT_DIGITS = 15;

/** The partition of one cluster. */
export function clusterPartition(clusterId: string): string {
  return CLUSTER_PREFIX + clusterId;
}

/** The other way round. */
export function clusterIdOf(pk: string): string {
  return pk.slice(CLUSTER_PREFIX.length);
}

/** A cluster's item that exists once. */
export function clusterKey(clusterId: string, sk: "META" | "DUE" | "RUN" | "RUN#SNAPSHOT"): ItemKey {
  return { pk: clusterPartition(clusterId), sk };
}

/** Text that sorts as the instants do. */
export function sortableInstant(at: number): string {
  return String(Math.max(0, Math.ceil(at))).padStart(INSTANT_DIGITS, "0");
}

/** The partition of a ledger page; of a prefix, what the partitions of its pages begin with. */
export function ledgerPartition(key: string): string {
  return LEDGER_PREFIX + key;
}

/** A ledger page. */
export function ledgerKey(key: string): ItemKey {
  return { pk: ledgerPartition(key), sk: "PAGE" };
}

/** The other way round. */
export function ledgerKeyOf(pk: string): string {
  return pk.slice(LEDGER_PREFIX.length);
}
