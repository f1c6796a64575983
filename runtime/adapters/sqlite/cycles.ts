import type { DatabaseSync } from "node:sqlite";

import type { CycleRecord, FencedAnswer, Lease, OpenCycleAnswer, RetiredCycle } from "../../ports/state-store.js";
import { transaction } from "./database.js";
import { IS_OURS, leaseValues, prepareIsOurs } from "./leases.js";
import { prepareQuery } from "./query.js";

/** Enough for two weeks of nights and their days (safe-cycle W24). */
const KEPT_RETIRED_CYCLES = 20;

const COLUMNS = "clusterId, cycleId, openedAt, snapshot, progress";

/** Cycle calls of the port. */
export interface CycleCalls {
  read(clusterId: string): CycleRecord | undefined;
  open(lease: Lease, cycle: CycleRecord): OpenCycleAnswer;
  saveProgress(lease: Lease, cycleId: string, progress: string): FencedAnswer;
  retire(lease: Lease, cycleId: string, retiredAt: number): FencedAnswer;
  listRetired(clusterId: string, limit: number): readonly RetiredCycle[];
}

/** The calls over an opened database; every write is on condition that the lease is still ours. */
export function cycleCalls(database: DatabaseSync): CycleCalls {
  const isOurs = prepareIsOurs(database);
  const read = prepareQuery<CycleRecord>(
    database,
    `SELECT ${COLUMNS} FROM clusters WHERE clusterId = :clusterId AND cycleId IS NOT NULL`,
  );
  const open = prepareQuery(database, OPEN);
  const saveProgress = prepareQuery(
    database,
    `UPDATE clusters SET progress = :progress WHERE ${IS_OURS} AND cycleId = :cycleId`,
  );
  const listRetired = prepareQuery<RetiredCycle>(
    database,
    `SELECT ${COLUMNS}, retiredAt FROM retiredCycles WHERE clusterId = :clusterId ORDER BY retiredAt DESC, cycleId DESC LIMIT :limit`,
  );

  const openOnce = (
    lease: Lease,
    { clusterId, cycleId, openedAt, snapshot, progress }: CycleRecord,
  ): OpenCycleAnswer => {
    if (clusterId !== lease.clusterId) return { kind: "fenced" };
    const changed = open.run({ ...leaseValues(lease), cycleId, openedAt, snapshot, progress });
    if (changed === 0 && !isOurs(lease)) return { kind: "fenced" };
    const cycle = read.first({ clusterId });
    if (!cycle) throw new Error(`the cycle of ${clusterId} was neither opened nor open`);
    return { kind: changed > 0 ? "opened" : "exists", cycle };
  };

  return {
    read: (clusterId) => read.first({ clusterId }),
    open: (lease, cycle) => transaction(database, () => openOnce(lease, cycle)),
    saveProgress: (lease, cycleId, progress) =>
      saveProgress.run({ ...leaseValues(lease), cycleId, progress }) > 0 ? "saved" : "fenced",
    retire: prepareRetire(database, isOurs),
    listRetired: (clusterId, limit) => listRetired.all({ clusterId, limit }),
  };
}

function prepareRetire(database: DatabaseSync, isOurs: (lease: Lease) => boolean): CycleCalls["retire"] {
  const copy = prepareQuery(database, COPY);
  const clear = prepareQuery(database, CLEAR);
  const trim = prepareQuery(database, TRIM);
  const retired = prepareQuery(
    database,
    "SELECT 1 FROM retiredCycles WHERE clusterId = :clusterId AND cycleId = :cycleId",
  );
  return (lease, cycleId, retiredAt) =>
    transaction(database, () => {
      const values = { ...leaseValues(lease), cycleId };
      copy.run({ ...values, retiredAt });
      if (clear.run(values) > 0) trim.run({ clusterId: lease.clusterId, kept: KEPT_RETIRED_CYCLES });
      else if (!isOurs(lease) || !retired.first({ clusterId: lease.clusterId, cycleId })) return "fenced";
      return "saved";
    });
}

const OPEN = `
  UPDATE clusters SET cycleId = :cycleId, openedAt = :openedAt, snapshot = :snapshot, progress = :progress
  WHERE ${IS_OURS} AND cycleId IS NULL`;

const COPY = `
  INSERT INTO retiredCycles (${COLUMNS}, retiredAt)
  SELECT ${COLUMNS}, :retiredAt FROM clusters WHERE ${IS_OURS} AND cycleId = :cycleId
  ON CONFLICT (clusterId, cycleId) DO NOTHING`;

const CLEAR = `
  UPDATE clusters SET cycleId = NULL, openedAt = NULL, snapshot = NULL, progress = NULL
  WHERE ${IS_OURS} AND cycleId = :cycleId`;

const TRIM = `
  DELETE FROM retiredCycles WHERE clusterId = :clusterId AND cycleId NOT IN (
    SELECT cycleId FROM retiredCycles WHERE clusterId = :clusterId ORDER BY retiredAt DESC, cycleId DESC LIMIT :kept)`;
