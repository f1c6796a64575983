import assert from "node:assert/strict";

import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";

import { runOnce } from "../e2e/runner.js";
import { openStage, type Stage } from "../e2e/stage.js";
import { installCrds } from "../lab/crds/install-crds.js";
import type { LabCluster } from "../lab/index.js";
import { freshNamespace } from "../lab/workload.js";
import { JOB_POD } from "./job-pod.js";

const APPLICATIONS = { group: "argoproj.io", version: "v1alpha1", plural: "applications" };
const KUSTOMIZATIONS = { group: "kustomize.toolkit.fluxcd.io", version: "v1", plural: "kustomizations" };
const POLICY = { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] };
const FLUX = { interval: "10m", prune: true, sourceRef: { kind: "GitRepository", name: "repo" } };

describe("GitOps on real parts", function () {
  this.timeout(180_000);
  let stage: Stage;
  let cluster: LabCluster;
  let objects: CustomObjectsApi;
  let namespace: string;

  before(async () => {
    const groups = [{ name: "general", kind: "managed" as const, min: 1, desired: 1, max: 2 }];
    stage = await openStage({ clusters: [{ name: "pay", account: "111111111111", region: "us-east-1", groups }] });
    cluster = stage.lab.cluster("pay");
    await installCrds(cluster.adminKubeconfigPath, "argo.yaml");
    await installCrds(cluster.adminKubeconfigPath, "flux.yaml");
    const config = new KubeConfig();
    config.loadFromFile(cluster.adminKubeconfigPath);
    objects = config.makeApiClient(CustomObjectsApi);
    namespace = await freshNamespace(cluster.admin);
  });
  after(() => stage[Symbol.asyncDispose]());

  async function createCronJob(name: string, marks: object): Promise<void> {
    const body = {
      metadata: { name, ...marks },
      spec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template: JOB_POD } } },
    };
    await cluster.admin.batch.createNamespacedCronJob({ namespace, body });
  }

  async function create(type: typeof APPLICATIONS, kind: string, name: string, spec: object): Promise<void> {
    const body = { apiVersion: `${type.group}/${type.version}`, kind, metadata: { name }, spec };
    await objects.createNamespacedCustomObject({ ...type, namespace, body });
  }

  async function specOf(type: typeof APPLICATIONS, name: string): Promise<Readonly<Record<string, unknown>>> {
    const found = (await objects.getNamespacedCustomObject({ ...type, namespace, name })) as { spec: object };
    return { ...found.spec };
  }

  it("H7: with apply exactly the owners of what is changed are suspended, and given back whole", async () => {
    await createCronJob("argo", {
      annotations: { "argocd.argoproj.io/tracking-id": `${namespace}_web:batch/CronJob:${namespace}/argo` },
    });
    await createCronJob("flux", {
      labels: { [`${KUSTOMIZATIONS.group}/name`]: "apps", [`${KUSTOMIZATIONS.group}/namespace`]: namespace },
    });
    const application = { project: "default", destination: { server: "https://elsewhere" }, syncPolicy: POLICY };
    for (const name of ["web", "other"]) await create(APPLICATIONS, "Application", name, application);
    for (const name of ["apps", "infra"]) await create(KUSTOMIZATIONS, "Kustomization", name, FLUX);
    const statePath = stage.freshStatePath();
    const settings = { measures: { gitops: "apply" as const } };
    const slept = await runOnce(cluster, statePath, "hibernated", { settings });
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual((await specOf(APPLICATIONS, "web"))["syncPolicy"], { syncOptions: POLICY.syncOptions });
    assert.deepEqual(await specOf(KUSTOMIZATIONS, "apps"), { ...FLUX, suspend: true });
    const woken = await runOnce(cluster, statePath, "running", { settings });
    assert.equal(woken.result, "completed", woken.summary);
    for (const name of ["web", "other"]) assert.deepEqual(await specOf(APPLICATIONS, name), application);
    for (const name of ["apps", "infra"]) assert.deepEqual(await specOf(KUSTOMIZATIONS, name), FLUX);
  });
});
