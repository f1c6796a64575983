import { setTimeout as sleep } from "node:timers/promises";

import { Failure } from "../../ports/failure.js";
import type { CycleRecord, Lease, OpenCycleAnswer, StateStore } from "../../ports/state-store.js";
import { numberOf, textOf, textOrNull, type Item } from "./item.js";
import { clusterKey, clusterPartition } from "./keys.js";
import { isHeldBy, isOurs } from "./leases.js";
import { listRetired, retire } from "./retired-cycles.js";
import type { Table } from "./table.js";
import { IS_NEW } from "./write.js";

/** A transaction that is under way may be seen in one item and not yet in the other, for some milliseconds. */
const MAX_LOOKS = 10;
const LOOK_AGAIN_MS = 50;

/** Cycle calls of the port. */
export type CycleCalls = Pick<
  StateStore,
  "readCycle" | "openCycle" | "saveProgress" | "retireCycle" | "listRetiredCycles"
>;

/** Calls of the port over the RUN, RUN#SNAPSHOT and RETIRED# items. */
export function cycleCalls(table: Table): CycleCalls {
  return {
    readCycle: async (clusterId) => (await readRun(table, clusterId)).cycle,
    openCycle: (lease, cycle) => open(table, lease, cycle),
    async saveProgress(lease, cycleId, progress) {
      const ours = isOurs(lease, " AND #cycleId = :cycleId");
      const condition = { ...ours, values: { ...ours.values, cycleId } };
      const answer = await table.update({ key: clusterKey(lease.clusterId, "RUN"), set: { progress }, condition });
      return answer.kind === "done" ? "saved" : "fenced";
    },
    async retireCycle(lease, cycleId, retiredAt) {
      const { run, cycle } = await readRun(table, lease.clusterId);
      return isHeldBy(run, lease) ? retire(table, lease, { cycleId, retiredAt }, cycle) : "fenced";
    },
    listRetiredCycles: (clusterId, limit) => listRetired(table, clusterId, limit),
  };
}

/** The RUN item, and the open cycle made of it and its snapshot, in one request. */
async function readRun(
  table: Table,
  clusterId: string,
): Promise<{ readonly run: Item | undefined; readonly cycle: CycleRecord | undefined }> {
  for (let look = 1; look <= MAX_LOOKS; look++) {
    const [run, snapshot] = await table.query({
      where: "#pk = :pk AND begins_with(#sk, :run)",
      values: { pk: clusterPartition(clusterId), run: "RUN" },
      limit: 2,
    });
    const cycleId = run === undefined ? null : textOrNull(run, "cycleId");
    if (run === undefined || cycleId === null) return { run, cycle: undefined };
    if (snapshot?.["cycleId"] === cycleId) return { run, cycle: cycleOf(clusterId, run, snapshot) };
    await sleep(LOOK_AGAIN_MS);
  }
  throw new Failure({
    code: "snapshot-missing",
    message: `The table holds an open cycle of ${clusterId}, but not its snapshot.`,
    remedy: "Look for who deleted RUN#SNAPSHOT, and bring it back from the table's point-in-time recovery.",
  });
}

function cycleOf(clusterId: string, run: Item, snapshot: Item): CycleRecord {
  return {
    clusterId,
    cycleId: textOf(run, "cycleId"),
    openedAt: numberOf(run, "openedAt"),
    snapshot: textOf(snapshot, "snapshot"),
    progress: textOf(run, "progress"),
  };
}

/** Both conditions guard the snapshot: no cycle open, and none written (safe-cycle H4). */
async function open(table: Table, lease: Lease, cycle: CycleRecord): Promise<OpenCycleAnswer> {
  const { clusterId, cycleId, openedAt, snapshot, progress } = cycle;
  if (clusterId !== lease.clusterId) return { kind: "fenced" };
  const answer = await table.transact([
    {
      key: clusterKey(clusterId, "RUN"),
      set: { cycleId, openedAt, progress },
      condition: isOurs(lease, " AND attribute_not_exists(#cycleId)"),
    },
    { item: { ...clusterKey(clusterId, "RUN#SNAPSHOT"), cycleId, snapshot }, condition: IS_NEW },
  ]);
  if (answer.kind === "done") return { kind: "opened", cycle: { ...cycle } };
  const { run, cycle: known } = await readRun(table, clusterId);
  return known !== undefined && isHeldBy(run, lease) ? { kind: "exists", cycle: known } : { kind: "fenced" };
}
