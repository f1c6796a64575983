import type { CycleRecord, FencedAnswer, Lease, RetiredCycle } from "../../ports/state-store.js";
import { numberOf, textOf, type Item, type ItemKey } from "./item.js";
import { clusterKey, clusterPartition, sortableInstant } from "./keys.js";
import { isOurs } from "./leases.js";
import type { Table } from "./table.js";

/** Enough for two weeks of nights and their days (safe-cycle W24). */
const KEPT_RETIRED_CYCLES = 20;
const PREFIX = "RETIRED#";

/** Newest first. */
export async function listRetired(table: Table, clusterId: string, limit: number): Promise<readonly RetiredCycle[]> {
  return limit <= 0 ? [] : (await table.query({ ...newestFirst(clusterId), limit })).map(retiredOf);
}

/**
 * Moves `open` to the retired ones and drops those beyond the last 20, all or nothing. A cycle of that id that is
 * retired already stays as it is. Calling twice is safe.
 */
export async function retire(
  table: Table,
  lease: Lease,
  { cycleId, retiredAt }: Pick<RetiredCycle, "cycleId" | "retiredAt">,
  open: CycleRecord | undefined,
): Promise<FencedAnswer> {
  const { clusterId } = lease;
  const only = "#pk, #sk, #cycleId";
  const kept = await table.query({ ...newestFirst(clusterId), only, limit: 2 * KEPT_RETIRED_CYCLES });
  const isRetired = kept.some((item) => item["cycleId"] === cycleId);
  if (open?.cycleId !== cycleId) return isRetired ? "saved" : "fenced";
  const item = retiredItem({ ...open, retiredAt });
  const overflow = [...kept.map(keyOf), ...(isRetired ? [] : [item])]
    .sort((a, b) => (a.sk < b.sk ? 1 : -1))
    .slice(KEPT_RETIRED_CYCLES);
  const isKept = !isRetired && !overflow.includes(item);
  const ours = isOurs(lease, " AND #cycleId = :cycleId");
  const answer = await table.transact([
    {
      key: clusterKey(clusterId, "RUN"),
      set: { cycleId: null, openedAt: null, progress: null },
      condition: { ...ours, values: { ...ours.values, cycleId } },
    },
    { remove: clusterKey(clusterId, "RUN#SNAPSHOT") },
    ...(isKept ? [{ item }] : []),
    ...overflow.filter((key) => key !== item).map((key) => ({ remove: key })),
  ]);
  return answer.kind === "done" ? "saved" : "fenced";
}

function newestFirst(clusterId: string) {
  const values = { pk: clusterPartition(clusterId), retired: PREFIX };
  return { where: "#pk = :pk AND begins_with(#sk, :retired)", values, isDescending: true };
}

function keyOf(item: Item): ItemKey {
  return { pk: textOf(item, "pk"), sk: textOf(item, "sk") };
}

function retiredItem(cycle: RetiredCycle): Item & ItemKey {
  const sk = `${PREFIX}${sortableInstant(cycle.retiredAt)}#${cycle.cycleId}`;
  return { pk: clusterPartition(cycle.clusterId), sk, ...cycle };
}

function retiredOf(item: Item): RetiredCycle {
  return {
    clusterId: textOf(item, "clusterId"),
    cycleId: textOf(item, "cycleId"),
    openedAt: numberOf(item, "openedAt"),
    snapshot: textOf(item, "snapshot"),
    progress: textOf(item, "progress"),
    retiredAt: numberOf(item, "retiredAt"),
  };
}
