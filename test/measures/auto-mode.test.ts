import assert from "node:assert/strict";

import { NODE_CLAIMS } from "../../runtime/cycle/index.js";
import { runFixture } from "../run/fixture.js";
import { installKarpenter } from "./twin-karpenter.js";

const ON = { nodePools: ["general-purpose", "system"], nodeRoleArn: "arn:aws:iam::111111111111:role/auto-node" };
const OFF = { nodePools: [], nodeRoleArn: null };

/** A cluster of EKS Auto Mode: switching its built-in pools off ends their nodes, as EKS does. */
function autoModeCluster(groups: Parameters<typeof runFixture>[0] = {}) {
  const fixture = runFixture({ ...groups, autoMode: ON });
  const { cluster, world } = fixture;
  const karpenter = installKarpenter(cluster, { isAutoMode: true });
  karpenter.addPool("general-purpose", {}, 2);
  world.onMutation(({ call, detail }, moment) => {
    if (call !== "switchBuiltInPools" || moment !== "after" || detail["nodeRoleArn"] !== null) return;
    for (const name of karpenter.claimNames()) cluster.objects.remove(NODE_CLAIMS, { name });
  });
  const live = async () => (await cluster.capacity.describeCluster()).autoMode;
  const switches = () => world.mutations().filter(({ call }) => call === "switchBuiltInPools");
  return { ...fixture, karpenter, live, switches };
}

describe("EKS Auto Mode (safe-cycle H37)", () => {
  it("switches the built-in pools off for the night and on again exactly", async () => {
    const { run, live, karpenter, switches } = autoModeCluster();
    const slept = await run("hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual(await live(), OFF);
    assert.deepEqual(karpenter.claimNames(), []);
    const woken = await run("running", { operationId: "op-2" });
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual(await live(), ON);
    assert.equal(switches().length, 2);
  });

  it("sleeps and wakes a cluster that has no node group at all", async () => {
    const { run, live, cluster } = autoModeCluster({ groups: [] });
    const slept = await run("hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual(await cluster.kubernetes.listNodes(), []);
    const again = await run("hibernated", { operationId: "op-2" });
    assert.equal(again.result, "nothing-to-do");
    const woken = await run("running", { operationId: "op-3" });
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual(await live(), ON);
  });

  it("is switched on again when the hibernate stops before any group was scaled", async () => {
    const { run, live, cluster } = autoModeCluster();
    cluster.addDeployment({ name: "web", replicas: 3 });
    cluster.putBudget({ name: "web", minAvailable: 3 });
    const report = await run("hibernated", { settings: { drain: { timeoutSeconds: 120 } } });
    assert.equal(report.failure?.code, "drain-blocked", report.summary);
    assert.deepEqual(await live(), ON);
  });

  it("leaves pools as they are that somebody switched while the cluster slept, and says so", async () => {
    const { run, live, cluster, switches } = autoModeCluster();
    await run("hibernated");
    const theirs = { ...ON, nodePools: ["system"] };
    cluster.setFacts({ autoMode: theirs });
    const report = await run("running", { operationId: "op-2" });
    assert.deepEqual(await live(), theirs);
    assert.match(report.drift.join(), /general-purpose, system were saved, but they are system/);
    assert.equal(switches().length, 1);
  });

  it("is not switched where settings ask for a report only", async () => {
    const { run, live, switches } = autoModeCluster();
    await run("hibernated", { settings: { measures: { karpenter: "report" } } });
    assert.deepEqual(await live(), ON);
    assert.deepEqual(switches(), []);
  });
});
