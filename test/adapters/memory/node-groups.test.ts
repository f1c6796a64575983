import assert from "node:assert/strict";

import { boundPods, clusterWith, firstGroup } from "./cluster-under-test.js";

const ASLEEP = { min: 0, desired: 0, max: 4 };
const AWAKE = { min: 1, desired: 2, max: 4 };
const WEB = { name: "web", size: AWAKE };

describe("in-memory node groups", () => {
  it("refuse loudly what AWS refuses", async () => {
    const { cluster } = clusterWith([WEB, { name: "batch", kind: "self-managed", size: AWAKE }]);
    for (const group of await cluster.capacity.listGroups()) {
      for (const size of [
        { min: 0, desired: 0, max: 0 },
        { min: 2, desired: 1, max: 4 },
        { min: 0, desired: 5, max: 4 },
      ]) {
        await assert.rejects(() => cluster.capacity.resize(group, size, "token"), RangeError);
      }
    }
  });

  it("refuse loudly a token that comes back with another size", async () => {
    const { cluster } = clusterWith([WEB]);
    const group = await firstGroup(cluster);
    await cluster.capacity.resize(group, ASLEEP, "token");
    await assert.rejects(() => cluster.capacity.resize(group, AWAKE, "token"), RangeError);
  });

  it("follow a resize in time: update, instance, Node, Ready", async () => {
    const timings = { updateMs: 1_000, bootMs: 10_000, readyMs: 5_000, terminateMs: 3_000 };
    const { cluster, clock } = clusterWith([{ ...WEB, size: { min: 0, desired: 0, max: 4 }, ...timings }]);
    const group = await firstGroup(cluster);
    await cluster.capacity.resize(group, { min: 0, desired: 1, max: 4 }, "up");
    const look = async () => {
      const [seen] = await cluster.capacity.readInstances([group]);
      const nodes = await cluster.kubernetes.listNodes();
      return [seen?.instances.map(({ state }) => state), nodes.map(({ ready }) => ready)];
    };
    assert.deepEqual(await look(), [[], []]);
    await clock.sleep(1_000);
    assert.deepEqual(await look(), [["Pending"], []]);
    await clock.sleep(10_000);
    assert.deepEqual(await look(), [["InService"], ["False"]]);
    await clock.sleep(5_000);
    assert.deepEqual(await look(), [["InService"], ["True"]]);
    await cluster.capacity.resize(group, ASLEEP, "down");
    await clock.sleep(1_000);
    assert.deepEqual(await look(), [["Terminating"], ["True"]]);
    await clock.sleep(3_000);
    assert.deepEqual(await look(), [[], []]);
  });

  it("give their nodes the instance's id, zone and group", async () => {
    const { cluster } = clusterWith([{ ...WEB, zones: ["eu-west-1a", "eu-west-1b"] }]);
    const [seen] = await cluster.capacity.readInstances([await firstGroup(cluster)]);
    const nodes = await cluster.kubernetes.listNodes();
    assert.deepEqual(
      nodes.map(({ instanceId, labels }) => ({
        id: instanceId,
        zone: labels["topology.kubernetes.io/zone"],
        group: labels["eks.amazonaws.com/nodegroup"],
      })),
      seen?.instances.map(({ id, zone }) => ({ id, zone, group: "web" })),
    );
    assert.deepEqual(seen?.instances.map(({ zone }) => zone).sort(), ["eu-west-1a", "eu-west-1b"]);
  });

  it("keep a protected instance", async () => {
    const { cluster, clock } = clusterWith([WEB]);
    const group = await firstGroup(cluster);
    const [before] = await cluster.capacity.readInstances([group]);
    const guarded = before?.instances[0]?.id ?? "";
    cluster.setScaleInProtection(guarded, true);
    await cluster.capacity.resize(group, ASLEEP, "to-sleep");
    await clock.sleep(60_000);
    const [after] = await cluster.capacity.readInstances([group]);
    assert.deepEqual(
      after?.instances.map(({ id, isProtectedFromScaleIn }) => [id, isProtectedFromScaleIn]),
      [[guarded, true]],
    );
  });

  it("report an update that failed, and keep their size", async () => {
    const { cluster, clock } = clusterWith([WEB]);
    const group = await firstGroup(cluster);
    cluster.failNextUpdate(group.id, "the launch template is gone");
    const answer = await cluster.capacity.resize(group, ASLEEP, "to-sleep");
    assert.equal(answer.kind, "accepted");
    await clock.sleep(60_000);
    const status = await cluster.capacity.resizeStatus(group, answer.updateId ?? "");
    assert.deepEqual(status, { kind: "failed", message: "the launch template is gone" });
    assert.deepEqual((await firstGroup(cluster)).size, AWAKE);
    assert.equal((await cluster.kubernetes.listNodes()).length, 2);
  });

  it("are degraded and say why while launches fail, and recover", async () => {
    const { cluster, clock } = clusterWith([{ ...WEB, size: { min: 0, desired: 0, max: 4 } }]);
    const group = await firstGroup(cluster);
    cluster.setLaunchIssue(group.id, "AsgInstanceLaunchFailures: InsufficientFreeAddresses");
    await cluster.capacity.resize(group, AWAKE, "to-wake");
    await clock.sleep(60_000);
    const degraded = await firstGroup(cluster);
    assert.equal(degraded.status, "DEGRADED");
    assert.deepEqual(degraded.healthIssues, ["AsgInstanceLaunchFailures: InsufficientFreeAddresses"]);
    assert.deepEqual(await cluster.kubernetes.listNodes(), []);
    cluster.setLaunchIssue(group.id, null);
    await clock.sleep(60_000);
    assert.equal((await firstGroup(cluster)).status, "ACTIVE");
    assert.equal((await cluster.kubernetes.listNodes()).length, 2);
  });

  it("are busy while a scaling activity runs", async () => {
    const { cluster } = clusterWith([{ name: "batch", kind: "self-managed", size: AWAKE }]);
    const group = await firstGroup(cluster);
    cluster.setScalingBusy(group.id, true);
    assert.equal((await cluster.capacity.resize(group, ASLEEP, "one")).kind, "busy");
    cluster.setScalingBusy(group.id, false);
    assert.equal((await cluster.capacity.resize(group, ASLEEP, "two")).kind, "accepted");
  });

  it("are busy in a status that EKS does not update in", async () => {
    const { cluster } = clusterWith([WEB]);
    cluster.setGroupStatus("managed/web", "CREATING");
    const group = await firstGroup(cluster);
    assert.equal(group.status, "CREATING");
    assert.equal((await cluster.capacity.resize(group, ASLEEP, "one")).kind, "busy");
  });

  it("bring a new node when an instance is replaced in the middle of things", async () => {
    const { cluster, clock } = clusterWith([{ ...WEB, bootMs: 10_000, terminateMs: 20_000 }]);
    const [old] = await cluster.kubernetes.listNodes();
    cluster.after(30_000, () => cluster.replaceInstance(old?.instanceId ?? ""));
    await clock.sleep(41_000);
    assert.equal((await cluster.kubernetes.listNodes()).length, 3);
    await clock.sleep(10_000);
    const names = (await cluster.kubernetes.listNodes()).map(({ name }) => name);
    assert.equal(names.length, 2);
    assert.ok(!names.includes(old?.name ?? ""));
  });

  it("kill what still runs when they shrink, and keep account of it", async () => {
    const { cluster, clock } = clusterWith([WEB]);
    cluster.addDeployment({ name: "shop", replicas: 2 });
    cluster.addDaemonSet({ name: "agent" });
    await cluster.capacity.resize(await firstGroup(cluster), ASLEEP, "to-sleep");
    await clock.sleep(60_000);
    assert.deepEqual(await boundPods(cluster), []);
    const killed = cluster.killedPods().map(({ name }) => name);
    assert.ok(killed.length >= 2 && killed.every((name) => name.startsWith("shop-")));
    assert.ok(cluster.allPods().every(({ nodeName, phase }) => nodeName === null && phase === "Pending"));
  });

  it("can be changed, added and deleted by hand", async () => {
    const { cluster, clock } = clusterWith([WEB]);
    cluster.addGroup({ name: "api", size: { min: 0, desired: 1, max: 1 } });
    cluster.setSizeByHand("managed/web", { min: 0, desired: 3, max: 4 });
    await clock.sleep(60_000);
    assert.equal((await cluster.kubernetes.listNodes()).length, 4);
    cluster.removeGroup("managed/web");
    await clock.sleep(60_000);
    assert.deepEqual(
      (await cluster.capacity.listGroups()).map(({ id }) => id),
      ["managed/api"],
    );
    assert.equal((await cluster.kubernetes.listNodes()).length, 1);
  });
});
