import assert from "node:assert/strict";

import { runFixture } from "./fixture.js";

const ASLEEP = { "asg/batch": [0, 0, 4], "managed/general": [0, 0, 6] };
const AWAKE = { "asg/batch": [0, 2, 4], "managed/general": [1, 3, 6] };

describe("a hibernate", () => {
  it("takes every group to zero, keeps its maximum, and leaves no node", async () => {
    const { run, sizes, cluster } = runFixture();
    cluster.addDeployment({ name: "web", replicas: 6 });
    const report = await run("hibernated");
    assert.equal(report.result, "completed", report.summary);
    assert.equal(report.reached, "hibernated");
    assert.deepEqual(await sizes(), ASLEEP);
    assert.deepEqual(await cluster.kubernetes.listNodes(), []);
    assert.deepEqual(cluster.killedPods(), []);
  });

  it("saves the sizes before its first change", async () => {
    const { run, store, world } = runFixture();
    const savedAt: unknown[] = [];
    world.onMutation((_, moment) => {
      if (moment === "before") savedAt.push(store.readCycle("111111111111/eu-west-1/pay"));
    });
    await run("hibernated");
    const [first] = await Promise.all(savedAt);
    assert.match(JSON.stringify(first), /general.*desired\\":3/);
  });

  it("S27: done twice keeps the first record, and a wake restores the original sizes", async () => {
    const { run, sizes } = runFixture();
    await run("hibernated");
    const second = await run("hibernated", { operationId: "op-2" });
    assert.equal(second.result, "nothing-to-do");
    const woken = await run("running", { operationId: "op-3" });
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual(await sizes(), AWAKE);
  });

  it("refuses a group that was at zero with nothing recorded as a size to wake to", async () => {
    const { run } = runFixture({ groups: [{ name: "general", size: { min: 0, desired: 0, max: 6 } }] });
    const asleep = await run("hibernated");
    assert.equal(asleep.result, "nothing-to-do");
    const woken = await run("running");
    assert.equal(woken.result, "blocked");
    assert.equal(woken.failure?.code, "snapshot-missing");
    assert.match(woken.failure.remedy, /--min-nodes/);
  });

  it("S2: under the policy wait it stops at the deadline, names the budget, scales nothing and takes its cordons back", async () => {
    const { run, sizes, cluster } = runFixture();
    cluster.addDeployment({ name: "web", replicas: 3 });
    cluster.putBudget({ name: "web", minAvailable: 2 });
    const report = await run("hibernated", { settings: { drain: { timeoutSeconds: 120 } } });
    assert.equal(report.result, "blocked");
    assert.equal(report.failure?.code, "drain-blocked");
    assert.match(report.failure.message, /default\/web/);
    assert.match(report.failure.message, /needs 2/);
    assert.deepEqual(await sizes(), AWAKE);
    const nodes = await cluster.kubernetes.listNodes();
    assert.deepEqual(
      nodes.filter((node) => node.isUnschedulable),
      [],
    );
  });

  it("scale-owners empties the cluster, and the wake gives the replicas back", async () => {
    const { run, cluster } = runFixture();
    const owner = cluster.addDeployment({ name: "web", replicas: 3 });
    cluster.putBudget({ name: "web", minAvailable: 2 });
    const settings = { drain: { timeoutSeconds: 120, policy: "scale-owners" as const } };
    const asleep = await run("hibernated", { settings });
    assert.equal(asleep.result, "completed", asleep.summary);
    assert.equal((await cluster.kubernetes.readOwner(owner))?.replicas, 0);
    await run("running", { operationId: "op-2" });
    assert.equal((await cluster.kubernetes.readOwner(owner))?.replicas, 3);
  });

  it("S24: leaves a node cordoned by a person as it was after a hibernate that was taken back", async () => {
    const { run, cluster } = runFixture();
    const [theirs] = await cluster.kubernetes.listNodes();
    assert.ok(theirs);
    cluster.cordonByHand(theirs.name, true);
    cluster.addDeployment({ name: "web", replicas: 3 });
    cluster.putBudget({ name: "web", minAvailable: 2 });
    await run("hibernated", { settings: { drain: { timeoutSeconds: 60 } } });
    const cordoned = (await cluster.kubernetes.listNodes()).filter((node) => node.isUnschedulable);
    assert.deepEqual(
      cordoned.map((node) => node.name),
      [theirs.name],
    );
  });

  it("S28: changes nothing when the store cannot be written", async () => {
    const { run, world, ports } = runFixture();
    const store = { ...ports.store, openCycle: () => Promise.reject(new Error("disk full")) };
    const report = await run("hibernated", { ports: { store } });
    assert.equal(report.result, "failed");
    assert.deepEqual(world.mutations(), []);
  });

  it("S29: waits while somebody else updates a group, then goes on", async () => {
    const { run, sizes, cluster } = runFixture();
    cluster.startForeignUpdate("managed/general", 90_000);
    const report = await run("hibernated");
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(await sizes(), ASLEEP);
  });

  it("S31: refuses before any change when Terminate is suspended or an instance is protected", async () => {
    const { run, cluster, world } = runFixture();
    cluster.suspendProcesses("asg/batch", ["Terminate"]);
    const report = await run("hibernated");
    assert.equal(report.result, "blocked");
    assert.equal(report.failure?.code, "group-stuck");
    assert.deepEqual(world.mutations(), []);
  });

  it("stops at a safe point when it is cancelled, takes its cordons back and keeps the sizes", async () => {
    const { run, sizes, cluster, ports } = runFixture();
    cluster.addDeployment({ name: "web", replicas: 3 });
    cluster.putBudget({ name: "web", minAvailable: 3 });
    const person = new AbortController();
    void ports.clock.sleep(20_000).then(() => person.abort());
    const report = await run("hibernated", { budget: { signal: person.signal } });
    assert.equal(report.failure?.code, "cancelled");
    assert.equal(report.reached, "running");
    assert.deepEqual(await sizes(), AWAKE);
    assert.ok((await cluster.kubernetes.listNodes()).every((node) => !node.isUnschedulable));
    assert.ok(await ports.store.readCycle("111111111111/eu-west-1/pay"));
  });

  it("leaves its cordons for the next run when settings say so, and says it", async () => {
    const { run, cluster } = runFixture();
    cluster.addDeployment({ name: "web", replicas: 3 });
    cluster.putBudget({ name: "web", minAvailable: 2 });
    const settings = { onStoppedHibernate: "leave" as const, drain: { timeoutSeconds: 60 } };
    const report = await run("hibernated", { settings });
    assert.equal(report.failure?.code, "drain-blocked");
    assert.match(report.warnings.join(" "), /Nothing was taken back/);
    assert.ok((await cluster.kubernetes.listNodes()).every((node) => node.isUnschedulable));
    cluster.putBudget({ name: "web", minAvailable: 0 });
    const again = await run("hibernated", { settings, operationId: "op-2" });
    assert.equal(again.result, "completed", again.summary);
  });

  it("saves anew after it was taken back, so that sizes changed by day are the ones restored", async () => {
    const { run, sizes, cluster } = runFixture();
    cluster.addDeployment({ name: "web", replicas: 3 });
    cluster.putBudget({ name: "web", minAvailable: 3 });
    await run("hibernated", { settings: { drain: { timeoutSeconds: 30 } } });
    cluster.setSizeByHand("managed/general", { min: 2, desired: 5, max: 9 });
    cluster.removeBudget({ name: "web" });
    await run("hibernated", { operationId: "op-2" });
    await run("running", { operationId: "op-3" });
    assert.deepEqual((await sizes())["managed/general"], [2, 5, 9]);
  });

  it("makes no call at all for an excluded cluster", async () => {
    const { run, world, cluster } = runFixture();
    cluster.faults.begin("credentials-expired");
    const target = { id: "111111111111/eu-west-1/pay", exclusion: { reason: "runs the pager" } };
    const { ports } = runFixture();
    assert.ok(ports);
    const report = await run("hibernated", { cluster: { ...(await anyTarget()), ...target } });
    assert.equal(report.failure?.code, "cluster-excluded");
    assert.deepEqual(world.mutations(), []);
  });
});

async function anyTarget() {
  const { DEFAULT_SETTINGS } = await import("../../runtime/cycle/index.js");
  const identity = { account: "111111111111", region: "eu-west-1", name: "pay" };
  return { identity, access: {}, settings: DEFAULT_SETTINGS, exclusionsByTag: [] };
}
