import assert from "node:assert/strict";

import { CLUSTER, dueNames, entryOf, register, settle, type FleetData } from "./fleet-data.js";

/** One tick takes a cluster, a doubled one does not. */
export function describeClaims(data: FleetData): void {
  describe("claim", () => {
    it("moves the cluster to its next instant and keeps everything else", async () => {
      await register(data.store);
      const before = await settle(data.store, { groups: 2, nodes: 9 });
      assert.equal(await data.store.claim(before, { dueAt: 99_000 }), "claimed");
      assert.deepEqual(await entryOf(data.store), { ...before, dueAt: 99_000, revision: before.revision + 1 });
      assert.deepEqual(await dueNames(data.store, 98_999), []);
    });

    it("notes the lead, the state wanted and since when it is not reached", async () => {
      await register(data.store);
      const before = await entryOf(data.store);
      const claim = { dueAt: 99_000, leadMs: 5_000, wanted: "running", unconvergedSince: 8_000 } as const;
      assert.equal(await data.store.claim(before, claim), "claimed");
      assert.deepEqual(await entryOf(data.store), { ...before, ...claim, revision: before.revision + 1 });
      assert.deepEqual(await data.store.listUnconverged(), [await entryOf(data.store)]);
    });

    it("is lost to whoever reads the same entry and comes second", async () => {
      await register(data.store);
      const entry = await entryOf(data.store);
      assert.equal(await data.store.claim(entry, { dueAt: 50_000 }), "claimed");
      assert.equal(await data.store.claim(entry, { dueAt: 70_000 }), "lost");
      assert.equal((await entryOf(data.store)).dueAt, 50_000);
    });

    it("is won by one of many planners at once", async () => {
      await register(data.store);
      const entry = await entryOf(data.store);
      const answers = await Promise.all(
        [1, 2, 3, 4].map((planner) => data.open().claim(entry, { dueAt: 50_000 + planner })),
      );
      assert.deepEqual(answers.sort(), ["claimed", "lost", "lost", "lost"]);
    });

    it("is lost when the cluster was settled, held, declared anew or removed meanwhile", async () => {
      for (const change of [
        () => settle(data.store),
        () => data.store.putHold(CLUSTER, "demo day"),
        () => register(data.store, CLUSTER, "changed"),
        () => data.store.removeCluster(CLUSTER),
      ]) {
        await register(data.store);
        const entry = await entryOf(data.store);
        await change();
        assert.equal(await data.store.claim(entry, { dueAt: 99_000 }), "lost");
      }
      assert.equal(await data.store.readEntry(CLUSTER), undefined);
    });
  });
}
