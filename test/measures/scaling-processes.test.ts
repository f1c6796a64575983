import assert from "node:assert/strict";

import { runFixture } from "../run/fixture.js";

async function suspended({ cluster }: ReturnType<typeof runFixture>) {
  const groups = await cluster.capacity.listGroups();
  return Object.fromEntries(groups.map(({ id, observed }) => [id, observed?.suspendedProcesses]));
}

const HELD = ["AZRebalance", "AlarmNotification", "ScheduledActions"];

describe("scaling processes of self-managed groups (safe-cycle H30, H31)", () => {
  it("are suspended for the night, of EKS's own groups none, and resumed exactly", async () => {
    const fixture = runFixture();
    fixture.cluster.suspendProcesses("asg/batch", ["AlarmNotification", "HealthCheck"]);
    await fixture.run("hibernated");
    assert.deepEqual(await suspended(fixture), {
      "asg/batch": ["AZRebalance", "AlarmNotification", "HealthCheck", "ScheduledActions"],
      "managed/general": [],
    });
    const woken = await fixture.run("running", { operationId: "op-2" });
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual(await suspended(fixture), {
      "asg/batch": ["AlarmNotification", "HealthCheck"],
      "managed/general": [],
    });
  });

  it("are suspended before the drain, so that nothing rebalances in the middle of it", async () => {
    const { run, world, cluster } = runFixture();
    cluster.addDeployment({ name: "web", replicas: 4 });
    await run("hibernated");
    const calls = world.mutations().map(({ call }) => call);
    assert.ok(calls.includes("setScalingProcesses"));
    assert.ok(calls.indexOf("setScalingProcesses") < calls.indexOf("evict"));
  });

  it("run again after a hibernate that was taken back", async () => {
    const fixture = runFixture();
    fixture.cluster.addDeployment({ name: "web", replicas: 3 });
    fixture.cluster.putBudget({ name: "web", minAvailable: 3 });
    const report = await fixture.run("hibernated", { settings: { drain: { timeoutSeconds: 60 } } });
    assert.equal(report.failure?.code, "drain-blocked");
    assert.deepEqual((await suspended(fixture))["asg/batch"], []);
  });

  it("stay suspended over a hibernate that is asked for in the middle of a wake", async () => {
    const fixture = runFixture();
    await fixture.run("hibernated");
    await fixture.run("running", { operationId: "op-2", budget: { yieldAt: fixture.ports.clock.now() + 5_000 } });
    await fixture.run("hibernated", { operationId: "op-3" });
    assert.deepEqual((await suspended(fixture))["asg/batch"], HELD);
    await fixture.run("running", { operationId: "op-4" });
    assert.deepEqual((await suspended(fixture))["asg/batch"], []);
  });

  it("are let be where settings say so", async () => {
    const fixture = runFixture();
    await fixture.run("hibernated", { settings: { scaling: { suspendProcesses: false } } });
    assert.deepEqual((await suspended(fixture))["asg/batch"], []);
  });

  it("do not keep a cluster awake whose role may not suspend them: that is said", async () => {
    const { run, ports, sizes } = runFixture();
    const connector: typeof ports.connector = {
      ...ports.connector,
      capacity: async (...where) => ({
        ...(await ports.connector.capacity(...where)),
        setScalingProcesses: () => Promise.reject(DENIED),
      }),
    };
    const report = await run("hibernated", { ports: { connector } });
    assert.equal(report.result, "completed", report.summary);
    assert.match(report.warnings.join(), /asg\/batch: AZRebalance.*not suspended/);
    assert.deepEqual((await sizes())["asg/batch"], [0, 0, 4]);
    const woken = await run("running", { operationId: "op-2", ports: { connector } });
    assert.equal(woken.result, "completed", woken.summary);
  });
});

const DENIED = Object.assign(new Error("may not autoscaling:SuspendProcesses"), {
  name: "CurfewFailure",
  code: "permission-denied",
  remedy: "Allow it.",
});

describe("a warm pool (safe-cycle H30)", () => {
  function withWarmPool() {
    const fixture = runFixture();
    const { connector } = fixture.ports;
    const pooled: typeof connector = {
      ...connector,
      capacity: async (...where) => {
        const capacity = await connector.capacity(...where);
        const listGroups = async () =>
          (await capacity.listGroups()).map((group) =>
            group.kind === "managed" || group.observed === null
              ? group
              : { ...group, observed: { ...group.observed, warmPoolSize: 2 } },
          );
        return { ...capacity, listGroups };
      },
    };
    return { ...fixture, connector: pooled };
  }

  it("is named, since its instances are paid for all night", async () => {
    const { run, connector } = withWarmPool();
    const report = await run("hibernated", { ports: { connector } });
    assert.equal(report.result, "completed", report.summary);
    assert.match(report.warnings.join(), /asg\/batch has a warm pool of 2/);
  });

  it("is a reason not to begin where settings say so", async () => {
    const { run, connector, world } = withWarmPool();
    const report = await run("hibernated", { ports: { connector }, settings: { scaling: { warmPools: "refuse" } } });
    assert.equal(report.failure?.code, "group-stuck");
    assert.deepEqual(world.mutations(), []);
  });
});

describe("a launch that fails", () => {
  it("S47: InsufficientFreeAddresses ends the wake of that group within minutes, with that code; the others wake", async () => {
    const { run, cluster, ports } = runFixture();
    await run("hibernated");
    cluster.setLaunchIssue("managed/general", "InsufficientFreeAddresses: no free addresses in the subnet");
    const startedAt = ports.clock.now();
    const report = await run("running", { operationId: "op-2" });
    assert.equal(report.result, "partial", report.summary);
    assert.equal(report.failure?.code, "group-unhealthy");
    assert.match(report.failure.message, /managed\/general cannot launch its nodes: InsufficientFreeAddresses/);
    assert.ok(ports.clock.now() - startedAt < 5 * 60_000, "it waited too long");
    cluster.setLaunchIssue("managed/general", null);
    const retried = await run("running", { operationId: "op-3" });
    assert.equal(retried.result, "completed", retried.summary);
  });
});
