import assert from "node:assert/strict";
import type { PodFacts } from "../../../runtime/ports/index.js";
import { useKubernetes } from "./start-kubernetes.js";
import { statusBody, type Reply } from "./stub-api-server.js";

const DEPLOYMENT = { kind: "Deployment", namespace: "shop", name: "web", uid: "deployment-1" } as const;

describe("workloads behind pods", () => {
  const start = useKubernetes();

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
