import assert from "node:assert/strict";
import fc from "fast-check";

import { createSimulatedConnector } from "../../../runtime/adapters/memory/simulated-connector.js";
import { createMemoryWorld } from "../../../runtime/adapters/memory/world.js";
import { fakeClock } from "../../fakes/fake-clock.js";
import { boundPods, clusterWith, firstGroup } from "./cluster-under-test.js";

const WEB = { name: "web", size: { min: 1, desired: 2, max: 4 } };

describe("an in-memory cluster", () => {
  it("comes to the same end however often somebody looks", async () => {
    /** A story with overlapping waits, watched at the given instants. */
    async function endAfterLooks(lookMs: readonly number[]): Promise<unknown> {
      const { cluster, clock } = clusterWith([WEB]);
      cluster.addDeployment({ name: "shop", replicas: 3, graceSeconds: 7, startMs: 2_000 });
      cluster.addStatefulSet({ name: "db", replicas: 2, graceSeconds: 11, startMs: 3_000 });
      cluster.putBudget({ name: "db", maxUnavailable: 1 });
      cluster.after(20_000, () => cluster.setSizeByHand("managed/web", { min: 0, desired: 1, max: 4 }));
      cluster.after(25_000, () => cluster.deletePodByHand({ name: "db-0" }));
      for (const ms of [...lookMs].sort((a, b) => a - b)) {
        await clock.sleep(Math.max(0, ms - clock.now()));
        await boundPods(cluster);
      }
      await clock.sleep(200_000 - clock.now());
      return [await cluster.kubernetes.listNodes(), await boundPods(cluster), await cluster.kubernetes.listBudgets()];
    }
    const unwatched = await endAfterLooks([]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 12 }), async (lookMs) => {
        assert.deepEqual(await endAfterLooks(lookMs), unwatched);
      }),
      { numRuns: 30 },
    );
  });

  it("never falls below a budget when evictions are only repeated (S1)", async () => {
    const { cluster, clock } = clusterWith([{ name: "web", size: { min: 1, desired: 2, max: 4 } }]);
    const [leaving] = await cluster.kubernetes.listNodes();
    assert.ok(leaving);
    cluster.addDeployment({ name: "shop", replicas: 3, graceSeconds: 5, startMs: 4_000 });
    await clock.sleep(10_000);
    cluster.putBudget({ name: "shop", minAvailable: 2 });
    await cluster.kubernetes.patchNode(leaving.name, { unschedulable: true });
    for (let round = 0; round < 20; round += 1) {
      for (const pod of await cluster.kubernetes.listPods([leaving.name])) {
        if (pod.deletionAt === null) await cluster.kubernetes.evict(pod);
      }
      await clock.sleep(2_000);
    }
    assert.deepEqual(await cluster.kubernetes.listPods([leaving.name]), []);
    assert.equal(cluster.budget({ name: "shop" })?.lowestHealthy, 2);
    assert.equal(cluster.budget({ name: "shop" })?.currentHealthy, 3);
  });

  it("counts a same-name replacement against its budget for two minutes when the controller was behind (41)", async () => {
    const { cluster, clock } = clusterWith([WEB]);
    cluster.addStatefulSet({ name: "db", replicas: 2, shutdown: "fast" });
    cluster.putBudget({ name: "db", minAvailable: 1 });
    cluster.pauseBudgetController();
    const pod = (await boundPods(cluster)).find(({ name }) => name === "db-0");
    assert.ok(pod);
    assert.equal((await cluster.kubernetes.evict(pod)).kind, "accepted");
    await clock.sleep(1_000);
    cluster.resumeBudgetController();
    assert.ok((await boundPods(cluster)).every(({ isReady }) => isReady));
    assert.equal(cluster.budget({ name: "db" })?.currentHealthy, 1);
    await clock.sleep(118_000);
    assert.equal(cluster.budget({ name: "db" })?.currentHealthy, 1);
    await clock.sleep(1_000);
    assert.equal(cluster.budget({ name: "db" })?.currentHealthy, 2);
  });

  it("ends nothing on a node whose kubelet is dead, until it comes back", async () => {
    const { cluster, clock } = clusterWith([WEB]);
    cluster.addDeployment({ name: "shop", graceSeconds: 5 });
    const [pod] = await boundPods(cluster);
    assert.ok(pod);
    cluster.setNodeReady(pod.nodeName, "Unknown");
    assert.equal((await cluster.kubernetes.evict(pod)).kind, "accepted");
    await clock.sleep(600_000);
    assert.ok((await boundPods(cluster)).some(({ uid }) => uid === pod.uid));
    cluster.setNodeReady(pod.nodeName, "True");
    await clock.sleep(1);
    assert.ok((await boundPods(cluster)).every(({ uid }) => uid !== pod.uid));
  });

  it("puts a pod that tolerates everything back on a cordoned node (S22)", async () => {
    const { cluster } = clusterWith([{ name: "web", size: { min: 1, desired: 1, max: 1 } }]);
    cluster.addDeployment({ name: "stubborn", toleratesEverything: true, shutdown: "fast" });
    const [pod] = await boundPods(cluster);
    assert.ok(pod);
    await cluster.kubernetes.patchNode(pod.nodeName, { unschedulable: true });
    await cluster.kubernetes.evict(pod);
    const [again] = await boundPods(cluster);
    assert.equal(again?.nodeName, pod.nodeName);
    assert.notEqual(again.uid, pod.uid);
  });

  it("leaves the pods of a deleted DaemonSet as orphans when it is told to (S9)", async () => {
    const { cluster } = clusterWith([WEB]);
    cluster.addDaemonSet({ name: "agent" });
    cluster.removeWorkload("DaemonSet", { name: "agent" }, { orphanPods: true });
    const pods = await boundPods(cluster);
    assert.equal(pods.length, 2);
    assert.equal(pods[0]?.controller?.kind, "DaemonSet");
    assert.equal(await cluster.kubernetes.daemonSetExists("default", "agent"), false);
  });

  it("refuses a grace of 0, which no caller may send (61)", async () => {
    const { cluster } = clusterWith([WEB]);
    cluster.addDeployment({ name: "shop" });
    const [pod] = await boundPods(cluster);
    await assert.rejects(() => cluster.kubernetes.deletePod(pod!, 0), RangeError);
  });

  it("takes no eviction whose caller has given up", async () => {
    const { cluster, world } = clusterWith([WEB]);
    cluster.addDeployment({ name: "shop" });
    const [pod] = await boundPods(cluster);
    const answer = await cluster.kubernetes.evict(pod!, { signal: AbortSignal.abort() });
    assert.equal(answer.kind, "transient");
    assert.deepEqual(world.mutations(), []);
  });

  it("tells what somebody sets of its control plane", async () => {
    const { cluster } = clusterWith();
    cluster.setFacts({ authenticationMode: "CONFIG_MAP", status: "UPDATING" });
    const facts = await cluster.capacity.describeCluster();
    assert.deepEqual([facts.authenticationMode, facts.status], ["CONFIG_MAP", "UPDATING"]);
  });
});

describe("an in-memory world", () => {
  it("holds a thousand clusters apart", async () => {
    const world = createMemoryWorld({ clock: fakeClock() });
    const identities = Array.from({ length: 1_000 }, (_, index) => ({
      account: "222222222222",
      region: "eu-west-1",
      name: `cluster-${index}`,
    }));
    for (const identity of identities) world.addCluster({ identity, groups: [WEB] });
    const nodes = await Promise.all(identities.map((each) => world.cluster(each).kubernetes.listNodes()));
    assert.equal(new Set(nodes.flat().map(({ instanceId }) => instanceId)).size, 2_000);
  });

  it("no longer finds a deleted cluster", async () => {
    const { cluster, world } = clusterWith([WEB]);
    const identity = { account: "222222222222", region: "eu-west-1", name: "payments-dev" };
    const capacity = await world.connector().capacity(identity, {});
    const group = await firstGroup(cluster);
    world.removeCluster(identity);
    await assert.rejects(() => capacity.describeCluster(), { code: "cluster-not-found" });
    await assert.rejects(() => capacity.readInstances([group]), { code: "cluster-not-found" });
  });

  it("rehearses with clusters that exist as soon as they are asked for", async () => {
    const clock = fakeClock();
    const connector = createSimulatedConnector(clock);
    const identity = { account: "222222222222", region: "eu-west-1", name: "any" };
    const capacity = await connector.capacity(identity, {});
    const kubernetes = await connector.kubernetes(identity, {}, await capacity.describeCluster());
    assert.equal((await capacity.listGroups()).length, 1);
    assert.equal((await kubernetes.listNodes()).length, 2);
  });
});
