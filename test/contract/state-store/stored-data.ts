import assert from "node:assert/strict";

import type { CycleRecord, Lease, StateStore } from "../../../runtime/ports/state-store.js";

/** The stored data of one test, empty at its start. */
export interface StoredData {
  /** The handle in use. */
  readonly store: StateStore;
  /** Another handle on the same data, as a second process would have. */
  open(): StateStore;
  /** Closes the handle in use and goes on with a new one. */
  reopen(): Promise<void>;
}

/** The cluster of most tests. */
export const CLUSTER = "222222222222/eu-west-1/payments-dev";
/** A second one, which must stay untouched by what happens to the first. */
export const OTHER_CLUSTER = "222222222222/eu-west-1/search-dev";

/** A cycle with a good snapshot. */
export const CYCLE: CycleRecord = {
  clusterId: CLUSTER,
  cycleId: "cycle-1",
  openedAt: 1_000,
  snapshot: '{"groups":[{"id":"managed/web","desired":3}]}',
  progress: '{"done":[]}',
};
/** What a second hibernation of the sleeping cluster would save if it were let (S27). */
export const ZEROS: CycleRecord = {
  ...CYCLE,
  cycleId: "cycle-zeros",
  snapshot: '{"groups":[{"id":"managed/web","desired":0}]}',
};

/** Takes the lease at 0 until 60,000 unless told; fails the test when it is held. */
export async function take(store: StateStore, operationId: string, now = 0, clusterId = CLUSTER): Promise<Lease> {
  const answer = await store.acquireLease({ clusterId, operationId, now, expiresAt: now + 60_000 });
  assert.equal(answer.kind, "acquired");
  return answer.lease;
}

/** Opens and retires one cycle. */
export async function passCycle(store: StateStore, lease: Lease, cycleId: string, retiredAt: number): Promise<void> {
  await store.openCycle(lease, { ...CYCLE, cycleId });
  assert.equal(await store.retireCycle(lease, cycleId, retiredAt), "saved");
}

/** Ids of the retired cycles, in the order listed. */
export async function retiredIds(store: StateStore, limit = 100): Promise<readonly string[]> {
  return (await store.listRetiredCycles(CLUSTER, limit)).map(({ cycleId }) => cycleId);
}
