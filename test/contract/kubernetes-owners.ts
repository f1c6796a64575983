import assert from "node:assert/strict";

import { eventually } from "./eventually.js";
import type { CurrentFixture } from "./kubernetes-look.js";
import { podOn, podsOn } from "./kubernetes-look.js";

const OTHER_UID = "00000000-0000-4000-8000-ffffffffffff";

/** Owners, and scaling them. */
export function describeOwners(current: CurrentFixture): void {
  describe("owners", () => {
    it("finds the Deployment behind a pod's ReplicaSet", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const deployment = await fixture.addDeployment({ name: "web", nodeName, replicas: 2 });
      await fixture.settle();
      const [pod] = await podsOn(fixture, nodeName);
      const owner = await fixture.kubernetes.findScalableOwner(pod!);
      assert.deepEqual(
        [owner?.kind, owner?.name, owner?.uid, owner?.replicas],
        ["Deployment", "web", deployment.uid, 2],
      );
    });

    it("finds StatefulSets and lonely ReplicaSets", async () => {
      const fixture = current();
      const [first, second] = [await fixture.addNode(), await fixture.addNode()];
      const set = await fixture.addStatefulSet({ name: "db", nodeName: first });
      const replicas = await fixture.addReplicaSet({ name: "lonely", nodeName: second });
      await fixture.settle();
      for (const [nodeName, expected] of [
        [first, set],
        [second, replicas],
      ] as const) {
        const owner = await fixture.kubernetes.findScalableOwner(await podOn(fixture, nodeName));
        assert.deepEqual([owner?.kind, owner?.uid, owner?.replicas], [expected.kind, expected.uid, 1]);
      }
    });

    it("finds none for daemons and bare pods", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addDaemonSet({ name: "agent" });
      await fixture.addBarePod({ name: "bare", nodeName });
      await fixture.settle();
      const pods = await podsOn(fixture, nodeName);
      assert.equal(pods.length, 2);
      for (const pod of pods) assert.equal(await fixture.kubernetes.findScalableOwner(pod), null);
    });

    it("scales an owner to nothing and back, as often as it is asked to", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const owner = await fixture.addDeployment({ name: "web", nodeName, replicas: 3, shutdown: "fast" });
      await fixture.settle();
      for (const replicas of [0, 0, 3, 3]) {
        assert.equal(await fixture.kubernetes.scaleOwner(owner, replicas), "scaled");
        assert.equal((await fixture.kubernetes.readOwner(owner))?.replicas, replicas);
        await eventually(
          fixture,
          `${replicas} pods`,
          async () => (await podsOn(fixture, nodeName)).length === replicas,
        );
      }
    });

    it("scales a StatefulSet from the top down", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const owner = await fixture.addStatefulSet({ name: "db", nodeName, replicas: 3, shutdown: "fast" });
      await fixture.settle();
      assert.equal(await fixture.kubernetes.scaleOwner(owner, 1), "scaled");
      await eventually(fixture, "one pod is left", async () => (await podsOn(fixture, nodeName)).length === 1);
      assert.equal((await podOn(fixture, nodeName)).name, "db-0");
    });

    it("does not touch another object by the same name", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const owner = await fixture.addDeployment({ name: "web", nodeName });
      await fixture.settle();
      const other = { ...owner, uid: OTHER_UID };
      assert.equal(await fixture.kubernetes.readOwner(other), null);
      assert.equal(await fixture.kubernetes.scaleOwner(other, 0), "gone");
      assert.equal((await fixture.kubernetes.readOwner(owner))?.replicas, 1);
    });

    it("says that a deleted owner is gone", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const owner = await fixture.addStatefulSet({ name: "db", nodeName, shutdown: "fast" });
      await fixture.settle();
      await fixture.removeWorkload(owner);
      await eventually(fixture, "it is gone", async () => (await fixture.kubernetes.readOwner(owner)) === null);
      assert.equal(await fixture.kubernetes.scaleOwner(owner, 1), "gone");
    });

    it("knows which DaemonSets exist", async () => {
      const fixture = current();
      await fixture.addDaemonSet({ name: "agent" });
      assert.equal(await fixture.kubernetes.daemonSetExists(fixture.namespace, "agent"), true);
      assert.equal(await fixture.kubernetes.daemonSetExists(fixture.namespace, "other"), false);
    });
  });
}
