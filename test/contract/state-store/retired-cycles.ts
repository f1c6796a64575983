import assert from "node:assert/strict";

import type { Lease } from "../../../runtime/ports/state-store.js";
import { CLUSTER, CYCLE, OTHER_CLUSTER, passCycle, retiredIds, take, ZEROS, type StoredData } from "./stored-data.js";

/** Cycles that are over, kept for audit. */
export function describeRetiredCycles(data: StoredData): void {
  describe("retired cycles", () => {
    let lease: Lease;
    beforeEach(async () => {
      lease = await take(data.store, "op-a");
    });

    it("closes the cycle, keeps it whole, and makes room for the next", async () => {
      await data.store.openCycle(lease, CYCLE);
      await data.store.saveProgress(lease, "cycle-1", "all done");
      assert.equal(await data.store.retireCycle(lease, "cycle-1", 5_000), "saved");
      assert.equal(await data.store.readCycle(CLUSTER), undefined);
      assert.deepEqual(await data.store.listRetiredCycles(CLUSTER, 10), [
        { ...CYCLE, progress: "all done", retiredAt: 5_000 },
      ]);
      const next = { ...CYCLE, cycleId: "cycle-2" };
      assert.deepEqual(await data.store.openCycle(lease, next), { kind: "opened", cycle: next });
    });

    it("may be retired twice: the second call changes nothing, an open successor least of all", async () => {
      await passCycle(data.store, lease, "cycle-1", 5_000);
      const successor = { ...CYCLE, cycleId: "cycle-2" };
      await data.store.openCycle(lease, successor);
      assert.equal(await data.store.retireCycle(lease, "cycle-1", 9_000), "saved");
      assert.deepEqual(await data.store.readCycle(CLUSTER), successor);
      assert.deepEqual(await retiredIds(data.store), ["cycle-1"]);
    });

    it("refuses a second retirement by a holder that lost the lease", async () => {
      await passCycle(data.store, lease, "cycle-1", 5_000);
      await take(data.store, "op-b", 60_000);
      assert.equal(await data.store.retireCycle(lease, "cycle-1", 5_000), "fenced");
    });

    it("refuses to retire what never was a cycle", async () => {
      await data.store.openCycle(lease, CYCLE);
      assert.equal(await data.store.retireCycle(lease, "cycle-7", 5_000), "fenced");
      assert.deepEqual(await data.store.readCycle(CLUSTER), CYCLE);
    });

    it("cannot be changed any more", async () => {
      await passCycle(data.store, lease, "cycle-1", 5_000);
      assert.equal(await data.store.saveProgress(lease, "cycle-1", "tampered"), "fenced");
      await data.store.openCycle(lease, { ...ZEROS, cycleId: "cycle-1" });
      await data.store.retireCycle(lease, "cycle-1", 6_000);
      assert.deepEqual(await data.store.listRetiredCycles(CLUSTER, 10), [{ ...CYCLE, retiredAt: 5_000 }]);
      assert.equal(await data.store.readCycle(CLUSTER), undefined);
    });

    it("are listed newest first, as many as asked for", async () => {
      await passCycle(data.store, lease, "cycle-b", 2_000);
      await passCycle(data.store, lease, "cycle-c", 3_000);
      await passCycle(data.store, lease, "cycle-a", 1_000);
      assert.deepEqual(await retiredIds(data.store), ["cycle-c", "cycle-b", "cycle-a"]);
      assert.deepEqual(await retiredIds(data.store, 2), ["cycle-c", "cycle-b"]);
    });

    it("are listed by id, highest first, when retired in the same millisecond", async () => {
      await passCycle(data.store, lease, "cycle-b", 1_000);
      await passCycle(data.store, lease, "cycle-a", 1_000);
      await passCycle(data.store, lease, "cycle-c", 1_000);
      assert.deepEqual(await retiredIds(data.store), ["cycle-c", "cycle-b", "cycle-a"]);
    });

    it("stay, the last 20 of each cluster (W24)", async () => {
      const other = await take(data.store, "op-a", 0, OTHER_CLUSTER);
      await data.store.openCycle(other, { ...CYCLE, clusterId: OTHER_CLUSTER });
      await data.store.retireCycle(other, "cycle-1", 1);
      for (let day = 1; day <= 23; day++) await passCycle(data.store, lease, `cycle-${String(day)}`, day * 1_000);
      const ids = await retiredIds(data.store);
      assert.equal(ids.length, 20);
      assert.equal(ids[0], "cycle-23");
      assert.equal(ids[19], "cycle-4");
      assert.equal((await data.store.listRetiredCycles(OTHER_CLUSTER, 10)).length, 1);
    });

    it("are none of an unknown cluster", async () => {
      assert.deepEqual(await data.store.listRetiredCycles(OTHER_CLUSTER, 10), []);
    });
  });
}
