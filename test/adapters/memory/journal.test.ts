import assert from "node:assert/strict";

import { boundPods, clusterWith, firstGroup } from "./cluster-under-test.js";

const WEB = { name: "web", size: { min: 1, desired: 2, max: 4 } };

describe("the journal of an in-memory world", () => {
  it("holds every changing call in order, with what came of it", async () => {
    const { cluster, world, clock } = clusterWith([WEB]);
    const owner = cluster.addDeployment({ name: "shop" });
    cluster.putBudget({ name: "shop", minAvailable: 1 });
    const [pod] = await boundPods(cluster);
    assert.ok(pod);
    await cluster.kubernetes.patchNode(pod.nodeName, { unschedulable: true });
    await clock.sleep(5_000);
    await cluster.kubernetes.evict(pod);
    await cluster.kubernetes.scaleOwner(owner, 0);
    await cluster.kubernetes.deletePod(pod, 1);
    await cluster.capacity.resize(await firstGroup(cluster), { min: 0, desired: 0, max: 4 }, "to-sleep");
    assert.deepEqual(
      world.mutations().map(({ sequence, at, call, target, outcome }) => [sequence, at, call, target, outcome]),
      [
        [1, 0, "patchNode", pod.nodeName, "changed"],
        [2, 5_000, "evict", `default/${pod.name}`, "budget-exhausted"],
        [3, 5_000, "scaleOwner", "Deployment/default/shop", "scaled"],
        [4, 5_000, "deletePod", `default/${pod.name}`, "accepted"],
        [5, 5_000, "resize", "managed/web", "accepted"],
      ],
    );
    assert.ok(world.mutations().every(({ clusterId }) => clusterId === cluster.id));
  });

  it("stays empty over reads, dry runs, patches that change nothing, and other people's changes", async () => {
    const { cluster, world } = clusterWith([WEB]);
    cluster.addDeployment({ name: "shop" });
    const [pod] = await boundPods(cluster);
    assert.ok(pod);
    cluster.cordonByHand(pod.nodeName, true);
    await cluster.kubernetes.patchNode(pod.nodeName, { unschedulable: true });
    await cluster.kubernetes.patchNode("no-such-node", { unschedulable: true });
    await cluster.kubernetes.evict(pod, { dryRun: true });
    assert.deepEqual(world.mutations(), []);
  });

  for (const moment of ["before", "after"] as const) {
    it(`lets a run crash ${moment} an effect`, async () => {
      const { cluster, world } = clusterWith([WEB]);
      const [node] = await cluster.kubernetes.listNodes();
      const stop = world.onMutation(({ call }, when) => {
        if (call === "patchNode" && when === moment) throw new Error("killed");
      });
      await assert.rejects(() => cluster.kubernetes.patchNode(node?.name ?? "", { unschedulable: true }), /killed/);
      const [seen] = await cluster.kubernetes.listNodes();
      assert.equal(seen?.isUnschedulable, moment === "after");
      assert.deepEqual(
        world.mutations().map(({ outcome }) => outcome),
        [moment === "after" ? "changed" : null],
      );
      stop();
      assert.equal(await cluster.kubernetes.patchNode(node?.name ?? "", { unschedulable: false }), "changed");
    });
  }
});
