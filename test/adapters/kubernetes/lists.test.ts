import assert from "node:assert/strict";
import { useKubernetes } from "./start-kubernetes.js";
import { statusBody, type Reply } from "./stub-api-server.js";

const POD = { namespace: "shop", name: "web-1", uid: "uid-1" };

describe("reading from the API server", () => {
  const start = useKubernetes();

  describe("reading lists", () => {
    const page = (names: readonly string[], next = "") => ({
      body: { kind: "NodeList", metadata: { continue: next }, items: names.map((name) => ({ metadata: { name } })) },
    });

    it("follows pages to the end", async () => {
      const { kubernetes, server } = await start(({ query }) =>
        query.get("continue") === "p2" ? page(["b"]) : page(["a"], "p2"),
      );
      assert.deepEqual(
        (await kubernetes.listNodes()).map(({ name }) => name),
        ["a", "b"],
      );
      assert.deepEqual(
        server.asked.map(({ query }) => query.get("limit")),
        ["500", "500"],
      );
    });

    it("starts the list again when its continue token has expired (safe-cycle 1)", async () => {
      let hasExpired = false;
      const { kubernetes } = await start(({ query }) => {
        if (query.get("continue") !== "p2") return page(["a"], "p2");
        if (hasExpired) return page(["b"]);
        hasExpired = true;
        return { status: 410, body: statusBody(410, "The provided continue parameter is too old", {}, "Expired") };
      });
      assert.deepEqual(
        (await kubernetes.listNodes()).map(({ name }) => name),
        ["a", "b"],
      );
    });

    it("S25: goes on after server errors and a cut connection", async () => {
      const faults: Reply[] = [{ status: 500, body: statusBody(500, "etcd") }, "cut", { status: 503, body: "busy" }];
      const { kubernetes, clock } = await start(() => faults.shift() ?? page(["a"]));
      assert.equal((await kubernetes.listNodes()).length, 1);
      assert.deepEqual(clock.slept, [250, 500, 1000]);
    });

    it("pauses as long as Retry-After says when it is throttled (safe-cycle 32)", async () => {
      const faults: Reply[] = [{ status: 429, body: statusBody(429, "slow down"), headers: { "retry-after": "3" } }];
      const { kubernetes, clock } = await start(() => faults.shift() ?? page(["a"]));
      await kubernetes.listNodes();
      assert.deepEqual(clock.slept, [3000]);
    });

    it("does not let Retry-After hold it for more than half a minute", async () => {
      const throttled = { status: 429, body: statusBody(429, "slow down"), headers: { "retry-after": "20" } };
      const { kubernetes, clock } = await start(() => throttled);
      await assert.rejects(kubernetes.listNodes(), { code: "throttled" });
      assert.deepEqual(clock.slept, [20_000, 20_000]);
    });

    it("gives up in the end and says that the server is unavailable", async () => {
      const { kubernetes, server } = await start(() => ({ status: 500, body: statusBody(500, "etcd is down") }));
      await assert.rejects(kubernetes.listNodes(), { code: "unavailable", message: /etcd is down/ });
      assert.equal(server.asked.length, 5);
    });

    it("names the missing permission at a 403, without trying again", async () => {
      const { kubernetes, server } = await start(() => ({ status: 403, body: statusBody(403, "no") }));
      await assert.rejects(kubernetes.listBudgets(), {
        code: "rbac-denied",
        remedy: /"list" on "poddisruptionbudgets"/,
      });
      assert.equal(server.asked.length, 1);
    });
  });

  describe("listing pods", () => {
    const podList: Reply = {
      body: {
        kind: "PodList",
        metadata: {},
        items: [
          { metadata: { namespace: "b", name: "x" }, spec: { nodeName: "n1", containers: [] } },
          { metadata: { namespace: "a", name: "y" }, spec: { nodeName: "n4", containers: [] } },
          { metadata: { namespace: "a", name: "z" }, spec: { nodeName: "elsewhere", containers: [] } },
          { metadata: { namespace: "a", name: "pending" }, spec: { containers: [] } },
        ],
      },
    };

    it("asks by node for a few nodes", async () => {
      const { kubernetes, server } = await start(() => ({ body: { kind: "PodList", metadata: {}, items: [] } }));
      await kubernetes.listPods(["n1", "n2", "n3"]);
      const selectors = server.asked.map(({ query }) => query.get("fieldSelector"));
      assert.deepEqual(selectors.sort(), ["spec.nodeName=n1", "spec.nodeName=n2", "spec.nodeName=n3"]);
    });

    it("asks once for all bound pods when the nodes are many and keeps theirs alone, sorted", async () => {
      const { kubernetes, server } = await start(() => podList);
      const pods = await kubernetes.listPods(["n1", "n2", "n3", "n4"]);
      assert.deepEqual(
        pods.map(({ namespace, name }) => `${namespace}/${name}`),
        ["a/y", "b/x"],
      );
      assert.deepEqual(
        server.asked.map(({ query }) => query.get("fieldSelector")),
        ["spec.nodeName!="],
      );
    });

    it("asks nothing for no nodes", async () => {
      const { kubernetes, server } = await start(() => podList);
      assert.deepEqual(await kubernetes.listPods([]), []);
      assert.equal(server.asked.length, 0);
    });
  });

  it("says that an endpoint which takes no connection is unreachable, and what to do", async () => {
    const { kubernetes, server } = await start(() => "hang");
    await server.stop();
    await assert.rejects(kubernetes.listNodes(), { code: "endpoint-unreachable", remedy: /private.*VPC/ });
    assert.equal((await kubernetes.evict(POD)).kind, "transient");
  });
});
