import assert from "node:assert/strict";

import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";

import { runOnce } from "../e2e/runner.js";
import { openStage, type Stage } from "../e2e/stage.js";
import { startKeda, type LabKeda } from "../lab/controllers/keda.js";
import { installCrds } from "../lab/crds/install-crds.js";
import type { LabCluster } from "../lab/index.js";
import { until } from "../lab/until.js";
import { deployment, freshNamespace, untilReady } from "../lab/workload.js";

const LONG_MS = 60_000;
const TYPE = { group: "keda.sh", version: "v1alpha1", plural: "scaledobjects" };
const PAUSED = "autoscaling.keda.sh/paused";

describe("KEDA on real parts", function () {
  this.timeout(180_000);
  let stage: Stage;
  let cluster: LabCluster;
  let keda: LabKeda;
  let objects: CustomObjectsApi;
  let namespace: string;

  before(async () => {
    const groups = [{ name: "general", kind: "managed" as const, min: 1, desired: 1, max: 2 }];
    stage = await openStage({ clusters: [{ name: "pay", account: "111111111111", region: "us-east-1", groups }] });
    cluster = stage.lab.cluster("pay");
    await installCrds(cluster.adminKubeconfigPath, "keda.yaml");
    keda = await startKeda(cluster);
    const config = new KubeConfig();
    config.loadFromFile(cluster.adminKubeconfigPath);
    objects = config.makeApiClient(CustomObjectsApi);
    namespace = await freshNamespace(cluster.admin);
  });
  after(async () => {
    await keda.stop();
    await stage[Symbol.asyncDispose]();
  });

  async function scale(name: string, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
    await cluster.admin.apps.createNamespacedDeployment({ namespace, body: deployment({ namespace, name }, 2) });
    const spec = { scaleTargetRef: { name }, maxReplicaCount: 4, triggers: [{ type: "cron", metadata: {} }] };
    const body = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", metadata: { name, annotations }, spec };
    await objects.createNamespacedCustomObject({ ...TYPE, namespace, body });
    await untilReady(cluster.admin, { namespace, name }, 2, LONG_MS);
  }

  async function annotationsOf(name: string): Promise<Readonly<Record<string, string>> | undefined> {
    const object = (await objects.getNamespacedCustomObject({ ...TYPE, namespace, name })) as {
      metadata: { annotations?: Record<string, string> };
    };
    return object.metadata.annotations;
  }

  async function hpas(): Promise<readonly string[]> {
    const { items } = await cluster.admin.autoscaling.listNamespacedHorizontalPodAutoscaler({ namespace });
    return items.map(({ metadata }) => metadata?.name ?? "").sort();
  }

  it("S43: a scaler that a person paused is still paused after the wake; ours is not, and its HPA is back", async () => {
    await scale("theirs", { [PAUSED]: "true" });
    await scale("ours");
    await until(async () => (await hpas()).includes("keda-hpa-ours"), LONG_MS);
    const statePath = stage.freshStatePath();
    const slept = await runOnce(cluster, statePath, "hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual(await hpas(), []);
    assert.equal((await annotationsOf("ours"))?.[PAUSED], "true");
    const woken = await runOnce(cluster, statePath, "running");
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual(await annotationsOf("theirs"), { [PAUSED]: "true" });
    assert.equal(await annotationsOf("ours"), undefined);
    await until(async () => (await hpas()).length === 1, LONG_MS);
    assert.deepEqual(await hpas(), ["keda-hpa-ours"]);
    const { spec } = await cluster.admin.apps.readNamespacedDeployment({ namespace, name: "ours" });
    assert.equal(spec?.replicas, 2);
  });
});
