import assert from "node:assert/strict";

import type { MemoryCluster } from "../../../runtime/adapters/memory/cluster.js";
import type { ApiObject, ObjectRef, ResourceType } from "../../../runtime/ports/index.js";
import { boundPods, clusterWith } from "./cluster-under-test.js";

const type = (group: string, plural: string, kind: string, isNamespaced = true): ResourceType => ({
  group,
  versions: ["v1"],
  plural,
  kind,
  isNamespaced,
});
const CLAIMS = type("karpenter.sh", "nodeclaims", "NodeClaim", false);
const CRON_JOBS = type("batch", "cronjobs", "CronJob");
const DEPLOYMENTS = type("apps", "deployments", "Deployment");
const NODES = type("", "nodes", "Node", false);
const PODS = type("", "pods", "Pod");

const NIGHTLY = { metadata: { name: "nightly" }, spec: { suspend: false } };

function refTo(of: ResourceType, { metadata }: ApiObject): ObjectRef {
  return { type: of, namespace: metadata.namespace ?? null, name: metadata.name, uid: metadata.uid };
}

function suspend(cluster: MemoryCluster, object: ApiObject) {
  return cluster.kubernetes.objects.patch(refTo(CRON_JOBS, object), [
    { op: "replace", path: "/spec/suspend", value: true },
  ]);
}

describe("objects of any type on an in-memory cluster", () => {
  describe("that somebody puts", () => {
    it("get what the server gives every object, and keep it when they are put again", () => {
      const { cluster } = clusterWith();
      const first = cluster.objects.put(CRON_JOBS, NIGHTLY);
      assert.deepEqual([first.apiVersion, first.kind, first["spec"]], ["batch/v1", "CronJob", { suspend: false }]);
      const { namespace, generation, creationTimestamp } = first.metadata;
      assert.deepEqual([namespace, generation, creationTimestamp], ["default", 1, "1970-01-01T00:00:00Z"]);
      const second = cluster.objects.put(CRON_JOBS, { ...NIGHTLY, spec: { suspend: true } });
      assert.deepEqual([second.metadata.uid, second.metadata.generation], [first.metadata.uid, 2]);
      assert.notEqual(second.metadata.resourceVersion, first.metadata.resourceVersion);
    });

    it("are others once they were removed in between", () => {
      const { cluster } = clusterWith();
      const first = cluster.objects.put(CRON_JOBS, NIGHTLY);
      cluster.objects.remove(CRON_JOBS, NIGHTLY.metadata);
      cluster.objects.remove(CRON_JOBS, NIGHTLY.metadata);
      assert.equal(cluster.objects.get(CRON_JOBS, NIGHTLY.metadata), undefined);
      assert.notEqual(cluster.objects.put(CRON_JOBS, NIGHTLY).metadata.uid, first.metadata.uid);
    });

    it("are copies: who changes what he got changes nothing", () => {
      const { cluster } = clusterWith();
      const object = cluster.objects.put(CRON_JOBS, NIGHTLY);
      Object.assign(object["spec"] as object, { suspend: true });
      assert.deepEqual(cluster.objects.get(CRON_JOBS, NIGHTLY.metadata)?.["spec"], { suspend: false });
    });

    it("get pods when they are workloads, and follow the scale", async () => {
      const { cluster } = clusterWith([{ name: "general", size: { min: 1, desired: 1, max: 1 } }]);
      const spec = { replicas: 2, template: { metadata: { labels: { app: "scaler" } }, spec: { containers: [] } } };
      const object = cluster.objects.put(DEPLOYMENTS, { metadata: { name: "scaler", annotations: { a: "b" } }, spec });
      const pods = await boundPods(cluster);
      assert.deepEqual(
        pods.map(({ labels }) => labels["app"]),
        ["scaler", "scaler"],
      );
      const owner = await cluster.kubernetes.findScalableOwner(pods[0]!);
      assert.equal(owner?.uid, object.metadata.uid);
      await cluster.kubernetes.scaleOwner(owner, 1);
      const scaled = cluster.objects.get(DEPLOYMENTS, { name: "scaler" });
      assert.deepEqual([scaled?.["spec"], scaled?.metadata.annotations], [{ ...spec, replicas: 1 }, { a: "b" }]);
    });

    it("add to what the twin has a model of, and leave the rest", () => {
      const { cluster } = clusterWith([{ name: "general", size: { min: 1, desired: 1, max: 1 } }]);
      cluster.addDeployment({ name: "web", replicas: 3 });
      const web = cluster.objects.put(DEPLOYMENTS, { metadata: { name: "web", annotations: { by: "argo" } } });
      assert.deepEqual(web.metadata.annotations, { by: "argo" });
      assert.equal((web["spec"] as { replicas: number }).replicas, 3);
      const [node] = cluster.objects.all(NODES);
      const tagged = cluster.objects.put(NODES, { metadata: { name: node!.metadata.name, annotations: { a: "b" } } });
      assert.deepEqual(tagged.metadata.labels, node!.metadata.labels);
      assert.throws(() => cluster.objects.put(PODS, { metadata: { name: "p" } }), /controls of its own/);
    });
  });

  describe("as the port sees them", () => {
    it("are served with their first object, or from when their CRD is installed, until it is removed", async () => {
      const { cluster } = clusterWith();
      const { objects } = cluster.kubernetes;
      assert.deepEqual(await objects.list(CLAIMS), { kind: "not-served" });
      cluster.objects.serve(CLAIMS);
      assert.deepEqual(await objects.list(CLAIMS), { kind: "listed", items: [] });
      cluster.objects.put(CLAIMS, { metadata: { name: "one", finalizers: ["karpenter.sh/termination"] } });
      cluster.objects.unserve(CLAIMS);
      assert.equal(await objects.read(CLAIMS, { namespace: null, name: "one" }), null);
      cluster.objects.serve(CLAIMS);
      assert.deepEqual(await objects.list(CLAIMS), { kind: "listed", items: [] });
    });

    it("are forbidden verb by verb", async () => {
      const { cluster } = clusterWith();
      const { objects } = cluster.kubernetes;
      const object = cluster.objects.put(CRON_JOBS, NIGHTLY);
      cluster.objects.forbid(CRON_JOBS, ["patch", "delete"]);
      assert.equal((await suspend(cluster, object)).kind, "forbidden");
      assert.equal((await objects.remove(refTo(CRON_JOBS, object))).kind, "forbidden");
      assert.equal((await objects.list(CRON_JOBS)).kind, "listed");
      assert.equal(await objects.may({ verb: "patch", group: "batch", resource: "cronjobs" }), false);
      assert.equal(await objects.may({ verb: "list", group: "batch", resource: "cronjobs" }), true);
      cluster.objects.forbid(CRON_JOBS, ["get", "list"]);
      assert.equal((await objects.list(CRON_JOBS)).kind, "forbidden");
      await assert.rejects(() => objects.read(CRON_JOBS, refTo(CRON_JOBS, object)), { code: "rbac-denied" });
      assert.equal((await suspend(cluster, object)).kind, "patched");
    });

    it("are refused while admission says no", async () => {
      const { cluster } = clusterWith();
      const object = cluster.objects.put(CRON_JOBS, NIGHTLY);
      cluster.objects.refuse(CRON_JOBS, "denied by policy");
      assert.deepEqual(await suspend(cluster, object), { kind: "refused", message: "denied by policy" });
      cluster.objects.refuse(CRON_JOBS, null);
      assert.equal((await suspend(cluster, object)).kind, "patched");
    });

    it("are written to the journal when they are changed, with the crash's two moments", async () => {
      const { cluster, world } = clusterWith();
      const object = cluster.objects.put(CRON_JOBS, NIGHTLY);
      const moments: string[] = [];
      world.onMutation(({ call }, moment) => void moments.push(`${call} ${moment}`));
      await suspend(cluster, object);
      await cluster.kubernetes.objects.remove(refTo(CRON_JOBS, object));
      assert.deepEqual(moments, [
        "patchObject before",
        "patchObject after",
        "removeObject before",
        "removeObject after",
      ]);
      assert.deepEqual(
        world.mutations().map(({ call, target, outcome }) => [call, target, outcome]),
        [
          ["patchObject", "CronJob/default/nightly", "patched"],
          ["removeObject", "CronJob/default/nightly", "accepted"],
        ],
      );
    });

    it("lose an answer like every other call", async () => {
      const { cluster } = clusterWith();
      const object = cluster.objects.put(CRON_JOBS, NIGHTLY);
      cluster.faults.failNext({ call: "patchObject", error: new Error("cut"), when: "after" });
      await assert.rejects(() => suspend(cluster, object), /cut/);
      assert.deepEqual(cluster.objects.get(CRON_JOBS, NIGHTLY.metadata)?.["spec"], { suspend: true });
    });

    it("are reached through the world's connector as well", async () => {
      const { cluster, world } = clusterWith();
      cluster.objects.put(CRON_JOBS, NIGHTLY);
      const identity = { account: "222222222222", region: "eu-west-1", name: "payments-dev" };
      const facts = await cluster.capacity.describeCluster();
      const { objects } = await world.connector().kubernetes(identity, {}, facts);
      const answer = await objects.list(CRON_JOBS);
      assert.ok(answer.kind === "listed" && answer.items.length === 1);
    });
  });

  describe("that little controllers look after", () => {
    it("are shown to them after every change, with the power to change more", () => {
      const { cluster } = clusterWith();
      cluster.objects.react(CRON_JOBS, ({ metadata, ...object }, controls) => {
        if (object["status"] !== undefined) return;
        controls.put(CRON_JOBS, { ...object, metadata, status: { seen: object["spec"] } });
      });
      const object = cluster.objects.put(CRON_JOBS, NIGHTLY);
      assert.deepEqual(object["status"], { seen: { suspend: false } });
    });

    it("end through them when they have a finalizer", async () => {
      const { cluster } = clusterWith();
      cluster.addNode({ name: "node-1" });
      cluster.objects.react(CLAIMS, ({ metadata: { deletionTimestamp, finalizers, name } }, controls) => {
        if (deletionTimestamp === undefined || finalizers === undefined) return;
        cluster.removeNode("node-1");
        controls.put(CLAIMS, { metadata: { name } });
      });
      const claim = cluster.objects.put(CLAIMS, {
        metadata: { name: "one", finalizers: ["karpenter.sh/termination"] },
      });
      assert.deepEqual(await cluster.kubernetes.objects.remove(refTo(CLAIMS, claim)), { kind: "accepted" });
      assert.equal(cluster.objects.get(CLAIMS, { name: "one" }), undefined);
      assert.deepEqual(await cluster.kubernetes.listNodes(), []);
    });

    it("do not let a controller that never comes to rest run for ever", () => {
      const { cluster } = clusterWith();
      cluster.objects.react(CRON_JOBS, (object, controls) => void controls.put(CRON_JOBS, object));
      assert.throws(() => cluster.objects.put(CRON_JOBS, NIGHTLY), /never come to rest/);
    });

    it("are shown a last time when they are deleted", async () => {
      const { cluster, clock } = clusterWith();
      const seen: unknown[] = [];
      cluster.objects.react(CRON_JOBS, ({ metadata }) => void seen.push(metadata.deletionTimestamp));
      const object = cluster.objects.put(CRON_JOBS, NIGHTLY);
      await clock.sleep(1_000);
      await cluster.kubernetes.objects.remove(refTo(CRON_JOBS, object));
      assert.deepEqual(seen, [undefined, "1970-01-01T00:00:01Z"]);
    });
  });

  it("answer rehearsals as they were told to", async () => {
    const { cluster } = clusterWith();
    const rehearse = () => cluster.kubernetes.objects.rehearseCreate(CRON_JOBS, "default", {});
    assert.deepEqual(await rehearse(), { kind: "accepted" });
    cluster.objects.answerRehearsals(CRON_JOBS, { kind: "webhook-failed", message: "no endpoints" });
    assert.deepEqual(await rehearse(), { kind: "webhook-failed", message: "no endpoints" });
    cluster.objects.answerRehearsals(CRON_JOBS, null);
    assert.deepEqual(await rehearse(), { kind: "accepted" });
    assert.equal(cluster.objects.all(CRON_JOBS).length, 0);
  });
});
