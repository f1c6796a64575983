import assert from "node:assert/strict";

import type { PodRef } from "../../runtime/ports/index.js";
import { eventually } from "./eventually.js";
import type { KubernetesFixture } from "./kubernetes-fixture.js";
import type { CurrentFixture } from "./kubernetes-look.js";
import { budgetNamed, podOn, podsOn, webOnOneNode } from "./kubernetes-look.js";

/** Second granularity of the server's timestamps, and the way there and back. */
const SLACK_MS = 3_000;
const OTHER_UID = "00000000-0000-4000-8000-ffffffffffff";

async function isGone(fixture: KubernetesFixture, pod: PodRef & { readonly nodeName: string }): Promise<boolean> {
  return (await podsOn(fixture, pod.nodeName)).every(({ uid }) => uid !== pod.uid);
}

async function deletionAtOf(fixture: KubernetesFixture, nodeName: string): Promise<number> {
  const { deletionAt } = await podOn(fixture, nodeName);
  assert.ok(deletionAt !== null, "the pod is not terminating");
  return deletionAt;
}

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= SLACK_MS, `${actual} is not within ${SLACK_MS} ms of ${expected}`);
}

/** Evictions and deletions that take effect, and how pods then end. */
export function describeEvictions(current: CurrentFixture): void {
  describe("evicting", () => {
    it("T20: 201 with a Status: accepts an eviction, and the pod goes", async () => {
      const fixture = current();
      const pod = await podOn(fixture, await webOnOneNode(fixture));
      assert.deepEqual(await fixture.kubernetes.evict(pod), { kind: "accepted" });
      await eventually(fixture, "the pod is gone", () => isGone(fixture, pod));
    });

    it("T20: 404: says that a pod is gone that is no more", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const pod = await fixture.addBarePod({ name: "bare", nodeName, shutdown: "fast" });
      await fixture.settle();
      await fixture.kubernetes.evict(pod);
      await eventually(fixture, "the pod is gone", () => isGone(fixture, { ...pod, nodeName }));
      assert.deepEqual(await fixture.kubernetes.evict(pod), { kind: "gone" });
      assert.deepEqual(await fixture.kubernetes.deletePod(pod, 1), { kind: "gone" });
    });

    it("lets the owner put a replacement on another node", async () => {
      const fixture = current();
      const [first, second] = [await fixture.addNode(), await fixture.addNode()];
      await fixture.kubernetes.patchNode(second, { unschedulable: true });
      await fixture.addDeployment({ name: "web" });
      await fixture.settle();
      await fixture.kubernetes.patchNode(second, { unschedulable: false });
      await fixture.kubernetes.patchNode(first, { unschedulable: true });
      await fixture.kubernetes.evict(await podOn(fixture, first));
      await eventually(fixture, "a ready pod on the other node", async () =>
        (await podsOn(fixture, second)).some(({ isReady }) => isReady),
      );
    });

    it("leaves another pod by the same name alone", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addStatefulSet({ name: "db", nodeName, shutdown: "fast" });
      await fixture.settle();
      const old = await podOn(fixture, nodeName);
      await fixture.kubernetes.evict(old);
      const replacement = await eventually(fixture, "the same name is back", async () =>
        (await podsOn(fixture, nodeName)).find(({ name, uid }) => name === old.name && uid !== old.uid),
      );
      assert.deepEqual(await fixture.kubernetes.evict(old), { kind: "gone" });
      assert.deepEqual(await fixture.kubernetes.deletePod(old, 1), { kind: "gone" });
      assert.equal((await podOn(fixture, nodeName)).uid, replacement.uid);
      assert.equal((await podOn(fixture, nodeName)).deletionAt, null);
    });

    it("T20: 409 on the pod: answers gone for a UID that is not the pod's, also under a budget, and touches nothing", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture);
      await fixture.addBudget({ name: "web", minAvailable: 0 });
      await fixture.settle();
      const pod = await podOn(fixture, nodeName);
      assert.deepEqual(await fixture.kubernetes.evict({ ...pod, uid: OTHER_UID }), { kind: "gone" });
      assert.equal((await podOn(fixture, nodeName)).deletionAt, null);
    });

    it("brings a daemon's pod straight back to a cordoned node", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addDaemonSet({ name: "agent", shutdown: "fast" });
      await fixture.settle();
      await fixture.kubernetes.patchNode(nodeName, { unschedulable: true });
      const old = await podOn(fixture, nodeName);
      assert.deepEqual(await fixture.kubernetes.evict(old), { kind: "accepted" });
      await eventually(fixture, "a new daemon pod", async () =>
        (await podsOn(fixture, nodeName)).some(({ uid }) => uid !== old.uid),
      );
    });

    it("T20: judges a dry run and leaves the budget's status as it is", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture, { replicas: 3 });
      await fixture.addBudget({ name: "web", minAvailable: 2 });
      await fixture.settle();
      const before = await budgetNamed(fixture, "web");
      assert.equal(before.disruptionsAllowed, 1);
      // Each is judged alone: three pass under an allowance of one (safe-cycle 39).
      for (const pod of await podsOn(fixture, nodeName)) {
        assert.deepEqual(await fixture.kubernetes.evict(pod, { dryRun: true }), { kind: "accepted" });
      }
      assert.deepEqual(await budgetNamed(fixture, "web"), before);
      assert.ok((await podsOn(fixture, nodeName)).every(({ deletionAt }) => deletionAt === null));
    });
  });

  describe("terminating", () => {
    it("gives the deadline: request plus the pod's own grace", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture, { graceSeconds: 600, shutdown: "stuck" });
      const requestedAt = fixture.now();
      await fixture.kubernetes.evict(await podOn(fixture, nodeName));
      const [pod] = (await podsOn(fixture, nodeName)).filter(({ deletionAt }) => deletionAt !== null);
      assertNear(pod?.deletionAt ?? 0, requestedAt + 600_000);
    });

    it("shortens the grace when it is told to", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const pod = await fixture.addBarePod({ name: "bare", nodeName, graceSeconds: 600, shutdown: "stuck" });
      await fixture.settle();
      const requestedAt = fixture.now();
      await fixture.kubernetes.evict(pod, { graceSeconds: 30 });
      assertNear(await deletionAtOf(fixture, nodeName), requestedAt + 30_000);
    });

    it("only ever tightens a deadline", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const pod = await fixture.addBarePod({ name: "bare", nodeName, graceSeconds: 600, shutdown: "stuck" });
      await fixture.settle();
      const requestedAt = fixture.now();
      await fixture.kubernetes.evict(pod);
      assert.deepEqual(await fixture.kubernetes.deletePod(pod, 60), { kind: "accepted" });
      assertNear(await deletionAtOf(fixture, nodeName), requestedAt + 60_000);
      const tightened = await deletionAtOf(fixture, nodeName);
      assert.deepEqual(await fixture.kubernetes.deletePod(pod, 900), { kind: "accepted" });
      assert.deepEqual(await fixture.kubernetes.evict(pod), { kind: "accepted" });
      assert.equal(await deletionAtOf(fixture, nodeName), tightened);
    });

    it("keeps a pod for its whole grace, and no longer", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const pod = await fixture.addBarePod({ name: "bare", nodeName, graceSeconds: 4 });
      await fixture.settle();
      await fixture.kubernetes.evict(pod);
      await fixture.wait(1_500);
      assert.equal((await podsOn(fixture, nodeName)).length, 1);
      await eventually(fixture, "the pod is gone", () => isGone(fixture, { ...pod, nodeName }));
    });

    it("keeps a pod with a finalizer until that is taken off", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const pod = await fixture.addBarePod({ name: "held", nodeName, finalizers: ["lab.test/hold"], graceSeconds: 1 });
      await fixture.settle();
      await fixture.kubernetes.evict(pod);
      await fixture.wait(4_000);
      const held = await podOn(fixture, nodeName);
      assert.deepEqual(held.finalizers, ["lab.test/hold"]);
      assert.notEqual(held.deletionAt, null);
      await fixture.removeFinalizers("held");
      await eventually(fixture, "the pod is gone", () => isGone(fixture, held));
    });
  });

  describe("deleting", () => {
    it("goes past a budget", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture);
      await fixture.addBudget({ name: "web", minAvailable: 1 });
      await fixture.settle();
      const pod = await podOn(fixture, nodeName);
      assert.deepEqual(await fixture.kubernetes.deletePod(pod, 1), { kind: "accepted" });
      await eventually(fixture, "the pod is gone", () => isGone(fixture, pod));
      assert.deepEqual(await fixture.kubernetes.deletePod(pod, 1), { kind: "gone" });
    });

    it("T20: grace 0 removes the object at once, though its container never ends", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const pod = await fixture.addBarePod({ name: "bare", nodeName, graceSeconds: 600, shutdown: "stuck" });
      await fixture.settle();
      await fixture.kubernetes.evict(pod);
      assert.equal((await podOn(fixture, nodeName)).uid, pod.uid);
      assert.deepEqual(await fixture.kubernetes.deletePod(pod, 0, { isInstanceGone: true }), { kind: "accepted" });
      assert.deepEqual(await podsOn(fixture, nodeName), []);
    });

    it("answers gone for a UID that is not the pod's and touches nothing", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture);
      const pod = await podOn(fixture, nodeName);
      assert.deepEqual(await fixture.kubernetes.deletePod({ ...pod, uid: OTHER_UID }, 1), { kind: "gone" });
      assert.equal((await podOn(fixture, nodeName)).deletionAt, null);
    });
  });
}
