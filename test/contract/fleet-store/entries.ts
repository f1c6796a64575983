import assert from "node:assert/strict";

import { CLUSTER, dueNames, entryOf, namesOf, register, settle, SHARDS, type FleetData } from "./fleet-data.js";

/** Entries come, change and go with what is declared and held. */
export function describeEntries(data: FleetData): void {
  describe("entry", () => {
    const generation = async (): Promise<string> => (await entryOf(data.store)).generation;

    it("is absent until the cluster is declared; a hold or a run declares nothing", async () => {
      await data.store.putHold(CLUSTER, "demo day");
      await data.store.acquireLease({ clusterId: CLUSTER, operationId: "op-a", now: 0, expiresAt: 9_000 });
      assert.equal(await data.store.readEntry(CLUSTER), undefined);
      assert.deepEqual(await data.store.listEntries(), []);
      assert.deepEqual(await dueNames(data.store, 9e12), []);
    });

    it("says how many shards there are", () => {
      assert.equal(data.store.shards, SHARDS);
    });

    it("begins due at once, with nothing known", async () => {
      await register(data.store);
      const { generation: given, revision, dueAt, ...rest } = await entryOf(data.open());
      assert.notEqual(given, "");
      assert.equal(revision, 1);
      assert.ok(dueAt <= 1_000);
      assert.deepEqual(rest, {
        clusterId: CLUSTER,
        wanted: null,
        transitionAt: null,
        leadMs: 0,
        unconvergedSince: null,
        attempts: 0,
        lastCode: null,
        groups: null,
        nodes: null,
      });
    });

    it("becomes due at once under a new declaration, and forgets what was foreseen and tried under the old one", async () => {
      await register(data.store);
      const before = await settle(data.store, {
        unconvergedSince: 5_000,
        attempts: 3,
        lastCode: "throttled",
        leadMs: 7,
        groups: 2,
        nodes: 9,
      });
      await register(data.store, CLUSTER, "changed");
      const { generation: given, revision, dueAt, ...rest } = await entryOf(data.store);
      assert.notEqual(given, before.generation);
      assert.equal(revision, before.revision + 1);
      assert.ok(dueAt <= 1_000);
      assert.deepEqual(rest, {
        clusterId: CLUSTER,
        wanted: "hibernated",
        transitionAt: null,
        leadMs: 0,
        unconvergedSince: 5_000,
        attempts: 0,
        lastCode: null,
        groups: 2,
        nodes: 9,
      });
    });

    it("stays as it is when the same is declared again", async () => {
      await register(data.store);
      const before = await settle(data.store);
      await register(data.store);
      assert.deepEqual(await entryOf(data.store), before);
    });

    it("becomes due at once, under another generation, with each change of the hold", async () => {
      await register(data.store);
      const seen = [(await settle(data.store)).generation];
      for (const change of [
        () => data.store.putHold(CLUSTER, "first"),
        () => data.store.putHold(CLUSTER, "second"),
        () => data.store.removeHold(CLUSTER),
      ]) {
        await change();
        const entry = await entryOf(data.store);
        assert.ok(entry.dueAt <= 1_000);
        assert.equal(entry.transitionAt, null);
        assert.ok(!seen.includes(entry.generation));
        seen.push((await settle(data.store)).generation);
      }
      assert.equal((await data.store.readCluster(CLUSTER))?.hold, null);
    });

    it("stays as it is when a hold is set again or none is removed", async () => {
      await register(data.store);
      await data.store.putHold(CLUSTER, "demo day");
      const held = await settle(data.store);
      await data.store.putHold(CLUSTER, "demo day");
      assert.deepEqual(await entryOf(data.store), held);
      await data.store.removeHold(CLUSTER);
      const free = await settle(data.store);
      await data.store.removeHold(CLUSTER);
      assert.deepEqual(await entryOf(data.store), free);
    });

    it("follows a hold that was there before the declaration", async () => {
      await data.store.putHold(CLUSTER, "demo day");
      await register(data.store);
      const held = await settle(data.store);
      await data.store.removeHold(CLUSTER);
      assert.notEqual(await generation(), held.generation);
      assert.deepEqual(await dueNames(data.store, 1_000), ["payments-dev"]);
    });

    it("is not touched by what a run reaches", async () => {
      await register(data.store);
      const before = await settle(data.store);
      const answer = await data.store.acquireLease({ clusterId: CLUSTER, operationId: "op-a", now: 0, expiresAt: 9 });
      assert.equal(answer.kind, "acquired");
      await data.store.saveReached(answer.lease, { body: "hibernated" });
      assert.deepEqual(await entryOf(data.store), before);
    });

    it("goes with its cluster, wherever it is listed", async () => {
      await register(data.store);
      await settle(data.store, { unconvergedSince: 5_000 });
      await data.store.removeCluster(CLUSTER);
      await data.store.removeCluster(CLUSTER);
      assert.equal(await data.store.readEntry(CLUSTER), undefined);
      assert.deepEqual(await dueNames(data.store, 9e12), []);
      assert.deepEqual(await data.store.listUnconverged(), []);
      assert.deepEqual(await data.store.listEntries(), []);
    });

    it("is listed in id order, a page at a time", async () => {
      for (const letter of ["c", "a", "e", "b", "d"])
        await register(data.store, `111111111111/eu-west-${letter}/${letter}`);
      const first = await data.store.listEntries(undefined, 2);
      const second = await data.store.listEntries(first[1]?.clusterId, 2);
      const third = await data.store.listEntries(second[1]?.clusterId, 2);
      assert.deepEqual([first, second, third].map(namesOf), [["a", "b"], ["c", "d"], ["e"]]);
      assert.deepEqual(await data.store.listEntries(third[0]?.clusterId, 2), []);
    });

    it("is listed in pages of 100 unless told", async () => {
      for (let index = 0; index < 101; index++) await register(data.store, `111111111111/r/${index}`);
      assert.equal((await data.store.listEntries()).length, 100);
    });
  });
}
