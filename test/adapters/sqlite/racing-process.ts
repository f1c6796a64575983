/**
 * One of several processes on one state file; started with `fork` and told what to do by messages.
 * Not a test: it answers, the test judges.
 */
import { openSqliteStore } from "../../../runtime/adapters/sqlite/state-store.js";
import type { Lease, StateStore } from "../../../runtime/ports/state-store.js";

/** What the test tells the process. */
export interface RaceOrder {
  readonly file: string;
  readonly operationId: string;
  readonly clusterIds: readonly string[];
}

/** What came of it: the clusters whose lease it won, and those whose cycle it opened with its own snapshot. */
export interface RaceResult {
  readonly leased: readonly string[];
  readonly opened: readonly string[];
}

async function race({ file, operationId, clusterIds }: RaceOrder): Promise<RaceResult> {
  const store = openSqliteStore(file);
  const [leased, opened]: [string[], string[]] = [[], []];
  for (const clusterId of clusterIds) {
    const answer = await store.acquireLease({ clusterId, operationId, now: 0, expiresAt: 60_000 });
    if (answer.kind === "acquired") leased.push(clusterId);
    if (await openShared(store, clusterId)) opened.push(clusterId);
  }
  return { leased, opened };
}

/** All processes carry on one operation here, as after a doubled message: the lease lets both in, the cycle only one. */
async function openShared(store: StateStore, clusterId: string): Promise<boolean> {
  const shared = `${clusterId}-shared`;
  const request = { clusterId: shared, operationId: "op-shared", now: 0, expiresAt: 60_000 };
  const answer = await store.acquireLease(request);
  if (answer.kind === "held") return false;
  const lease: Lease = answer.lease;
  const snapshot = String(process.pid);
  const cycle = { clusterId: shared, cycleId: `cycle-${snapshot}`, openedAt: 0, snapshot, progress: "" };
  return (await store.openCycle(lease, cycle)).kind === "opened";
}

// The listener keeps the process, and its open file, alive until the test kills it or ends.
process.on("message", (order: RaceOrder) => {
  void race(order).then((result) => process.send?.(result));
});
process.send?.("ready");
