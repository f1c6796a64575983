import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  PatchStrategy,
  setHeaderOptions,
  type V1EndpointSlice,
  type V1ValidatingWebhookConfiguration,
} from "@kubernetes/client-node";
import { startControlPlane, type ControlPlane } from "./index.js";
import {
  daemonSet,
  deployment,
  disruptionBudget,
  freshNamespace,
  pod,
  untilBudgetObserved,
  untilReady,
} from "./workload.js";
import { until } from "./until.js";

const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

const node = (name: string) => ({ metadata: { name, labels: { "lab/kubelet": "fake" } } });

describe("a control plane of the lab", function () {
  this.timeout(60_000);
  let cluster: ControlPlane;

  before(async () => {
    cluster = await startControlPlane({ nodeMonitorGraceSeconds: 4 });
    for (const name of ["n1", "n2"]) await cluster.admin.core.createNode({ body: node(name) });
    await cluster.waitForNodes(2);
  });
  after(() => cluster.stop());

  const evict = async (namespace: string, name: string): Promise<number> => {
    const eviction = { name, namespace, body: { metadata: { name, namespace } } };
    return cluster.admin.core.createNamespacedPodEviction(eviction).then(
      () => 201,
      (error: unknown) => (error as { readonly code: number }).code,
    );
  };
  const readPod = (namespace: string, name: string) => cluster.admin.core.readNamespacedPod({ namespace, name });
  const isGone = (namespace: string, name: string): Promise<boolean> =>
    readPod(namespace, name).then(
      () => false,
      (error: unknown) => (error as { readonly code: number }).code === 404,
    );
  const startPod = async (namespace: string, name: string, options: Parameters<typeof pod>[1]): Promise<void> => {
    await cluster.admin.core.createNamespacedPod({ namespace, body: pod({ namespace, name }, options) });
    await until(async () => (await readPod(namespace, name)).status?.phase === "Running");
  };

  const readiness = async (name: string): Promise<string | undefined> => {
    const { status } = await cluster.admin.core.readNode({ name });
    return status?.conditions?.find(({ type }) => type === "Ready")?.status;
  };

  it("runs workloads and respects their budgets", async () => {
    const namespace = await freshNamespace(cluster.admin);
    const web = { namespace, name: "web" };
    await cluster.admin.apps.createNamespacedDeployment({ namespace, body: deployment(web, 3) });
    const [first] = await untilReady(cluster.admin, web, 3);
    const budget = disruptionBudget(web, "web", { minAvailable: 3 });
    await cluster.admin.policy.createNamespacedPodDisruptionBudget({ namespace, body: budget });
    await untilBudgetObserved(cluster.admin, web, 3);
    assert.equal(await evict(namespace, first?.metadata?.name ?? ""), 429);
  });

  it("ends pods fast, at their deadline or never, as they say", async () => {
    const namespace = await freshNamespace(cluster.admin);
    await startPod(namespace, "fast", {});
    await startPod(namespace, "slow", { graceSeconds: 2, annotations: { "lab/shutdown": "grace" } });
    await startPod(namespace, "stuck", { graceSeconds: 1, annotations: { "lab/shutdown": "stuck" } });
    for (const name of ["fast", "slow", "stuck"]) assert.equal(await evict(namespace, name), 201);
    await until(() => isGone(namespace, "fast"), 1_000);
    assert.equal(await isGone(namespace, "slow"), false);
    await until(() => isGone(namespace, "slow"), 4_000);
    assert.equal(await isGone(namespace, "stuck"), false);
  });

  it("starts a pod late or leaves it unready, as it says", async () => {
    const namespace = await freshNamespace(cluster.admin);
    const name = "late";
    const late = pod({ namespace, name }, { annotations: { "lab/start": "1s", "lab/never-ready": "true" } });
    await cluster.admin.core.createNamespacedPod({ namespace, body: late });
    await sleep(500);
    assert.equal((await readPod(namespace, name)).status?.phase, "Pending");
    const running = await until(async () => {
      const now = await readPod(namespace, name);
      return now.status?.phase === "Running" && now;
    });
    assert.equal(running.status?.conditions?.find(({ type }) => type === "Ready")?.status, "False");
  });

  it("never removes a pod that only has the name of the one to remove", async () => {
    const namespace = await freshNamespace(cluster.admin);
    const slow = { graceSeconds: 30, annotations: { "lab/delete-delay": "500ms" } };
    await startPod(namespace, "twin", slow);
    await evict(namespace, "twin");
    const force = { name: "twin", namespace, body: { gracePeriodSeconds: 0 } };
    await cluster.admin.core.deleteNamespacedPod(force);
    await startPod(namespace, "twin", slow);
    await sleep(1_000);
    assert.equal((await readPod(namespace, "twin")).metadata?.deletionTimestamp, undefined);
  });

  it("dials nothing: what the API server wants inside the cluster is refused, unless a test routes it", async () => {
    const namespace = await freshNamespace(cluster.admin);
    const service = { metadata: { name: "guard" }, spec: { ports: [{ port: 443 }] } };
    await cluster.admin.core.createNamespacedService({ namespace, body: service });
    await cluster.admin.discovery.createNamespacedEndpointSlice({ namespace, body: GUARD_ENDPOINTS });
    await cluster.admin.admission.createValidatingWebhookConfiguration({ body: guardOf(namespace) });
    await until(async () => {
      const refused = pod({ namespace, name: "refused" });
      const creation = cluster.admin.core.createNamespacedPod({ namespace, body: refused, dryRun: "All" });
      await assert.rejects(creation, { code: 500 });
      return cluster.egress.asked.length > 0;
    });
    assert.deepEqual([...new Set(cluster.egress.asked)], ["10.9.9.9:443"]);
  });

  it("boots a node as late as it says, and misses it once it is silent", async () => {
    const { metadata } = node("late");
    await cluster.admin.core.createNode({ body: { metadata: { ...metadata, annotations: { "lab/boot": "1s" } } } });
    await sleep(500);
    assert.notEqual(await readiness("late"), "True");
    await until(async () => (await readiness("late")) === "True");
    const unplug = { metadata: { labels: { "lab/kubelet": null } } };
    await cluster.admin.core.patchNode({ name: "late", body: unplug }, MERGE_PATCH);
    await until(async () => (await readiness("late")) === "Unknown");
  });
});

describe("kwok instead of our kubelet", function () {
  this.timeout(60_000);

  it("knows the same annotations", async () => {
    await using cluster = await startControlPlane({ kubelet: "kwok" });
    const { core } = cluster.admin;
    await core.createNode({ body: node("n1") });
    await cluster.waitForNodes(1);
    const namespace = await freshNamespace(cluster.admin);
    const slow = { namespace, name: "slow" };
    const options = { graceSeconds: 2, annotations: { "lab/shutdown": "grace" } };
    await core.createNamespacedPod({ namespace, body: pod(slow, options) });
    await untilReady(cluster.admin, slow, 1);
    await core.deleteNamespacedPod(slow);
    await sleep(1_000);
    assert.ok((await core.readNamespacedPod(slow)).metadata?.deletionTimestamp);
    await until(async () => (await core.listNamespacedPod({ namespace })).items.length === 0);
  });
});

describe("a control plane whose nodes need a network", function () {
  this.timeout(60_000);

  it("has Ready nodes and starts pods only after aws-node runs", async () => {
    await using cluster = await startControlPlane({ cniGate: true });
    const { core, apps } = cluster.admin;
    await core.createNode({ body: node("n1") });
    const namespace = await freshNamespace(cluster.admin);
    const tolerations = [{ operator: "Exists" }];
    const web = { namespace, name: "web" };
    await core.createNamespacedPod({ namespace, body: pod(web, { nodeName: "n1", tolerations }) });
    await sleep(1_000);
    assert.equal((await core.readNamespacedPod(web)).status?.phase, "Pending");
    const cni = { labels: { "k8s-app": "aws-node" }, hostNetwork: true, tolerations };
    await apps.createNamespacedDaemonSet({ namespace, body: daemonSet({ namespace, name: "aws-node" }, cni) });
    await cluster.waitForNodes(1);
    await untilReady(cluster.admin, web, 1);
  });
});

const guardOf = (namespace: string): V1ValidatingWebhookConfiguration => ({
  metadata: { name: "guard" },
  webhooks: [
    {
      name: "guard.lab.test",
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      failurePolicy: "Fail",
      timeoutSeconds: 2,
      clientConfig: { service: { name: "guard", namespace, path: "/" } },
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
    },
  ],
});

const GUARD_ENDPOINTS: V1EndpointSlice = {
  metadata: { name: "guard", labels: { "kubernetes.io/service-name": "guard" } },
  addressType: "IPv4",
  endpoints: [{ addresses: ["10.9.9.9"], conditions: { ready: true } }],
  ports: [{ name: "", port: 443, protocol: "TCP" }],
};
