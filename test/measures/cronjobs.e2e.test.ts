import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { PatchStrategy, setHeaderOptions, type V1CronJobSpec, type V1Job } from "@kubernetes/client-node";

import { runOnce } from "../e2e/runner.js";
import { openStage, type Stage } from "../e2e/stage.js";
import type { LabCluster } from "../lab/index.js";
import { until } from "../lab/until.js";
import { freshNamespace } from "../lab/workload.js";
import { JOB_POD } from "./job-pod.js";

const LONG_MS = 60_000;
const HOUR_MS = 3_600_000;
const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** Fired three minutes ago and fires next in 57, so that no run falls into the test by itself. */
const schedule = `${(new Date().getUTCMinutes() + 57) % 60} * * * *`;

describe("CronJobs and Jobs on real parts", function () {
  this.timeout(180_000);
  let stage: Stage;
  let cluster: LabCluster;
  let statePath: string;
  let namespace: string;

  before(async () => {
    const groups = [{ name: "general", kind: "managed" as const, min: 1, desired: 1, max: 2 }];
    stage = await openStage({ clusters: [{ name: "pay", account: "111111111111", region: "us-east-1", groups }] });
    cluster = stage.lab.cluster("pay");
  });
  after(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    statePath = stage.freshStatePath();
    namespace = await freshNamespace(cluster.admin);
  });

  async function createCronJob(name: string, more: Partial<V1CronJobSpec> = {}): Promise<void> {
    const spec = { schedule, jobTemplate: { spec: { template: JOB_POD } }, ...more };
    await cluster.admin.batch.createNamespacedCronJob({ namespace, body: { metadata: { name }, spec } });
  }

  /** As if the night had been long: the controller counts what was missed from this instant on. */
  async function ranLast(name: string, at: number): Promise<void> {
    const body = { status: { lastScheduleTime: new Date(at).toISOString() } };
    await cluster.admin.batch.patchNamespacedCronJobStatus({ namespace, name, body }, MERGE_PATCH);
  }

  async function jobsOf(name: string): Promise<readonly V1Job[]> {
    const { items } = await cluster.admin.batch.listNamespacedJob({ namespace });
    return items.filter(({ metadata }) => metadata?.ownerReferences?.some((owner) => owner.name === name));
  }

  async function specOf(name: string): Promise<{ readonly suspend?: boolean }> {
    const { spec } = await cluster.admin.batch.readNamespacedCronJob({ namespace, name });
    return JSON.parse(JSON.stringify(spec)) as { suspend?: boolean };
  }

  it("S44: one that a person suspended stays; ours starts exactly one of the runs that it missed", async () => {
    await createCronJob("theirs", { suspend: true });
    await createCronJob("ours", { startingDeadlineSeconds: 6 * 3_600 });
    const before = await specOf("ours");
    const slept = await runOnce(cluster, statePath, "hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual(await specOf("ours"), { ...before, suspend: true });
    for (const name of ["ours", "theirs"]) await ranLast(name, Date.now() - 4 * HOUR_MS);
    const woken = await runOnce(cluster, statePath, "running");
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual(await specOf("ours"), before);
    assert.equal((await specOf("theirs")).suspend, true);
    await until(async () => (await jobsOf("ours")).length > 0, LONG_MS);
    // The controller looks again within this time; a second run would show.
    await sleep(3_000);
    assert.equal((await jobsOf("ours")).length, 1);
    assert.equal((await jobsOf("theirs")).length, 0);
    const resumed = woken.steps.find(({ id }) => id === "resume cronjobs");
    assert.match(resumed?.detail ?? "", new RegExp(`missed a run and start it now: ${namespace}/ours`));
  });

  it("W22: Job pods that piled up asleep are counted, and deleted only where settings say so", async () => {
    const slept = await runOnce(cluster, statePath, "hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    // Instants of the API server are whole seconds.
    await sleep(1_100);
    const body = { metadata: { name: "piled" }, spec: { template: JOB_POD } };
    await cluster.admin.batch.createNamespacedJob({ namespace, body });
    const pods = async () => (await cluster.admin.core.listNamespacedPod({ namespace })).items;
    await until(async () => (await pods()).length === 1, LONG_MS);
    const [piled] = await pods();
    const woken = await runOnce(cluster, statePath, "running", { settings: { jobs: { deletePiledUpPods: true } } });
    assert.equal(woken.result, "completed", woken.summary);
    assert.match(woken.warnings.join(" "), /1 Job pod\(s\) piled up while the cluster slept: 1 were deleted/);
    assert.ok(!(await pods()).some(({ metadata }) => metadata?.uid === piled?.metadata?.uid));
  });
});
