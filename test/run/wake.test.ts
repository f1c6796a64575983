import assert from "node:assert/strict";

import { runFixture } from "./fixture.js";

const AWAKE = { "asg/batch": [0, 2, 4], "managed/general": [1, 3, 6] };

describe("a wake", () => {
  it("restores every size, waits until the nodes are usable, and retires the record", async () => {
    const { run, sizes, store, cluster } = runFixture();
    await run("hibernated");
    const report = await run("running", { operationId: "op-2" });
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(await sizes(), AWAKE);
    assert.equal((await cluster.kubernetes.listNodes()).filter((node) => node.ready === "True").length, 5);
    assert.equal(await store.readCycle("111111111111/eu-west-1/pay"), undefined);
    assert.equal((await store.listRetiredCycles("111111111111/eu-west-1/pay", 5)).length, 1);
  });

  it("says how long it took to the first instance, the first ready node and all of them", async () => {
    const { run } = runFixture();
    await run("hibernated");
    const { wake } = await run("running", { operationId: "op-2" });
    assert.ok(wake?.firstInstanceMs !== null && wake?.firstInstanceMs !== undefined);
    assert.ok(wake.firstReadyNodeMs !== null && wake.allNodesUsableMs !== null);
    assert.ok(wake.firstInstanceMs <= wake.firstReadyNodeMs && wake.firstReadyNodeMs + 30_000 <= wake.allNodesUsableMs);
  });

  it("done twice makes no changing call the second time", async () => {
    const { run, world } = runFixture();
    await run("hibernated");
    await run("running", { operationId: "op-2" });
    const before = world.mutations().length;
    const report = await run("running", { operationId: "op-3" });
    assert.equal(report.result, "nothing-to-do");
    assert.equal(world.mutations().length, before);
  });

  it("S45: reports a group that was deleted, leaves a new one alone, and keeps a size that somebody set", async () => {
    const { run, sizes, cluster } = runFixture({
      groups: [
        { name: "a", size: { min: 1, desired: 3, max: 6 } },
        { name: "b", size: { min: 1, desired: 1, max: 2 } },
        { name: "c", size: { min: 0, desired: 1, max: 2 } },
      ],
    });
    await run("hibernated");
    cluster.removeGroup("managed/b");
    cluster.setSizeByHand("managed/a", { min: 0, desired: 2, max: 6 });
    cluster.addGroup({ name: "d", size: { min: 0, desired: 0, max: 3 } });
    const report = await run("running", { operationId: "op-2" });
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(await sizes(), { "managed/a": [0, 2, 6], "managed/c": [0, 1, 2], "managed/d": [0, 0, 3] });
    assert.equal(report.drift.length, 4, report.drift.join("\n"));
    assert.match(report.drift.join("\n"), /managed\/b was deleted/);
    assert.match(report.drift.join("\n"), /somebody set desired 2/);
    assert.match(report.drift.join("\n"), /managed\/d was added/);
  });

  it("W25: a group that cannot launch leaves the others up, and the next wake touches only that one", async () => {
    const { run, sizes, cluster, world } = runFixture();
    await run("hibernated");
    cluster.setLaunchIssue("managed/general", "AsgInstanceLaunchFailures: no capacity");
    const partial = await run("running", { operationId: "op-2" });
    assert.equal(partial.result, "partial");
    assert.equal(partial.failure?.code, "group-unhealthy");
    assert.match(partial.failure.message, /no capacity/);
    assert.deepEqual((await sizes())["asg/batch"], [0, 2, 4]);
    cluster.setLaunchIssue("managed/general", null);
    const before = world.mutations().length;
    const report = await run("running", { operationId: "op-3" });
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(
      world
        .mutations()
        .slice(before)
        .filter(({ target }) => target === "asg/batch"),
      [],
    );
  });

  it("S47: names why the instances of a self-managed group do not come, long before its time is over", async () => {
    const { run, cluster, ports, world } = runFixture();
    await run("hibernated");
    const startedAt = ports.clock.now();
    world.onMutation(({ call, target }, moment) => {
      if (call !== "resize" || target !== "asg/batch" || moment === "after") return;
      cluster.setLaunchIssue("asg/batch", "There are not enough free addresses in subnet 'subnet-1'.");
    });
    const woken = await run("running", { operationId: "op-2", settings: { nodesReadyTimeoutSeconds: 3600 } });
    assert.equal(woken.failure?.code, "group-unhealthy", woken.summary);
    assert.match(woken.failure.message, /not enough free addresses/);
    assert.ok(ports.clock.now() - startedAt < 300_000);
  });

  it("W5: names the instances that a lifecycle hook holds", async () => {
    const { run, cluster } = runFixture();
    await run("hibernated");
    cluster.setLaunchHook("asg/batch", true);
    const report = await run("running", { operationId: "op-2" });
    assert.equal(report.result, "partial");
    assert.match(report.failure?.message ?? "", /asg\/batch has 0 of 2 .*a lifecycle hook holds i-\w+, i-\w+/);
  });

  it("W5: says at once that Launch is suspended", async () => {
    const { run, cluster } = runFixture();
    await run("hibernated");
    cluster.suspendProcesses("asg/batch", ["Launch"]);
    const report = await run("running", { operationId: "op-2" });
    assert.equal(report.result, "partial");
    assert.match(report.failure?.message ?? "", /Launch process of asg\/batch is suspended/);
  });

  it("gives at least the asked number of nodes to groups that had some, within their maximum", async () => {
    const { run, sizes } = runFixture({
      groups: [
        { name: "a", size: { min: 0, desired: 1, max: 3 } },
        { name: "idle", size: { min: 0, desired: 0, max: 3 } },
        { name: "one", size: { min: 0, desired: 1, max: 1 } },
      ],
    });
    await run("hibernated");
    await run("running", { operationId: "op-2", minNodes: 2 });
    assert.deepEqual(await sizes(), { "managed/a": [0, 2, 3], "managed/idle": [0, 0, 3], "managed/one": [0, 1, 1] });
  });

  it("stops at a record that it cannot read, and goes to given sizes when told to forget it", async () => {
    const { run, sizes, store } = runFixture();
    await run("hibernated");
    const unreadable = {
      ...store,
      readCycle: async (id: string) => ({ ...(await store.readCycle(id))!, snapshot: "{" }),
    };
    const blocked = await run("running", { operationId: "op-2", ports: { store: unreadable } });
    assert.equal(blocked.result, "blocked");
    assert.equal(blocked.failure?.code, "snapshot-unreadable");
    const forced = await run("running", {
      operationId: "op-3",
      forget: true,
      minNodes: 1,
      ports: { store: unreadable },
    });
    assert.equal(forced.result, "completed", forced.summary);
    assert.deepEqual(await sizes(), { "asg/batch": [0, 1, 4], "managed/general": [0, 1, 6] });
  });

  it("respects a start by hand until the calendar changes, and takes it back when a person asks", async () => {
    const { run, sizes, cluster } = runFixture();
    await run("hibernated");
    cluster.setSizeByHand("asg/batch", { min: 0, desired: 1, max: 4 });
    const scheduled = await run("hibernated", { operationId: "op-2", origin: "schedule" });
    assert.equal(scheduled.result, "nothing-to-do");
    assert.match(scheduled.drift.join(), /asg\/batch/);
    assert.match(scheduled.drift.join(), /A user request changed the desired capacity from 0 to 1/);
    const asked = await run("hibernated", { operationId: "op-3" });
    assert.equal(asked.result, "completed", asked.summary);
    await run("running", { operationId: "op-4" });
    assert.deepEqual(await sizes(), AWAKE);
  });

  it("takes a cluster that is being woken back to sleep with the sizes saved first", async () => {
    const { run, sizes, ports } = runFixture();
    await run("hibernated");
    const early = await run("running", { operationId: "op-2", budget: { yieldAt: ports.clock.now() + 5_000 } });
    assert.equal(early.result, "yielded");
    const asleep = await run("hibernated", { operationId: "op-3" });
    assert.equal(asleep.result, "completed", asleep.summary);
    await run("running", { operationId: "op-4" });
    assert.deepEqual(await sizes(), AWAKE);
  });
});
