import assert from "node:assert/strict";

import { runOnce } from "../e2e/runner.js";
import { cordonedNodes, sizesOf } from "../e2e/look.js";
import { openStage, type Stage } from "../e2e/stage.js";
import { startKarpenter, type LabKarpenter } from "../lab/controllers/karpenter.js";
import { installCrds } from "../lab/crds/install-crds.js";
import type { LabCluster } from "../lab/index.js";
import { until } from "../lab/until.js";
import { deployment, freshNamespace, untilReady } from "../lab/workload.js";

const TEMPLATE = { template: { spec: { nodeClassRef: { group: "karpenter.k8s.aws" } } } };
const AWAKE = { general: [1, 2, 4] };
const ASLEEP = { general: [0, 0, 4] };
const LONG_MS = 40_000;

describe("Karpenter on real parts", function () {
  this.timeout(120_000);
  let stage: Stage;
  let cluster: LabCluster;
  let karpenter: LabKarpenter;
  let statePath: string;
  let namespaces: string[];

  before(async () => {
    const groups = [{ name: "general", kind: "managed" as const, min: 1, desired: 2, max: 4 }];
    stage = await openStage({ clusters: [{ name: "pay", account: "111111111111", region: "us-east-1", groups }] });
    cluster = stage.lab.cluster("pay");
    await installCrds(cluster.adminKubeconfigPath, "karpenter.yaml");
    karpenter = await startKarpenter(stage.lab, cluster);
    await untilReady(cluster.admin, { namespace: "kube-system", name: "karpenter" }, 1, LONG_MS);
  });
  after(async () => {
    await karpenter.close();
    await stage[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    statePath = stage.freshStatePath();
    namespaces = [];
  });
  afterEach(async () => {
    for (const { metadata } of await karpenter.list("nodepools")) await karpenter.remove("nodepools", metadata.name);
    for (const { metadata } of await karpenter.list("nodeclaims")) await karpenter.remove("nodeclaims", metadata.name);
    await karpenter.scale(1);
    await until(async () => (await karpenter.list("nodeclaims")).length === 0, LONG_MS);
    await stage.reset(cluster, namespaces);
  });

  async function poolSpec(name: string): Promise<unknown> {
    return (await karpenter.list("nodepools")).find(({ metadata }) => metadata.name === name)?.spec;
  }

  /** A pool with one node, which holds a workload that runs nowhere else. */
  async function poolInUse(name: string, spec: object): Promise<string> {
    await karpenter.create("nodepools", { metadata: { name }, spec: { ...TEMPLATE, ...spec } });
    const namespace = await freshNamespace(cluster.admin);
    namespaces.push(namespace);
    const body = deployment({ namespace, name: "web" }, 2, { nodeSelector: { "karpenter.sh/nodepool": name } });
    await cluster.admin.apps.createNamespacedDeployment({ namespace, body });
    await untilReady(cluster.admin, { namespace, name: "web" }, 2, LONG_MS);
    return namespace;
  }

  it("S40: limits are set for the night and given back exactly; claims and instances go, and come back by themselves", async () => {
    const open = await poolInUse("open", {});
    await poolInUse("bounded", { limits: { cpu: "100" } });
    const before = [await poolSpec("open"), await poolSpec("bounded")];

    const slept = await runOnce(cluster, statePath, "hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual(await karpenter.list("nodeclaims"), []);
    assert.deepEqual((await cluster.admin.core.listNode()).items, []);
    assert.deepEqual(await poolSpec("open"), { ...TEMPLATE, limits: { cpu: "0" } });
    assert.deepEqual(await poolSpec("bounded"), { ...TEMPLATE, limits: { cpu: "0" } });
    assert.deepEqual(await sizesOf(cluster, ["general"]), ASLEEP);

    const woken = await runOnce(cluster, statePath, "running");
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual([await poolSpec("open"), await poolSpec("bounded")], before);
    await untilReady(cluster.admin, { namespace: open, name: "web" }, 2, LONG_MS);
  });

  it("S41: with its controller stopped and a claim finalizing the hibernate refuses, names both, and touches no group", async () => {
    await poolInUse("default", {});
    const before = await poolSpec("default");
    await karpenter.scale(0);
    await until(async () => {
      const { status } = await cluster.admin.apps.readNamespacedDeployment({
        namespace: "kube-system",
        name: "karpenter",
      });
      return (status?.readyReplicas ?? 0) === 0;
    });
    const [claim] = await karpenter.list("nodeclaims");
    assert.ok(claim);
    await karpenter.remove("nodeclaims", claim.metadata.name);

    const report = await runOnce(cluster, statePath, "hibernated");
    assert.equal(report.failure?.code, "karpenter-stuck", report.summary);
    const instanceId = claim.status?.providerID?.split("/").at(-1) ?? "none";
    assert.ok(report.failure.message.includes(`${claim.metadata.name} (${instanceId})`), report.failure.message);
    assert.deepEqual(await sizesOf(cluster, ["general"]), AWAKE);

    // The Node object may be gone long before the claim: then only the claim itself tells of the instance.
    await cluster.admin.core.deleteNode({ name: claim.metadata.name });
    const later = await runOnce(cluster, statePath, "hibernated");
    assert.equal(later.failure?.code, "karpenter-stuck", later.summary);
    assert.deepEqual(await poolSpec("default"), before);
    assert.deepEqual(await cordonedNodes(cluster), []);
    assert.deepEqual(await sizesOf(cluster, ["general"]), AWAKE);
  });

  it("S42: a static pool goes 5 -> 0 -> 5, its limits untouched", async () => {
    const spec = { ...TEMPLATE, replicas: 5, limits: { nodes: "8" } };
    await karpenter.create("nodepools", { metadata: { name: "static" }, spec });
    await until(async () => (await cluster.admin.core.listNode()).items.length === 7, LONG_MS);

    const slept = await runOnce(cluster, statePath, "hibernated");
    assert.equal(slept.result, "completed", slept.summary);
    assert.deepEqual(await poolSpec("static"), { ...spec, replicas: 0 });
    assert.deepEqual((await cluster.admin.core.listNode()).items, []);

    const woken = await runOnce(cluster, statePath, "running");
    assert.equal(woken.result, "completed", woken.summary);
    assert.deepEqual(await poolSpec("static"), spec);
    await until(async () => (await cluster.admin.core.listNode()).items.length === 7, LONG_MS);
  });
});
