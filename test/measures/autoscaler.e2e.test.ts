import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";

import { cordonedNodes, setCordon, sizesOf } from "../e2e/look.js";
import { runOnce } from "../e2e/runner.js";
import { openStage, type Stage } from "../e2e/stage.js";
import {
  CLUSTER_AUTOSCALER,
  startClusterAutoscaler,
  type LabClusterAutoscaler,
} from "../lab/controllers/cluster-autoscaler.js";
import type { LabCluster } from "../lab/index.js";
import { until } from "../lab/until.js";
import { deployment, freshNamespace, pod, untilReady } from "../lab/workload.js";

const AWAKE = { general: [1, 2, 4] };
const ASLEEP = { general: [0, 0, 4] };
const LONG_MS = 60_000;
const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const TO_BE_DELETED = { key: "ToBeDeletedByClusterAutoscaler", value: "1736078400", effect: "NoSchedule" };
const DEDICATED = { key: "dedicated", value: "gpu", effect: "NoSchedule" };

describe("the cluster autoscaler on real parts", function () {
  this.timeout(180_000);
  let stage: Stage;
  let cluster: LabCluster;
  let autoscaler: LabClusterAutoscaler;
  let statePath: string;
  let namespace: string;

  before(async () => {
    const groups = [{ name: "general", kind: "managed" as const, min: 1, desired: 2, max: 4 }];
    stage = await openStage({ clusters: [{ name: "pay", account: "111111111111", region: "us-east-1", groups }] });
    cluster = stage.lab.cluster("pay");
    autoscaler = await startClusterAutoscaler(cluster, "general");
  });
  after(async () => {
    await autoscaler.stop();
    await stage[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    statePath = stage.freshStatePath();
    stage.resizes.take();
    namespace = await freshNamespace(cluster.admin);
    await untilReady(cluster.admin, CLUSTER_AUTOSCALER, 1, LONG_MS);
    const body = deployment({ namespace, name: "web" }, 2);
    await cluster.admin.apps.createNamespacedDeployment({ namespace, body });
    await untilReady(cluster.admin, { namespace, name: "web" }, 2, LONG_MS);
  });
  afterEach(() => stage.reset(cluster, [namespace]));

  async function replicas(): Promise<number | undefined> {
    return (await cluster.admin.apps.readNamespacedDeployment(CLUSTER_AUTOSCALER)).spec?.replicas;
  }

  async function taintsOf(name: string): Promise<readonly string[]> {
    const { spec } = await cluster.admin.core.readNode({ name });
    return (spec?.taints ?? []).map(({ key }) => key);
  }

  function taint(name: string, taints: readonly object[]): Promise<unknown> {
    return cluster.admin.core.patchNode({ name, body: { spec: { taints } } }, MERGE_PATCH);
  }

  it("fights as long as it runs: a pod that waits makes it raise the group", async () => {
    const waiting = { namespace, name: "waiting" };
    await cluster.admin.core.createNamespacedPod({ namespace, body: pod(waiting, { nodeSelector: { no: "node" } }) });
    await until(() => Promise.resolve(autoscaler.raises.length > 0), LONG_MS);
    await cluster.admin.core.deleteNamespacedPod({ ...waiting, gracePeriodSeconds: 0 });
  });

  it("S32: is at rest before the drain, raises nothing while pods wait all night, and comes back with the nodes", async () => {
    const before = autoscaler.raises.length;
    const slept = await runOnce(cluster, statePath, "hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.equal(await replicas(), 0);
    const waiting = await cluster.admin.core.listNamespacedPod({ namespace, fieldSelector: "status.phase=Pending" });
    assert.equal(waiting.items.length, 2);
    await sleep(1_000);
    assert.equal(autoscaler.raises.length, before);
    assert.deepEqual(await sizesOf(cluster, ["general"]), ASLEEP);
    const woken = await runOnce(cluster, statePath, "running");
    assert.equal(woken.result, "completed", woken.summary);
    assert.equal(await replicas(), 1);
    assert.deepEqual(await sizesOf(cluster, ["general"]), AWAKE);
  });

  it("S32: brought back by GitOps during the drain ends the hibernate before a node goes, and says who did it", async () => {
    const body = { spec: { replicas: 1 } };
    const bringingBack = until(async () => {
      if ((await cordonedNodes(cluster)).length === 0) return false;
      const request = { ...CLUSTER_AUTOSCALER, body, fieldManager: "argocd-controller" };
      await cluster.admin.apps.patchNamespacedDeployment(request, MERGE_PATCH);
      return true;
    }, LONG_MS);
    const report = await runOnce(cluster, statePath, "hibernated");
    await bringingBack;
    assert.equal(report.failure?.code, "autoscaler-active", report.summary);
    assert.match(report.failure.message, /set back to 1 replica\(s\) by argocd-controller/);
    assert.equal(report.reached, "running");
    assert.deepEqual(stage.resizes.take(), []);
    assert.deepEqual(await cordonedNodes(cluster), []);
    assert.equal(await replicas(), 1);
  });

  it("S33: what it left on a node when it was stopped comes off on waking, from that node only", async () => {
    for (const [name, taints] of [
      ["left", [TO_BE_DELETED, DEDICATED]],
      ["own", [DEDICATED]],
    ] as const) {
      const metadata = { name, labels: { "lab/kubelet": "fake" } };
      await cluster.admin.core.createNode({ body: { metadata } });
      await until(async () => !(await taintsOf(name)).includes("node.kubernetes.io/not-ready"), LONG_MS);
      await taint(name, taints);
    }
    await setCordon(cluster, "own", true);
    const slept = await runOnce(cluster, statePath, "hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual(await taintsOf("left"), [TO_BE_DELETED.key, DEDICATED.key]);
    const woken = await runOnce(cluster, statePath, "running");
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual(await taintsOf("left"), [DEDICATED.key]);
    assert.ok((await taintsOf("own")).includes(DEDICATED.key));
    assert.deepEqual(await cordonedNodes(cluster), ["own"]);
    for (const name of ["left", "own"]) await cluster.admin.core.deleteNode({ name });
  });
});
