import assert from "node:assert/strict";

import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { withFaults } from "./failing-store.js";

const CLUSTER = "222222222222/eu-west-1/payments-dev";

describe("store with faults", () => {
  it("passes everything on, and notes it, while nothing is planned", async () => {
    const { store, calls } = withFaults(createMemoryStore());
    await store.putHold(CLUSTER, "demo day");
    assert.equal((await store.readCluster(CLUSTER))?.hold, "demo day");
    await store.close();
    assert.deepEqual(calls, ["putHold", "readCluster"]);
  });

  it("fails the n-th call of all before it takes effect, once", async () => {
    const inner = createMemoryStore();
    const { store, calls } = withFaults(inner, [{ nth: 2, when: "before", lasts: "once" }]);
    await store.putHold(CLUSTER, "first");
    await assert.rejects(store.putHold(CLUSTER, "second"), { code: "store-unavailable" });
    assert.equal((await store.readCluster(CLUSTER))?.hold, "first");
    assert.deepEqual(calls, ["putHold", "putHold", "readCluster"]);
  });

  it("fails a named call after it took effect", async () => {
    const lost = new Error("answer lost");
    const plan = [{ call: "removeHold", nth: 1, when: "after", lasts: "once", error: lost }] as const;
    const { store } = withFaults(createMemoryStore(), plan);
    await store.putHold(CLUSTER, "demo day");
    await assert.rejects(store.removeHold(CLUSTER), lost);
    assert.equal(await store.readCluster(CLUSTER), undefined);
  });

  it("stays dead after a crash, and touches nothing any more", async () => {
    const inner = createMemoryStore();
    const { store } = withFaults(inner, [{ nth: 1, when: "after", lasts: "for-good" }]);
    await assert.rejects(store.putHold(CLUSTER, "demo day"));
    await assert.rejects(store.removeHold(CLUSTER), { code: "store-unavailable" });
    assert.equal((await inner.readCluster(CLUSTER))?.hold, "demo day");
    await store.close();
  });
});
