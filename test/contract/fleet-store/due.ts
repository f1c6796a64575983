import assert from "node:assert/strict";

import { CLUSTER, dueNames, entryOf, namesOf, register, settle, SHARDS, type FleetData } from "./fleet-data.js";

/** Who is due. */
export function describeDue(data: FleetData): void {
  describe("due", () => {
    const shardsOf = async (until: number): Promise<readonly number[]> => {
      const pages = await Promise.all(
        Array.from({ length: SHARDS }, (_, shard) => data.store.listDue(shard, until, 100)),
      );
      return pages.flatMap((page, shard) => (page.length > 0 ? [shard] : []));
    };

    it("is who has come to its instant, that instant included, and nobody else", async () => {
      await register(data.store);
      await settle(data.store, { dueAt: 60_000 });
      assert.deepEqual(await dueNames(data.store, 59_999), []);
      assert.deepEqual(await dueNames(data.store, 60_000), ["payments-dev"]);
    });

    it("is listed whole, earliest first, as many as asked for", async () => {
      for (const [name, dueAt] of Object.entries({ b: 2_000, c: 3_000, a: 1_000, z: 9_000 })) {
        await register(data.store, `222222222222/eu-west-1/${name}`);
        await settle(data.store, { dueAt }, `222222222222/eu-west-1/${name}`);
      }
      assert.deepEqual(await dueNames(data.store, 5_000), ["a", "b", "c"]);
      assert.deepEqual(await dueNames(data.store, 5_000, 2), ["a", "b"]);
      const [shard] = await shardsOf(5_000);
      const [first] = await data.store.listDue(shard!, 5_000, 1);
      assert.deepEqual(first, await entryOf(data.store, "222222222222/eu-west-1/a"));
    });

    it("is found in one shard for all clusters of an account and Region", async () => {
      for (let index = 0; index < 12; index++) await register(data.store, `222222222222/eu-west-1/c${index}`);
      assert.equal((await shardsOf(1_000)).length, 1);
    });

    it("is spread over all shards when accounts are many", async () => {
      for (let index = 0; index < 40; index++) await register(data.store, `${100_000_000_000 + index}/eu-west-1/c`);
      assert.equal((await shardsOf(1_000)).length, SHARDS);
    });

    it("is nobody beyond the end of a page that is larger than what is due", async () => {
      await register(data.store);
      assert.equal((await dueNames(data.store, 1_000, 1_000)).length, 1);
    });

    it("comes earlier by makeDue, never later", async () => {
      await register(data.store);
      const { revision } = await settle(data.store, { dueAt: 60_000 });
      await data.store.makeDue(CLUSTER, 40_000);
      assert.equal((await entryOf(data.store)).dueAt, 40_000);
      assert.equal((await entryOf(data.store)).revision, revision + 1);
      assert.deepEqual(await dueNames(data.store, 40_000), ["payments-dev"]);
      await data.store.makeDue(CLUSTER, 50_000);
      assert.equal((await entryOf(data.store)).dueAt, 40_000);
      assert.equal((await entryOf(data.store)).revision, revision + 1);
    });

    it("is not made of a cluster that nobody declared", async () => {
      await data.store.makeDue(CLUSTER, 1);
      assert.equal(await data.store.readEntry(CLUSTER), undefined);
    });

    it("keeps neighbours in the list when one leaves it", async () => {
      for (const name of ["a", "b", "c"]) {
        await register(data.store, `222222222222/eu-west-1/${name}`);
        await settle(data.store, { dueAt: 5_000 }, `222222222222/eu-west-1/${name}`);
      }
      await settle(data.store, { dueAt: 6_000 }, "222222222222/eu-west-1/b");
      assert.deepEqual([...(await dueNames(data.store, 5_000))].sort(), ["a", "c"]);
      await data.store.removeCluster("222222222222/eu-west-1/a");
      const [shard] = await shardsOf(9_000);
      assert.deepEqual(namesOf(await data.store.listDue(shard!, 9_000, 10)), ["c", "b"]);
    });
  });
}
