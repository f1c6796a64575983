import assert from "node:assert/strict";

import { runFixture } from "../run/fixture.js";
import { installKarpenter } from "./twin-karpenter.js";

const AWAKE = { "asg/batch": [0, 2, 4], "managed/general": [1, 3, 6] };
const ASLEEP = { "asg/batch": [0, 0, 4], "managed/general": [0, 0, 6] };

const CRITICAL = { priorityClassName: "system-cluster-critical", priority: 2_000_000_000 };

function clusterWithKarpenter() {
  const fixture = runFixture();
  return { ...fixture, karpenter: installKarpenter(fixture.cluster) };
}

describe("a cluster with Karpenter", () => {
  it("S40: gets its limits back exactly, absent distinct from a value", async () => {
    const { run, sizes, karpenter } = clusterWithKarpenter();
    karpenter.addPool("open", {}, 2);
    karpenter.addPool("bounded", { limits: { cpu: "100", memory: "1Ti" } }, 1);
    const before = [karpenter.poolSpec("open"), karpenter.poolSpec("bounded")];

    const slept = await run("hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual(karpenter.claimNames(), []);
    assert.match(JSON.stringify(karpenter.poolSpec("open")), /"limits":\{"cpu":"0"\}/);
    assert.match(JSON.stringify(karpenter.poolSpec("bounded")), /"cpu":"0","memory":"1Ti"/);
    assert.deepEqual(await sizes(), ASLEEP);

    const woken = await run("running", { operationId: "op-2" });
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual([karpenter.poolSpec("open"), karpenter.poolSpec("bounded")], before);
  });

  it("S42: a static pool goes 5 -> 0 -> 5, its limits untouched", async () => {
    const { run, karpenter } = clusterWithKarpenter();
    karpenter.addPool("static", { replicas: 5, limits: { nodes: 8 } }, 1);
    const before = karpenter.poolSpec("static");
    await run("hibernated");
    assert.deepEqual(karpenter.poolSpec("static"), { ...(before as object), replicas: 0 });
    await run("running", { operationId: "op-2" });
    assert.deepEqual(karpenter.poolSpec("static"), before);
  });

  it("drains Karpenter's nodes before the groups', kills no pod, and deletes no pool", async () => {
    const { run, cluster, world, karpenter } = clusterWithKarpenter();
    karpenter.addPool("default", {}, 2);
    cluster.addDeployment({ name: "web", replicas: 6 });
    const report = await run("hibernated");
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(cluster.killedPods(), []);
    const calls = world.mutations();
    const firstClaim = calls.findIndex(({ call }) => call === "removeObject");
    const firstResize = calls.findIndex(({ call }) => call === "resize");
    assert.ok(0 <= firstClaim && firstClaim < firstResize);
    assert.deepEqual(
      calls.filter(({ call, target }) => call === "removeObject" && target.startsWith("NodePool")),
      [],
    );
    assert.deepEqual(
      report.steps.map(({ id }) => id).filter((id) => /karpenter|claims|drain/.test(id)),
      ["pause karpenter", "remove-node-claims", "drain"],
    );
    assert.doesNotMatch(report.warnings.join(), /belong to no node group/);
  });

  it("evicts no pod twice, though its nodes go before the groups'", async () => {
    const { run, cluster, world, karpenter } = clusterWithKarpenter();
    karpenter.addPool("default", {}, 2);
    cluster.addDeployment({ name: "web", replicas: 14 });
    const before = cluster.allPods().length;
    const report = await run("hibernated");
    assert.equal(report.result, "completed", report.summary);
    assert.equal(world.mutations().filter(({ call }) => call === "evict").length, before);
  });

  it("keeps the controller, and the DNS that it asks, until the last instance is gone", async () => {
    const { run, cluster, world, karpenter } = clusterWithKarpenter();
    cluster.addDeployment({ namespace: "kube-system", name: "coredns", replicas: 2, ...CRITICAL });
    karpenter.addPool("default", {}, 2);
    cluster.addDeployment({ name: "web", replicas: 14 });
    const report = await run("hibernated");
    assert.equal(report.result, "completed", report.summary);
    const needed = ({ target }: { readonly target: string }) => /kube-system\/(karpenter|coredns)/.test(target);
    const calls = world.mutations();
    const lastClaim = calls.findLastIndex(({ call }) => call === "removeObject");
    const leavings = calls.flatMap(({ call, target }, index) => (call === "evict" ? [{ target, index }] : []));
    assert.ok(leavings.filter((leaving) => !needed(leaving)).every(({ index }) => index < lastClaim));
    assert.equal(leavings.filter(needed).length, 3);
    assert.ok(leavings.filter(needed).every(({ index }) => index > lastClaim));
  });

  it("finds room for critical pods of Karpenter's own nodes before the groups' are closed", async () => {
    const { run, cluster, world, karpenter } = clusterWithKarpenter();
    const groups = (await cluster.kubernetes.listNodes()).map(({ name }) => name);
    for (const name of groups) cluster.cordonByHand(name, true);
    karpenter.addPool("default", {}, 2);
    cluster.addDeployment({ namespace: "kube-system", name: "coredns", replicas: 2, ...CRITICAL });
    for (const name of groups) cluster.cordonByHand(name, false);
    karpenter.stop();
    karpenter.start();
    const report = await run("hibernated");
    assert.equal(report.result, "completed", report.summary);
    const calls = world.mutations();
    const firstMove = calls.findIndex(({ call, target }) => call === "evict" && target.includes("coredns"));
    const firstClosed = calls.findIndex(({ call, target }) => call === "patchNode" && groups.includes(target));
    assert.ok(0 <= firstMove && firstMove < firstClosed);
  });

  it("S41: is not put to sleep while its controller is away: claim and instance are named, nothing is changed", async () => {
    const { run, world, karpenter } = clusterWithKarpenter();
    karpenter.addPool("default", {}, 1);
    karpenter.stop();
    const report = await run("hibernated");
    assert.equal(report.result, "blocked");
    assert.equal(report.failure?.code, "karpenter-stuck");
    assert.match(report.failure.message, /default-1 \(i-01\)/);
    assert.deepEqual(world.mutations(), []);
  });

  it("S41: is taken back when the controller goes away with a claim finalizing: no group is touched", async () => {
    const { run, sizes, cluster, karpenter } = clusterWithKarpenter();
    karpenter.addPool("default", {}, 1);
    const before = karpenter.poolSpec("default");
    cluster.after(10, () => karpenter.stop());
    const report = await run("hibernated");
    assert.equal(report.failure?.code, "karpenter-stuck", report.summary);
    assert.match(report.failure.message, /default-1 \(i-01\)/);
    assert.deepEqual(await sizes(), AWAKE);
    assert.deepEqual(karpenter.poolSpec("default"), before);
    const nodes = await cluster.kubernetes.listNodes();
    assert.deepEqual(
      nodes.filter(({ isUnschedulable }) => isUnschedulable),
      [],
    );
  });

  it("is not put to sleep while its controller runs only on its own node", async () => {
    const { cluster, run, world } = runFixture();
    for (const { name } of await cluster.kubernetes.listNodes()) cluster.cordonByHand(name, true);
    cluster.addNode({ name: "own-1", instanceId: "i-0aa", labels: { "karpenter.sh/nodepool": "own" } });
    installKarpenter(cluster);
    const report = await run("hibernated");
    assert.equal(report.failure?.code, "karpenter-stuck", report.summary);
    assert.match(report.failure.message, /runs only on nodes that it launched itself \(own-1\)/);
    assert.deepEqual(world.mutations(), []);
  });

  it("is awake while a node of Karpenter's is left, though every group is at zero", async () => {
    const { run, sizes, karpenter } = clusterWithKarpenter();
    await run("hibernated");
    karpenter.addPool("late", {}, 1);
    const byCalendar = await run("hibernated", { operationId: "op-2", origin: "schedule" });
    assert.equal(byCalendar.result, "nothing-to-do");
    assert.match(JSON.stringify(byCalendar), /late-1/);
    assert.deepEqual(await sizes(), ASLEEP);
  });

  it("gives its pools back only once the controller serves", async () => {
    const { run, karpenter, cluster } = clusterWithKarpenter();
    karpenter.addPool("default", {}, 1);
    const before = karpenter.poolSpec("default");
    await run("hibernated");
    karpenter.stop();
    const settings = { nodesReadyTimeoutSeconds: 120 };
    const early = await run("running", { operationId: "op-2", settings });
    assert.equal(early.result, "partial");
    assert.match(early.failure?.message ?? "", /controller kube-system\/karpenter did not become ready/);
    assert.notDeepEqual(karpenter.poolSpec("default"), before);
    cluster.after(30_000, () => karpenter.start());
    const late = await run("running", { operationId: "op-3", settings });
    assert.equal(late.result, "completed", late.summary);
    assert.deepEqual(karpenter.poolSpec("default"), before);
  });

  it("leaves pools and nodes alone, and says so, when settings ask for a report only", async () => {
    const { run, world, karpenter } = clusterWithKarpenter();
    karpenter.addPool("default", {}, 1);
    const before = karpenter.poolSpec("default");
    const report = await run("hibernated", { settings: { measures: { karpenter: "report" } } });
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(karpenter.poolSpec("default"), before);
    assert.deepEqual(karpenter.claimNames(), ["default-1"]);
    assert.match(report.warnings.join(), /NodePool\/default.*left alone/);
    assert.match(report.warnings.join(), /1 node\(s\) belong to no node group/);
    assert.deepEqual(
      world.mutations().filter(({ call }) => call === "removeObject"),
      [],
    );
  });
});
