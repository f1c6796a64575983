import assert from "node:assert/strict";

import { CLUSTER, CYCLE, OTHER_CLUSTER, retiredIds, take, ZEROS, type StoredData } from "./stored-data.js";

/** What a holder may still write once the lease is not its own. */
export function describeFences(data: StoredData): void {
  describe("fence", () => {
    it("refuses every write of a holder that slept through its lease (S50)", async () => {
      const sleeper = await take(data.store, "op-a");
      await data.store.openCycle(sleeper, CYCLE);
      await data.store.saveReached(sleeper, { body: "by a" });

      const successor = data.open();
      await take(successor, "op-b", 60_000);

      assert.equal(await data.store.saveProgress(sleeper, "cycle-1", '"late"'), "fenced");
      assert.equal(await data.store.saveReached(sleeper, { body: "late" }), "fenced");
      assert.equal(await data.store.retireCycle(sleeper, "cycle-1", 61_000), "fenced");
      assert.deepEqual(await data.store.openCycle(sleeper, ZEROS), { kind: "fenced" });
      assert.deepEqual(await successor.readCycle(CLUSTER), CYCLE);
      assert.equal((await successor.readCluster(CLUSTER))?.reached, "by a");
      assert.deepEqual(await retiredIds(successor), []);
    });

    it("refuses to open a first cycle after a takeover", async () => {
      const sleeper = await take(data.store, "op-a");
      await take(data.open(), "op-b", 60_000);
      assert.deepEqual(await data.store.openCycle(sleeper, CYCLE), { kind: "fenced" });
      assert.equal(await data.store.readCycle(CLUSTER), undefined);
    });

    it("refuses writes after a release, until the operation has the lease again", async () => {
      const released = await take(data.store, "op-a");
      await data.store.openCycle(released, CYCLE);
      await data.store.releaseLease(released);
      assert.equal(await data.store.saveProgress(released, "cycle-1", "1"), "fenced");
      const again = await take(data.store, "op-a");
      assert.equal(await data.store.saveProgress(released, "cycle-1", "1"), "fenced");
      assert.equal(await data.store.saveProgress(again, "cycle-1", "2"), "saved");
    });

    it("accepts writes on an expired lease that nobody took: the fence decides, not a clock", async () => {
      const lease = await data.store.acquireLease({ clusterId: CLUSTER, operationId: "op-a", now: 0, expiresAt: 1 });
      assert.equal(lease.kind, "acquired");
      assert.equal(await data.store.saveReached(lease.lease, { body: "ours" }), "saved");
    });

    it("refuses a cycle of another cluster than the lease's", async () => {
      const here = await take(data.store, "op-a");
      await take(data.store, "op-a", 0, OTHER_CLUSTER);
      assert.deepEqual(await data.store.openCycle(here, { ...CYCLE, clusterId: OTHER_CLUSTER }), { kind: "fenced" });
      assert.equal(await data.store.readCycle(OTHER_CLUSTER), undefined);
    });
  });
}
