import assert from "node:assert/strict";

import { EVENTS } from "../../runtime/cycle/index.js";
import { LOAD_BALANCER_EXCLUSION_LABEL } from "../../runtime/ports/index.js";
import { eventually } from "./eventually.js";
import type { CurrentFixture } from "./kubernetes-look.js";
import { nodeNamed, podOn, podsOn } from "./kubernetes-look.js";

const DEDICATED = { key: "dedicated", value: "batch", effect: "NoSchedule" };

/** Listing nodes and pods, and what is told of them. */
export function describeNodesAndPods(current: CurrentFixture): void {
  describe("nodes", () => {
    it("tells what a node is", async () => {
      const fixture = current();
      const instanceId = "i-0123456789abcdef0";
      const name = await fixture.addNode({ instanceId, labels: { pool: "a" }, taints: [DEDICATED] });
      await fixture.settle();
      const node = await nodeNamed(fixture, name);
      assert.equal(node.instanceId, instanceId);
      assert.equal(node.ready, "True");
      assert.equal(node.isUnschedulable, false);
      assert.equal(node.isFargate, false);
      assert.equal(node.labels["pool"], "a");
      assert.deepEqual(node.taints, [DEDICATED]);
      assert.notEqual(node.uid, "");
      assert.ok(Math.abs(fixture.now() - node.createdAt) < 60_000);
    });

    it("knows a Fargate node by its label and takes no instance id from other providers", async () => {
      const fixture = current();
      const name = await fixture.addNode({ labels: { "eks.amazonaws.com/compute-type": "fargate" } });
      const node = await nodeNamed(fixture, name);
      assert.equal(node.isFargate, true);
      assert.equal(node.instanceId, null);
    });

    it("no longer lists a node that is gone", async () => {
      const fixture = current();
      const name = await fixture.addNode();
      await fixture.removeNode(name);
      await eventually(fixture, "the node is off the list", async () =>
        (await fixture.kubernetes.listNodes()).every((node) => node.name !== name),
      );
    });

    it("cordons and uncordons, as often as it is asked to", async () => {
      const fixture = current();
      const name = await fixture.addNode();
      for (const unschedulable of [true, true, false, false]) {
        assert.equal(await fixture.kubernetes.patchNode(name, { unschedulable }), "changed");
        assert.equal((await nodeNamed(fixture, name)).isUnschedulable, unschedulable);
      }
    });

    it("changes nothing but what it was told to", async () => {
      const fixture = current();
      const name = await fixture.addNode({ labels: { pool: "a" }, taints: [DEDICATED] });
      await fixture.kubernetes.patchNode(name, { excludeFromLoadBalancers: true });
      const excluded = await nodeNamed(fixture, name);
      assert.ok(LOAD_BALANCER_EXCLUSION_LABEL in excluded.labels);
      assert.equal(excluded.isUnschedulable, false);
      assert.equal(excluded.labels["pool"], "a");
      assert.ok(excluded.taints.some(({ key }) => key === DEDICATED.key));

      await fixture.kubernetes.patchNode(name, { unschedulable: true, excludeFromLoadBalancers: false });
      const cordoned = await nodeNamed(fixture, name);
      assert.ok(!(LOAD_BALANCER_EXCLUSION_LABEL in cordoned.labels));
      assert.equal(cordoned.isUnschedulable, true);
      assert.equal(cordoned.labels["pool"], "a");
    });

    it("says that a node is gone instead of failing", async () => {
      assert.equal(await current().kubernetes.patchNode("no-such-node", { unschedulable: true }), "gone");
    });

    it("keeps new pods off a cordoned node", async () => {
      const fixture = current();
      const [cordoned, open] = [await fixture.addNode(), await fixture.addNode()];
      await fixture.kubernetes.patchNode(cordoned, { unschedulable: true });
      await fixture.addDeployment({ name: "web", replicas: 3 });
      await eventually(fixture, "all pods on the open node", async () => (await podsOn(fixture, open)).length === 3);
      assert.deepEqual(await podsOn(fixture, cordoned), []);
    });
  });

  describe("pods", () => {
    it("lists the pods of the nodes that are asked for, finished ones included, by name", async () => {
      const fixture = current();
      const [here, there, elsewhere] = [await fixture.addNode(), await fixture.addNode(), await fixture.addNode()];
      await fixture.addBarePod({ name: "zebra", nodeName: here });
      await fixture.addBarePod({ name: "ant", nodeName: there });
      await fixture.addBarePod({ name: "monkey", nodeName: here });
      await fixture.addBarePod({ name: "stray", nodeName: elsewhere });
      await fixture.settle();
      await fixture.finishPod("monkey", "Succeeded");
      const pods = await fixture.kubernetes.listPods([here, there]);
      assert.deepEqual(
        pods.map(({ name, nodeName, phase }) => [name, nodeName, phase]),
        [
          ["ant", there, "Running"],
          ["monkey", here, "Succeeded"],
          ["zebra", here, "Running"],
        ],
      );
      assert.deepEqual(await fixture.kubernetes.listPods([]), []);
      assert.deepEqual(await fixture.kubernetes.listPods(["no-such-node"]), []);
    });

    it("writes an event about a pod, and says when that is refused", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addBarePod({ name: "stuck", nodeName });
      await fixture.settle();
      const pod = await podOn(fixture, nodeName);
      const warning = { reason: "CurfewDrainBlocked", message: `is held${".".repeat(2_000)}` };
      assert.equal(await fixture.kubernetes.warnOfPod(pod, warning), "told");
      const answer = await fixture.kubernetes.objects.list(EVENTS, { namespace: fixture.namespace });
      const events = (answer.kind === "listed" ? answer.items : []).filter(
        (event) => event["reason"] === "CurfewDrainBlocked",
      );
      const [event, ...others] = events;
      assert.ok(event, JSON.stringify(answer));
      assert.deepEqual(others, []);
      assert.deepEqual((event["involvedObject"] as { readonly uid: string }).uid, pod.uid);
      assert.equal(event["type"], "Warning");
      assert.equal((event["message"] as string).length, 1_024);
      assert.equal(await fixture.as("unprivileged").warnOfPod(pod, warning), "refused");
      assert.equal(await fixture.as("cut-off").warnOfPod(pod, warning), "refused");
    });

    it("tells what a pod is", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addDeployment({
        name: "web",
        nodeName,
        labels: { tier: "front" },
        annotations: { team: "shop" },
        graceSeconds: 77,
        emptyDir: true,
        priorityClassName: "system-cluster-critical",
        shutdown: "fast",
      });
      await fixture.settle();
      const pod = await podOn(fixture, nodeName);
      assert.equal(pod.phase, "Running");
      assert.equal(pod.isReady, true);
      assert.equal(pod.deletionAt, null);
      assert.equal(pod.graceSeconds, 77);
      assert.equal(pod.controller?.kind, "ReplicaSet");
      assert.equal(pod.controller.apiVersion, "apps/v1");
      assert.equal(pod.labels["app"], "web");
      assert.equal(pod.labels["tier"], "front");
      assert.equal(pod.annotations["team"], "shop");
      assert.deepEqual([pod.hasEmptyDir, pod.hasHostPath], [true, false]);
      assert.equal(pod.priority, 2_000_000_000);
      assert.equal(pod.priorityClassName, "system-cluster-critical");
      assert.deepEqual([pod.isMirror, pod.isFargate, pod.toleratesEverything], [false, false, false]);
      assert.deepEqual(pod.finalizers, []);
      assert.ok(pod.startedAt !== null && Math.abs(fixture.now() - pod.startedAt) < 60_000);
    });

    it("tells the unusual of a pod", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addBarePod({
        name: "odd",
        nodeName,
        labels: { "eks.amazonaws.com/fargate-profile": "default" },
        annotations: { "kubernetes.io/config.mirror": "abc" },
        finalizers: ["lab.test/hold"],
        hostPath: true,
        toleratesEverything: true,
        ready: false,
        shutdown: "fast",
      });
      await fixture.settle();
      const pod = await podOn(fixture, nodeName);
      assert.equal(pod.controller, null);
      assert.equal(pod.phase, "Running");
      assert.equal(pod.isReady, false);
      assert.deepEqual([pod.hasEmptyDir, pod.hasHostPath], [false, true]);
      assert.deepEqual([pod.isMirror, pod.isFargate, pod.toleratesEverything], [true, true, true]);
      assert.deepEqual(pod.finalizers, ["lab.test/hold"]);
      assert.equal(pod.priority, 0);
    });

    it("lists a pod that its kubelet has not started as Pending", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addBarePod({ name: "slow", nodeName, neverStarts: true });
      await fixture.settle();
      const pod = await podOn(fixture, nodeName);
      assert.deepEqual([pod.phase, pod.isReady], ["Pending", false]);
    });

    it("finds a daemon's pod on a cordoned node as well", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.kubernetes.patchNode(nodeName, { unschedulable: true });
      await fixture.addDaemonSet({ name: "agent" });
      await fixture.settle();
      assert.equal((await podOn(fixture, nodeName)).controller?.kind, "DaemonSet");
    });
  });
}
