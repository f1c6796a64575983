import assert from "node:assert/strict";

import { CLUSTER, OTHER_CLUSTER, take, type StoredData } from "./stored-data.js";

/** Who may act on a cluster, and for how long. */
export function describeLeases(data: StoredData): void {
  describe("lease", () => {
    it("gives a free lease, with the first fence", async () => {
      const answer = await data.store.acquireLease({
        clusterId: CLUSTER,
        operationId: "op-a",
        now: 0,
        expiresAt: 60_000,
      });
      const lease = { clusterId: CLUSTER, operationId: "op-a", fence: 1 };
      assert.deepEqual(answer, { kind: "acquired", lease, expiresAt: 60_000 });
    });

    it("refuses a lease that another operation holds, and names the holder and the expiry", async () => {
      await take(data.store, "op-a");
      const answer = await data.open().acquireLease({
        clusterId: CLUSTER,
        operationId: "op-b",
        now: 59_999,
        expiresAt: 90_000,
      });
      assert.deepEqual(answer, { kind: "held", holder: "op-a", expiresAt: 60_000 });
    });

    it("leaves the holder untouched by a refusal", async () => {
      const lease = await take(data.store, "op-a");
      await data.store.acquireLease({ clusterId: CLUSTER, operationId: "op-b", now: 1, expiresAt: 90_000 });
      assert.equal(await data.store.renewLease(lease, 70_000), "renewed");
    });

    it("gives a lease away at the very instant it expires, with a higher fence", async () => {
      await take(data.store, "op-a");
      assert.equal((await take(data.open(), "op-b", 60_000)).fence, 2);
    });

    it("lets the same operation in again from another process: same fence, new expiry", async () => {
      await take(data.store, "op-a");
      assert.equal((await take(data.open(), "op-a", 30_000)).fence, 1);
      const other = await data.store.acquireLease({
        clusterId: CLUSTER,
        operationId: "op-b",
        now: 89_999,
        expiresAt: 99_000,
      });
      assert.deepEqual(other, { kind: "held", holder: "op-a", expiresAt: 90_000 });
    });

    it("keeps the fence of the same operation when its lease had expired but nobody took it", async () => {
      await take(data.store, "op-a");
      assert.equal((await take(data.store, "op-a", 500_000)).fence, 1);
    });

    it("raises the fence on every change of holder, back to an earlier one too", async () => {
      await take(data.store, "op-a");
      await take(data.store, "op-b", 60_000);
      assert.equal((await take(data.store, "op-a", 120_000)).fence, 3);
    });

    it("never lowers the fence: not by a release, not by forgetting the cluster, not by a reopened store", async () => {
      await data.store.releaseLease(await take(data.store, "op-a"));
      assert.equal((await take(data.store, "op-a")).fence, 2);
      await data.store.removeCluster(CLUSTER);
      await data.store.releaseLease({ clusterId: CLUSTER, operationId: "op-a", fence: 2 });
      await data.reopen();
      assert.equal((await take(data.store, "op-b")).fence, 3);
    });

    it("keeps a lease over a reopened store", async () => {
      const lease = await take(data.store, "op-a");
      await data.reopen();
      assert.equal(await data.store.renewLease(lease, 70_000), "renewed");
    });

    it("leases each cluster by itself", async () => {
      await take(data.store, "op-a");
      assert.equal((await take(data.store, "op-b", 0, OTHER_CLUSTER)).fence, 1);
    });

    it("moves the expiry when renewed", async () => {
      await data.store.renewLease(await take(data.store, "op-a"), 200_000);
      const answer = await data.store.acquireLease({
        clusterId: CLUSTER,
        operationId: "op-b",
        now: 199_999,
        expiresAt: 300_000,
      });
      assert.deepEqual(answer, { kind: "held", holder: "op-a", expiresAt: 200_000 });
    });

    it("renews a lease that expired while nobody wanted it", async () => {
      const lease = await take(data.store, "op-a");
      assert.equal(await data.store.renewLease(lease, 900_000), "renewed");
    });

    it("says lost to whoever renews after a takeover, and leaves the new holder's expiry alone", async () => {
      const lost = await take(data.store, "op-a");
      await take(data.open(), "op-b", 60_000);
      assert.equal(await data.store.renewLease(lost, 999_000), "lost");
      const answer = await data.store.acquireLease({
        clusterId: CLUSTER,
        operationId: "op-c",
        now: 60_001,
        expiresAt: 70_000,
      });
      assert.deepEqual(answer, { kind: "held", holder: "op-b", expiresAt: 120_000 });
    });

    it("says lost to a lease of an earlier fence of the same operation", async () => {
      const old = await take(data.store, "op-a");
      await data.store.releaseLease(old);
      await take(data.store, "op-a");
      assert.equal(await data.store.renewLease(old, 999_000), "lost");
    });

    it("says lost where no lease ever was", async () => {
      assert.equal(await data.store.renewLease({ clusterId: CLUSTER, operationId: "op-a", fence: 1 }, 1), "lost");
    });

    it("frees the lease at once, twice without harm", async () => {
      const lease = await take(data.store, "op-a");
      await data.store.releaseLease(lease);
      await data.store.releaseLease(lease);
      assert.equal(await data.store.renewLease(lease, 70_000), "lost");
      assert.equal((await take(data.store, "op-b", 1)).fence, 2);
    });

    it("ignores the release of a lease that is somebody else's by now", async () => {
      const lost = await take(data.store, "op-a");
      const current = await take(data.store, "op-b", 60_000);
      await data.store.releaseLease(lost);
      assert.equal(await data.store.renewLease(current, 130_000), "renewed");
    });

    it("lets one of many operations win that ask at once (S50)", async () => {
      const stores = [data.store, data.open(), data.open(), data.open()];
      const answers = await Promise.all(
        stores.map((each, index) =>
          each.acquireLease({ clusterId: CLUSTER, operationId: `op-${String(index)}`, now: 0, expiresAt: 60_000 }),
        ),
      );
      const winners = answers.flatMap((answer) => (answer.kind === "acquired" ? [answer.lease] : []));
      assert.equal(winners.length, 1);
      assert.deepEqual(
        answers.flatMap((answer) => (answer.kind === "held" ? [answer.holder] : [])),
        Array<string>(3).fill(winners[0]!.operationId),
      );
    });
  });
}
