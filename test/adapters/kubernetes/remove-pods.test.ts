import assert from "node:assert/strict";
import { useKubernetes } from "./start-kubernetes.js";
import { statusBody, type Reply } from "./stub-api-server.js";

const POD = { namespace: "shop", name: "web-1", uid: "uid-1" };

describe("removing pods", () => {
  const start = useKubernetes();

  describe("evicting", () => {
    it("sends a policy/v1 Eviction with the UID and no grace of its own (safe-cycle 22, 24)", async () => {
      const { kubernetes, server } = await start(() => ({ status: 201, body: { kind: "Status", status: "Success" } }));
      assert.deepEqual(await kubernetes.evict(POD), { kind: "accepted" });
      assert.equal(server.asked[0]?.path, "/api/v1/namespaces/shop/pods/web-1/eviction");
      assert.deepEqual(server.asked[0].body, {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: "web-1", namespace: "shop" },
        deleteOptions: { preconditions: { uid: "uid-1" } },
      });
    });

    it("rehearses in query and body alike, and passes a shorter grace on (safe-cycle 24, 39)", async () => {
      const { kubernetes, server } = await start(() => ({ status: 201, body: { kind: "Status" } }));
      await kubernetes.evict(POD, { dryRun: true, graceSeconds: 5 });
      const options = (server.asked[0]?.body as { deleteOptions: object }).deleteOptions;
      assert.equal(server.asked[0]?.query.get("dryRun"), "All");
      assert.deepEqual(options, { preconditions: { uid: "uid-1" }, dryRun: ["All"], gracePeriodSeconds: 5 });
    });

    const conflict = {
      status: 409,
      body: statusBody(409, "Precondition failed: UID in precondition", { kind: "Pod" }),
    };
    const lookAgain = (found: Reply) => start(({ method }) => (method === "POST" ? conflict : found));

    it("S5: looks again after a 409 and calls a pod with another UID gone", async () => {
      const { kubernetes } = await lookAgain({ body: { metadata: { name: "web-1", uid: "uid-2" } } });
      assert.deepEqual(await kubernetes.evict(POD), { kind: "gone" });
    });

    it("S5: calls a 409 on the same pod contention", async () => {
      const { kubernetes } = await lookAgain({ body: { metadata: { name: "web-1", uid: "uid-1" } } });
      assert.equal((await kubernetes.evict(POD)).kind, "budget-contention");
    });

    it("does not judge a 409 when it cannot look again", async () => {
      const { kubernetes } = await lookAgain({ status: 500, body: statusBody(500, "etcd") });
      assert.equal((await kubernetes.evict(POD)).kind, "transient");
    });

    it("cannot tell after a cut connection, and does not ask twice (safe-cycle 29)", async () => {
      const { kubernetes, server } = await start(() => "cut");
      assert.equal((await kubernetes.evict(POD)).kind, "transient");
      assert.equal(server.asked.length, 1);
    });

    it("outlasts a request's usual time-out, and ends with the caller's signal (safe-cycle 29, 59)", async () => {
      const { kubernetes } = await start(() => "hang");
      const abort = new AbortController();
      const evicting = kubernetes.evict(POD, { signal: abort.signal });
      const reads = kubernetes.deletePod(POD, 1); // ends at the usual time-out, 500 ms
      assert.equal((await reads).kind, "transient");
      assert.equal(await Promise.race([evicting, Promise.resolve("still waiting")]), "still waiting");
      abort.abort();
      assert.equal((await evicting).kind, "transient");
    });
  });

  describe("deleting a pod", () => {
    it("sends its options in the body, with a grace of at least 1 (safe-cycle 61)", async () => {
      const { kubernetes, server } = await start(() => ({ body: { kind: "Pod", metadata: {} } }));
      assert.deepEqual(await kubernetes.deletePod(POD, 0), { kind: "accepted" });
      assert.deepEqual(server.asked[0]?.body, { preconditions: { uid: "uid-1" }, gracePeriodSeconds: 1 });
      assert.equal(server.asked[0].query.size, 0);
    });

    it("sends grace 0 only with the proof that the instance is gone (safe-cycle 54)", async () => {
      const { kubernetes, server } = await start(() => ({ body: { kind: "Pod", metadata: {} } }));
      await kubernetes.deletePod(POD, 0, { isInstanceGone: true });
      assert.deepEqual(server.asked[0]?.body, { preconditions: { uid: "uid-1" }, gracePeriodSeconds: 0 });
    });
  });
});
