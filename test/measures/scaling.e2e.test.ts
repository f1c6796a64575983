import assert from "node:assert/strict";

import { runOnce } from "../e2e/runner.js";
import { sizesOf } from "../e2e/look.js";
import { openStage, type Stage } from "../e2e/stage.js";
import type { LabCluster } from "../lab/index.js";

const ASLEEP = { batch: [0, 0, 3], general: [0, 0, 2] };
const ISSUE = { code: "InsufficientFreeAddresses", message: "no free addresses in subnet-1a" };

describe("Auto Scaling groups on real parts", function () {
  this.timeout(180_000);
  let stage: Stage;
  let cluster: LabCluster;
  let statePath: string;

  before(async () => {
    const groups = [
      { name: "general", kind: "managed" as const, min: 1, desired: 1, max: 2 },
      { name: "batch", kind: "self-managed" as const, min: 0, desired: 1, max: 3 },
    ];
    stage = await openStage({ clusters: [{ name: "pay", account: "111111111111", region: "us-east-1", groups }] });
    cluster = stage.lab.cluster("pay");
  });
  after(() => stage[Symbol.asyncDispose]());
  beforeEach(() => (statePath = stage.freshStatePath()));
  afterEach(async () => {
    await cluster.group("general").setHealth([]);
    await stage.reset(cluster, []);
  });

  const suspended = async (group: string) => [...(await cluster.group(group).suspendedProcesses())].sort();

  it("H31: rebalancing, alarms and scheduled actions of a self-managed group rest for the night; what a person suspended stays", async () => {
    await cluster.group("batch").suspendProcesses("HealthCheck");
    const slept = await runOnce(cluster, statePath, "hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual(await suspended("batch"), ["AZRebalance", "AlarmNotification", "HealthCheck", "ScheduledActions"]);
    assert.deepEqual(await suspended("general"), []);
    assert.deepEqual(await sizesOf(cluster, ["batch", "general"]), ASLEEP);
    const woken = await runOnce(cluster, statePath, "running");
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual(await suspended("batch"), ["HealthCheck"]);
  });

  it("S47: a launch that fails for want of addresses ends the wake of that group within minutes, with that code", async () => {
    await runOnce(cluster, statePath, "hibernated");
    const general = cluster.group("general");
    await general.refuseLaunches(`${ISSUE.code}: ${ISSUE.message}`);
    const startedAt = performance.now();
    const woken = await runOnce(cluster, statePath, "running", {
      settings: { nodesReadyTimeoutSeconds: 900 },
      onEvent: ({ kind, step }) => {
        if (kind === "step-started" && step === "await-nodes") void general.setHealth([ISSUE]);
      },
    });
    assert.equal(woken.result, "partial", woken.summary);
    assert.equal(woken.failure?.code, "group-unhealthy");
    assert.match(woken.failure.message, /managed\/general cannot launch its nodes: InsufficientFreeAddresses/);
    assert.ok(performance.now() - startedAt < 150_000, "it waited for the whole time that nodes may take");
    assert.deepEqual((await sizesOf(cluster, ["batch"]))["batch"], [0, 1, 3]);
  });
});
