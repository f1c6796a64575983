import assert from "node:assert/strict";
import { createKubernetes } from "../../../runtime/adapters/kubernetes/kubernetes.js";
import { isFailure, type Clock, type Kubernetes, type PodFacts } from "../../../runtime/ports/index.js";
import { startStubApiServer, statusBody, type Asked, type Reply, type StubApiServer } from "./stub-api-server.js";

const POD = { namespace: "shop", name: "web-1", uid: "uid-1" };
const DEPLOYMENT = { kind: "Deployment", namespace: "shop", name: "web", uid: "deployment-1" } as const;

/** Time passes only by sleeping; `slept` are the pauses. */
function sleepyClock(): Clock & { readonly slept: readonly number[] } {
  const slept: number[] = [];
  let now = 0;
  return {
    slept,
    now: () => now,
    sleep: (ms) => {
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

describe("the Kubernetes adapter", () => {
  let server: StubApiServer | undefined;
  let kubernetes: Kubernetes | undefined;

  async function start(reply: (asked: Asked) => Reply, token = () => Promise.resolve("token")) {
    server = await startStubApiServer(reply);
    const clock = sleepyClock();
    kubernetes = createKubernetes({
      server: server.url,
      certificateAuthority: "",
      token,
      clock,
      requestTimeoutMs: 500,
      describe: { cluster: "payments", region: "eu-west-1", principal: "arn:aws:iam::111111111111:role/spoke" },
    });
    return { server, kubernetes, clock };
  }

  afterEach(async () => {
    await server?.stop();
    await kubernetes?.close();
    await kubernetes?.close();
    server = kubernetes = undefined;
  });

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

    it("asks once for many nodes and keeps theirs alone, sorted", async () => {
      const { kubernetes, server } = await start(() => podList);
      const pods = await kubernetes.listPods(["n1", "n2", "n3", "n4"]);
      assert.deepEqual(
        pods.map(({ namespace, name }) => `${namespace}/${name}`),
        ["a/y", "b/x"],
      );
      assert.deepEqual(
        server.asked.map(({ query }) => query.get("fieldSelector")),
        [null],
      );
    });

    it("asks nothing for no nodes", async () => {
      const { kubernetes, server } = await start(() => podList);
      assert.deepEqual(await kubernetes.listPods([]), []);
      assert.equal(server.asked.length, 0);
    });
  });

  describe("signing in", () => {
    it("S25: answers a 401 with a newer token, once (safe-cycle 36)", async () => {
      const token = (rejected?: string) => Promise.resolve(rejected === "old" ? "new" : "old");
      const reply = (asked: Asked): Reply =>
        asked.token === "new"
          ? { status: 201, body: { kind: "Status", status: "Success" } }
          : { status: 401, body: {} };
      const { kubernetes, server } = await start(reply, token);
      assert.deepEqual(await kubernetes.evict(POD), { kind: "accepted" });
      assert.deepEqual(
        server.asked.map((asked) => asked.token),
        ["old", "new"],
      );
    });

    it("asks for an access entry when the newer token is refused too, and shows no token", async () => {
      const { kubernetes, server } = await start(
        () => ({ status: 401, body: statusBody(401, "Unauthorized") }),
        () => Promise.resolve("secret-token"),
      );
      const requests = [() => kubernetes.listNodes(), () => kubernetes.evict(POD), () => kubernetes.deletePod(POD, 1)];
      for (const request of requests) {
        const error: unknown = await request().catch((thrown: unknown) => thrown);
        assert.ok(isFailure(error));
        assert.equal(error.code, "access-entry-missing");
        assert.match(error.remedy, /create-access-entry .*--principal-arn arn:aws:iam::111111111111:role\/spoke/);
        assert.doesNotMatch(JSON.stringify(error) + String(error.stack), /secret-token/);
      }
      assert.equal(server.asked.length, 6);
    });
  });

  describe("patching nodes", () => {
    const node = (unschedulable: boolean) => ({ metadata: { name: "n1", labels: {} }, spec: { unschedulable } });

    it("sends only what changes, as a strategic merge patch (safe-cycle 17, 19)", async () => {
      const { kubernetes, server } = await start(() => ({ body: node(true) }));
      assert.equal(await kubernetes.patchNode("n1", { unschedulable: true }), "changed");
      assert.equal(await kubernetes.patchNode("n2", { excludeFromLoadBalancers: false }), "changed");
      assert.deepEqual(
        server.asked.map(({ method, path, body }) => ({ method, path, body })),
        [
          { method: "PATCH", path: "/api/v1/nodes/n1", body: { spec: { unschedulable: true } } },
          {
            method: "PATCH",
            path: "/api/v1/nodes/n2",
            body: { metadata: { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": null } } },
          },
        ],
      );
      assert.equal(server.asked[0]?.contentType, "application/strategic-merge-patch+json");
    });

    it("asks nothing of a node that has it already", async () => {
      const { kubernetes, server } = await start(({ method }) =>
        method === "GET" ? { body: { kind: "NodeList", metadata: {}, items: [node(true)] } } : { body: node(false) },
      );
      await kubernetes.listNodes();
      await kubernetes.patchNode("n1", { unschedulable: true });
      assert.deepEqual(
        server.asked.map(({ method }) => method),
        ["GET"],
      );
      await kubernetes.patchNode("n1", { unschedulable: false });
      await kubernetes.patchNode("n1", { unschedulable: false });
      assert.deepEqual(
        server.asked.map(({ method }) => method),
        ["GET", "PATCH"],
      );
    });

    it("repeats after a conflict with another writer (safe-cycle 17)", async () => {
      const faults: Reply[] = [{ status: 409, body: statusBody(409, "the object has been modified") }];
      const { kubernetes } = await start(() => faults.shift() ?? { body: node(true) });
      assert.equal(await kubernetes.patchNode("n1", { unschedulable: true }), "changed");
    });

    it("says when the node is gone", async () => {
      const { kubernetes } = await start(() => ({ status: 404, body: statusBody(404, "not found") }));
      assert.equal(await kubernetes.patchNode("n1", { unschedulable: true }), "gone");
    });
  });

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
  });

  describe("workloads", () => {
    const owned = (kind: string, name: string, uid: string): PodFacts =>
      ({ namespace: "shop", controller: { apiVersion: "apps/v1", kind, name, uid } }) as PodFacts;
    const deployment = { metadata: { name: "web", uid: "deployment-1" }, spec: { replicas: 3 } };
    const replicaSet = {
      metadata: {
        name: "web-abc",
        uid: "rs-1",
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "deployment-1", controller: true },
        ],
      },
      spec: { replicas: 3 },
    };

    it("follows a pod over its ReplicaSet to the Deployment, looking up each ReplicaSet once", async () => {
      const { kubernetes, server } = await start(({ path }) => ({
        body: path.includes("replicasets") ? replicaSet : deployment,
      }));
      const owners = await Promise.all(
        [1, 2].map(() => kubernetes.findScalableOwner(owned("ReplicaSet", "web-abc", "rs-1"))),
      );
      assert.deepEqual(owners, [
        { ...DEPLOYMENT, replicas: 3 },
        { ...DEPLOYMENT, replicas: 3 },
      ]);
      assert.equal(server.asked.filter(({ path }) => path.includes("replicasets")).length, 1);
    });

    it("finds a ReplicaSet that nobody owns, and a StatefulSet", async () => {
      const { kubernetes } = await start(({ path }) => ({
        body: {
          metadata: { name: "db", uid: path.includes("statefulsets") ? "sts-1" : "rs-1" },
          spec: { replicas: 2 },
        },
      }));
      assert.equal((await kubernetes.findScalableOwner(owned("ReplicaSet", "db", "rs-1")))?.kind, "ReplicaSet");
      assert.equal((await kubernetes.findScalableOwner(owned("StatefulSet", "db", "sts-1")))?.replicas, 2);
    });

    it("finds nothing to scale above a Job, a bare pod or a workload of the same name", async () => {
      const { kubernetes } = await start(() => ({ body: { metadata: { name: "db", uid: "another" } } }));
      assert.equal(await kubernetes.findScalableOwner(owned("Job", "j", "u")), null);
      assert.equal(await kubernetes.findScalableOwner({ ...owned("Job", "j", "u"), controller: null }), null);
      assert.equal(await kubernetes.findScalableOwner(owned("StatefulSet", "db", "sts-1")), null);
    });

    it("lets the server itself check the UID when it scales", async () => {
      const { kubernetes, server } = await start(() => ({ body: { kind: "Scale" } }));
      assert.equal(await kubernetes.scaleOwner(DEPLOYMENT, 0), "scaled");
      const { path, body, contentType } = server.asked[0]!;
      assert.equal(path, "/apis/apps/v1/namespaces/shop/deployments/web/scale");
      assert.deepEqual(body, { metadata: { uid: "deployment-1" }, spec: { replicas: 0 } });
      assert.equal(contentType, "application/merge-patch+json");
    });

    it("does not scale a workload that is gone or another by the same name", async () => {
      const answers: Reply[] = [
        { status: 404, body: statusBody(404, "not found") },
        { status: 409, body: statusBody(409, "Precondition failed: UID in precondition: a, UID in object meta: b") },
      ];
      const { kubernetes } = await start(() => answers.shift()!);
      assert.equal(await kubernetes.scaleOwner(DEPLOYMENT, 0), "gone");
      assert.equal(await kubernetes.scaleOwner(DEPLOYMENT, 0), "gone");
    });

    it("takes only 404 as the absence of a DaemonSet (safe-cycle 5)", async () => {
      const answers: Reply[] = [
        { body: { metadata: {} } },
        { status: 404, body: statusBody(404, "not found") },
        { status: 403, body: statusBody(403, "no") },
      ];
      const { kubernetes } = await start(() => answers.shift()!);
      assert.equal(await kubernetes.daemonSetExists("shop", "agent"), true);
      assert.equal(await kubernetes.daemonSetExists("shop", "agent"), false);
      await assert.rejects(kubernetes.daemonSetExists("shop", "agent"), { code: "rbac-denied" });
    });
  });

  it("says that an endpoint which takes no connection is unreachable, and what to do", async () => {
    const { kubernetes, server } = await start(() => "hang");
    await server.stop();
    await assert.rejects(kubernetes.listNodes(), { code: "endpoint-unreachable", remedy: /private.*VPC/ });
    assert.equal((await kubernetes.evict(POD)).kind, "transient");
  });
});
