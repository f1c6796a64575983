import assert from "node:assert/strict";

import { ASLEEP, CLUSTER, entryOf, register, settle, type FleetData } from "./fleet-data.js";

/** What workers leave behind. */
export function describeSettlements(data: FleetData): void {
  describe("settlement", () => {
    it("is written whole, and twice without harm", async () => {
      await register(data.store);
      const { generation, revision } = await entryOf(data.store);
      const failed = { ...ASLEEP, attempts: 2, lastCode: "drain-blocked", unconvergedSince: 7_000, leadMs: 3 } as const;
      const sized = { ...failed, groups: 3, nodes: 12 };
      assert.equal(await data.store.settle(CLUSTER, generation, sized), "settled");
      assert.equal(await data.store.settle(CLUSTER, generation, sized), "settled");
      const entry = await entryOf(data.open());
      assert.ok(entry.revision > revision);
      assert.deepEqual(entry, { clusterId: CLUSTER, generation, revision: entry.revision, ...sized });
    });

    it("leaves alone what it does not say, and takes back what is over", async () => {
      await register(data.store);
      await settle(data.store, { unconvergedSince: 7_000, groups: 3, nodes: 12, lastCode: "throttled" });
      const { groups, nodes, unconvergedSince, lastCode } = await settle(data.store);
      assert.deepEqual(
        { groups, nodes, unconvergedSince, lastCode },
        {
          groups: 3,
          nodes: 12,
          unconvergedSince: null,
          lastCode: null,
        },
      );
    });

    it("keeps a zero a zero", async () => {
      await register(data.store);
      const { groups, nodes, transitionAt } = await settle(data.store, { groups: 0, nodes: 0, transitionAt: null });
      assert.deepEqual({ groups, nodes, transitionAt }, { groups: 0, nodes: 0, transitionAt: null });
    });

    it("may follow a claim: only declaration and hold make it out of date", async () => {
      await register(data.store);
      const entry = await entryOf(data.store);
      await data.store.claim(entry, { dueAt: 50_000 });
      assert.equal(await data.store.settle(CLUSTER, entry.generation, ASLEEP), "settled");
      assert.equal((await entryOf(data.store)).dueAt, 60_000);
    });

    it("is superseded by a change of the declaration or the hold, which stays due at once", async () => {
      await register(data.store);
      for (const change of [
        () => register(data.store, CLUSTER, "changed"),
        () => data.store.putHold(CLUSTER, "demo day"),
        () => data.store.removeHold(CLUSTER),
      ]) {
        const { generation } = await entryOf(data.store);
        await change();
        const changed = await entryOf(data.store);
        assert.equal(await data.store.settle(CLUSTER, generation, ASLEEP), "superseded");
        assert.deepEqual(await entryOf(data.store), changed);
      }
    });

    it("is superseded by the cluster's removal, and by a generation that never was", async () => {
      await register(data.store);
      const { generation } = await entryOf(data.store);
      assert.equal(await data.store.settle(CLUSTER, "nonsense", ASLEEP), "superseded");
      await data.store.removeCluster(CLUSTER);
      assert.equal(await data.store.settle(CLUSTER, generation, ASLEEP), "superseded");
      assert.equal(await data.store.readEntry(CLUSTER), undefined);
    });
  });
}
