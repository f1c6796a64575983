import assert from "node:assert/strict";

import { CLUSTER, CYCLE, OTHER_CLUSTER, passCycle, retiredIds, take, type StoredData } from "./stored-data.js";

/** What is declared, held and reached of clusters. */
export function describeClusters(data: StoredData): void {
  describe("cluster", () => {
    const registration = { clusterId: CLUSTER, declaration: '{"schedule":"office"}', registeredAt: 1_000 };

    it("is unknown until something is said of it; a lease or a cycle says nothing", async () => {
      const lease = await take(data.store, "op-a");
      await data.store.openCycle(lease, CYCLE);
      assert.equal(await data.store.readCluster(CLUSTER), undefined);
      assert.deepEqual(await data.store.listClusters(), []);
    });

    it("keeps its declaration, also when declared twice", async () => {
      await data.store.registerCluster(registration);
      await data.store.registerCluster(registration);
      await data.reopen();
      const record = { clusterId: CLUSTER, declaration: '{"schedule":"office"}', reached: null, hold: null };
      assert.deepEqual(await data.store.readCluster(CLUSTER), record);
    });

    it("keeps what runs have reached and the hold when declared anew", async () => {
      await data.store.registerCluster(registration);
      await data.store.saveReached(await take(data.store, "op-a"), { body: "hibernated" });
      await data.store.putHold(CLUSTER, "demo day");
      await data.store.registerCluster({ ...registration, declaration: "new", registeredAt: 2_000 });
      const record = { clusterId: CLUSTER, declaration: "new", reached: "hibernated", hold: "demo day" };
      assert.deepEqual(await data.store.readCluster(CLUSTER), record);
    });

    it("is recorded by a run although it was never declared", async () => {
      assert.equal(await data.store.saveReached(await take(data.store, "op-a"), { body: "running" }), "saved");
      const record = { clusterId: CLUSTER, declaration: null, reached: "running", hold: null };
      assert.deepEqual(await data.store.readCluster(CLUSTER), record);
    });

    it("is forgotten with its hold and what was reached; lease, cycle, audit and reports stay", async () => {
      const lease = await take(data.store, "op-a");
      await passCycle(data.store, lease, "cycle-0", 500);
      await data.store.openCycle(lease, CYCLE);
      await data.store.registerCluster(registration);
      await data.store.putHold(CLUSTER, "demo day");
      await data.store.saveReached(lease, { body: "hibernated" });
      await data.store.addReport({ clusterId: CLUSTER, reportId: "r1", finishedAt: 1, body: "{}" });

      await data.store.removeCluster(CLUSTER);
      await data.store.removeCluster(CLUSTER);

      assert.equal(await data.store.readCluster(CLUSTER), undefined);
      assert.deepEqual(await data.store.readCycle(CLUSTER), CYCLE);
      assert.deepEqual(await retiredIds(data.store), ["cycle-0"]);
      assert.equal((await data.store.listReports(CLUSTER)).length, 1);
      assert.equal(await data.store.renewLease(lease, 70_000), "renewed");
      await data.store.registerCluster(registration);
      assert.equal((await data.store.readCluster(CLUSTER))?.reached, null);
    });

    it("may be forgotten without ever having been known", async () => {
      await data.store.removeCluster(CLUSTER);
      assert.equal(await data.store.readCluster(CLUSTER), undefined);
    });

    it("is listed in id order, a page at a time, every one exactly once", async () => {
      const ids = ["c", "a", "e", "b", "d"].map((letter) => `111111111111/eu-west-1/${letter}`);
      for (const clusterId of ids) await data.store.registerCluster({ ...registration, clusterId });
      await take(data.store, "op-a", 0, "111111111111/eu-west-1/bb");

      const pages: string[][] = [];
      for (let turn = 0; turn < 4; turn++) {
        const page = await data.store.listClusters(pages.at(-1)?.at(-1), 2);
        pages.push(page.map(({ clusterId }) => clusterId));
      }
      assert.deepEqual(
        pages.map((page) => page.map((id) => id.slice(-1))),
        [["a", "b"], ["c", "d"], ["e"], []],
      );
    });

    it("is listed after an id that is itself unknown", async () => {
      await data.store.registerCluster(registration);
      const after = await data.store.listClusters("222222222222/eu-west-1/a");
      assert.deepEqual(
        after.map(({ clusterId }) => clusterId),
        [CLUSTER],
      );
      assert.deepEqual(await data.store.listClusters("222222222222/eu-west-1/z"), []);
    });

    it("is listed in pages of 100 unless told", async () => {
      for (let index = 0; index < 101; index++) {
        await data.store.putHold(`111111111111/eu-west-1/${String(index).padStart(3, "0")}`, "x");
      }
      const page = await data.store.listClusters();
      assert.equal(page.length, 100);
      assert.equal(page.at(-1)?.clusterId, "111111111111/eu-west-1/099");
    });
  });

  describe("hold", () => {
    it("is set, replaced and removed, and needs no declaration and no lease", async () => {
      await data.store.putHold(CLUSTER, "first");
      await data.store.putHold(CLUSTER, "second");
      const record = { clusterId: CLUSTER, declaration: null, reached: null, hold: "second" };
      assert.deepEqual(await data.open().readCluster(CLUSTER), record);
      await data.store.removeHold(CLUSTER);
      await data.store.removeHold(CLUSTER);
      assert.equal(await data.store.readCluster(CLUSTER), undefined);
    });

    it("leaves a run's lease alone", async () => {
      const lease = await take(data.store, "op-a");
      await data.store.putHold(CLUSTER, "demo day");
      await data.store.removeHold(CLUSTER);
      assert.equal(await data.store.saveReached(lease, { body: "running" }), "saved");
    });

    it("may be removed where none was", async () => {
      await data.store.removeHold(OTHER_CLUSTER);
      assert.equal(await data.store.readCluster(OTHER_CLUSTER), undefined);
    });
  });
}
