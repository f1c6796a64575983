import assert from "node:assert/strict";

import type { ApiObject, OwnerRef, ResourceType } from "../../runtime/ports/index.js";
import { eventually } from "./eventually.js";
import type { KubernetesFixture } from "./kubernetes-fixture.js";
import type { CurrentFixture } from "./kubernetes-look.js";
import { podsOn } from "./kubernetes-look.js";

const type = (group: string, plural: string, kind: string, isNamespaced = true): ResourceType => ({
  group,
  versions: ["v1"],
  plural,
  kind,
  isNamespaced,
});
const NODES = type("", "nodes", "Node", false);
const PODS = type("", "pods", "Pod");
const BUDGETS = type("policy", "poddisruptionbudgets", "PodDisruptionBudget");
const DEPLOYMENTS = type("apps", "deployments", "Deployment");
const DAEMON_SETS = type("apps", "daemonsets", "DaemonSet");
const REPLICA_SETS = type("apps", "replicasets", "ReplicaSet");

/** The only such object in the fixture's namespace. */
async function onlyOf({ kubernetes, namespace }: KubernetesFixture, wanted: ResourceType): Promise<ApiObject> {
  const answer = await kubernetes.objects.list(wanted, { namespace });
  assert.ok(answer.kind === "listed");
  const [object, ...others] = answer.items;
  assert.ok(object, `no ${wanted.plural}`);
  assert.deepEqual(others, []);
  return object;
}

/** The value at a dotted path. */
function at(object: ApiObject, path: string): unknown {
  return path.split(".").reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>>)[step], object);
}

function readyStatus(object: ApiObject): unknown {
  const conditions = at(object, "status.conditions") as readonly { readonly type: string; readonly status: string }[];
  return conditions.find((condition) => condition.type === "Ready")?.status;
}

/** Nodes, pods, budgets and workloads as plain objects: what the rest of the port tells, in the API's own words. */
export function describeModelledObjects(current: CurrentFixture): void {
  describe("well-known types as plain objects", () => {
    it("shows a node", async () => {
      const fixture = current();
      const { objects } = fixture.kubernetes;
      const instanceId = "i-0123456789abcdef0";
      const name = await fixture.addNode({ instanceId, labels: { pool: "a" } });
      await fixture.settle();
      const node = await objects.read(NODES, { namespace: null, name });
      assert.ok(node);
      assert.match(String(at(node, "spec.providerID")), new RegExp(`^aws:///.*/${instanceId}$`));
      assert.equal(node.metadata.labels?.["pool"], "a");
      assert.deepEqual([at(node, "spec.unschedulable"), readyStatus(node)], [undefined, "True"]);
      await fixture.kubernetes.patchNode(name, { unschedulable: true });
      const cordoned = await objects.list(NODES, { labelSelector: `kubernetes.io/hostname=${name}` });
      assert.ok(cordoned.kind === "listed" && cordoned.items[0]);
      assert.equal(at(cordoned.items[0], "spec.unschedulable"), true);
    });

    it("shows a pod and who owns it", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const deployment = await fixture.addDeployment({ name: "web", nodeName });
      await fixture.settle();
      const [pod, replicaSet] = [await onlyOf(fixture, PODS), await onlyOf(fixture, REPLICA_SETS)];
      assert.deepEqual([at(pod, "spec.nodeName"), at(pod, "status.phase")], [nodeName, "Running"]);
      assert.equal(readyStatus(pod), "True");
      assert.equal(pod.metadata.labels?.["app"], "web");
      const owners = [pod, replicaSet].map(({ metadata }) => metadata.ownerReferences?.find((each) => each.controller));
      assert.deepEqual(
        owners.map((owner) => [owner?.apiVersion, owner?.kind, owner?.uid]),
        [
          ["apps/v1", "ReplicaSet", replicaSet.metadata.uid],
          ["apps/v1", "Deployment", deployment.uid],
        ],
      );
      const byNode = await fixture.kubernetes.objects.list(PODS, { fieldSelector: `spec.nodeName=${nodeName}` });
      assert.ok(byNode.kind === "listed" && byNode.items.length === 1);
    });

    it("shows workloads and budgets with what their controllers count", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addDeployment({ name: "web", nodeName, replicas: 2 });
      await fixture.addDaemonSet({ name: "agent" });
      await fixture.addBudget({ name: "web", minAvailable: 1 });
      await fixture.settle();
      const deployment = await eventually(fixture, "two are ready", async () => {
        const seen = await onlyOf(fixture, DEPLOYMENTS);
        return at(seen, "status.readyReplicas") === 2 && seen;
      });
      assert.deepEqual([at(deployment, "spec.replicas"), deployment.metadata.generation], [2, 1]);
      assert.equal(at(deployment, "status.observedGeneration"), 1);
      assert.deepEqual(at(deployment, "spec.selector.matchLabels"), { app: "web" });
      await eventually(fixture, "the daemon is ready", async () => {
        const daemons = await onlyOf(fixture, DAEMON_SETS);
        return at(daemons, "status.numberReady") === 1 && at(daemons, "status.desiredNumberScheduled") === 1;
      });
      const budget = await onlyOf(fixture, BUDGETS);
      assert.deepEqual([at(budget, "spec.minAvailable"), at(budget, "status.disruptionsAllowed")], [1, 1]);
    });

    it("follows replicas and annotations that are patched", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const owner = await fixture.addDeployment({ name: "web", nodeName, replicas: 2, shutdown: "fast" });
      await fixture.settle();
      const answer = await fixture.kubernetes.objects.patch(refTo(owner), [
        { op: "test", path: "/spec/replicas", value: 2 },
        { op: "replace", path: "/spec/replicas", value: 0 },
      ]);
      assert.equal(answer.kind, "patched");
      assert.deepEqual([at(answer.object, "spec.replicas"), answer.object.metadata.generation], [0, 2]);
      await eventually(fixture, "its pods are gone", async () => (await podsOn(fixture, nodeName)).length === 0);
      // A Deployment's controller writes annotations of its own, hence two ways to the same end.
      const { metadata } = await onlyOf(fixture, DEPLOYMENTS);
      const annotated = await fixture.kubernetes.objects.patch(refTo(owner), [
        metadata.annotations === undefined
          ? { op: "add", path: "/metadata/annotations", value: { "example.com/by": "curfew" } }
          : { op: "add", path: "/metadata/annotations/example.com~1by", value: "curfew" },
      ]);
      assert.equal(annotated.kind, "patched");
      assert.equal(annotated.object.metadata.annotations?.["example.com/by"], "curfew");
      assert.equal((await fixture.kubernetes.readOwner(owner))?.replicas, 0);
    });

    it("passes on what the server finds wrong with a patch", async () => {
      const fixture = current();
      const owner = await fixture.addDeployment({ name: "web", replicas: 0 });
      const answer = await fixture.kubernetes.objects.patch(refTo(owner), [
        { op: "replace", path: "/spec/replicas", value: -1 },
      ]);
      assert.equal(answer.kind, "refused");
      assert.match(answer.message, /spec\.replicas/);
      assert.equal((await fixture.kubernetes.readOwner(owner))?.replicas, 0);
    });
  });
}

function refTo({ namespace, name, uid }: OwnerRef) {
  return { type: DEPLOYMENTS, namespace, name, uid };
}
