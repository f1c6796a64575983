import type { V1ValidatingWebhook } from "@kubernetes/client-node";

import { CLUSTER_AUTOSCALER, startClusterAutoscaler } from "../../lab/controllers/cluster-autoscaler.js";
import { startKarpenter, type LabKarpenter } from "../../lab/controllers/karpenter.js";
import { installCrds } from "../../lab/crds/install-crds.js";
import { startLab, type Lab, type LabCluster } from "../../lab/index.js";
import { until } from "../../lab/until.js";
import { deployment, isPodReady, untilReady } from "../../lab/workload.js";
import { installGuard, overPods, putMutating, putValidating, webhookOf, type Guard } from "../../webhooks/scene.js";

const NAMESPACE = "default";
const DNS = { namespace: "kube-system", name: "coredns" };
const KARPENTER = { namespace: "kube-system", name: "karpenter" };
const ELASTIC_POOL = "elastic";
const STATIC_POOL = "static";
const STATIC_NODES = 3;
/** Whatever is asked for later than this was not going to come. */
const LONG_MS = 120_000;

/** The group that the autoscaler raises. It is as large as it may get, so nodes stay as many as they are. */
const SCALED_GROUP = "general";

const GROUPS = [
  { name: SCALED_GROUP, kind: "managed", min: 1, desired: 5, max: 5 },
  { name: "memory", kind: "managed", min: 1, desired: 5, max: 10 },
  { name: "batch", kind: "self-managed", min: 1, desired: 6, max: 10 },
] as const;

const APPS = 10;
const PODS_PER_APP = 40;

/** What the cluster is made of; the cluster's own pods are not among the 400. */
export const CONTENTS = {
  groups: GROUPS.length,
  nodes: GROUPS.reduce((sum, { desired }) => sum + desired, 0) + STATIC_NODES + 1,
  nodesOfKarpenter: STATIC_NODES + 1,
  pods: APPS * PODS_PER_APP,
  webhooks: 5,
} as const;

/** What the cloud takes beyond its answers: nothing, so nothing need be taken off for it. */
export const CLOUD = { updateMs: 0, launchMs: 0, terminateMs: 0, bootMs: 0 } as const;

/** A lab with the cluster of the benchmark in it. */
export interface Scene extends AsyncDisposable {
  readonly lab: Lab;
  readonly cluster: LabCluster;
  /** Waits until the cluster is as it was furnished. */
  untilComplete(): Promise<void>;
}

/** Starts the lab and furnishes it: DNS, autoscaler, Karpenter with a dynamic and a static pool, applications, webhooks. */
export async function startScene(): Promise<Scene> {
  await using starting = new AsyncDisposableStack();
  const groups = GROUPS.map((group) => ({ ...group, bootMs: CLOUD.bootMs }));
  const clusters = [{ name: "bench", account: "111111111111", region: "us-east-1", groups }];
  const lab = starting.use(await startLab({ countCalls: true, clusters }));
  await lab.aws.setTiming(CLOUD);
  const cluster = lab.cluster("bench");
  await installDns(cluster);
  const autoscaler = await startClusterAutoscaler(cluster, SCALED_GROUP);
  starting.defer(() => autoscaler.stop());
  await installCrds(cluster.adminKubeconfigPath, "karpenter.yaml");
  const karpenter = await startKarpenter(lab, cluster);
  starting.defer(() => karpenter.close());
  await createPools(karpenter);
  await createApps(cluster);
  const guards = await installWebhooks(cluster);
  starting.defer(() => guards.forEach(({ backend }) => backend.close()));
  const untilComplete = () => untilAllThere(cluster);
  await untilComplete();
  const running = starting.move();
  return { lab, cluster, untilComplete, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function installDns({ admin }: LabCluster): Promise<void> {
  const { namespace, name } = DNS;
  // EKS's own has this priority, without which 400 applications take the room on the first node.
  const body = deployment(DNS, 2, { graceSeconds: 1, priorityClassName: "system-cluster-critical" });
  await admin.apps.createNamespacedDeployment({ namespace, body });
  const spec = { selector: { app: name }, ports: [{ port: 53 }] };
  await admin.core.createNamespacedService({ namespace, body: { metadata: { name: "kube-dns" }, spec } });
}

async function createPools(karpenter: LabKarpenter): Promise<void> {
  const template = { spec: { nodeClassRef: { group: "karpenter.k8s.aws" } } };
  await karpenter.create("nodepools", { metadata: { name: ELASTIC_POOL }, spec: { template } });
  const spec = { template, replicas: STATIC_NODES };
  await karpenter.create("nodepools", { metadata: { name: STATIC_POOL }, spec });
}

/** The first one runs on Karpenter's dynamic pool only; it is there before others could fill the one node of that pool. */
async function createApps({ admin }: LabCluster): Promise<void> {
  for (let index = 0; index < APPS; index += 1) {
    const named = { namespace: NAMESPACE, name: `app-${index}` };
    const nodeSelector = index === 0 ? { "karpenter.sh/nodepool": ELASTIC_POOL } : {};
    const body = deployment(named, PODS_PER_APP, { graceSeconds: 1, nodeSelector });
    await admin.apps.createNamespacedDeployment({ namespace: NAMESPACE, body });
    if (index === 0) await untilReady(admin, named, PODS_PER_APP, LONG_MS);
  }
}

/** Five that refuse when nobody answers, each with a backend of its own: without its pod the API server has nothing to dial. */
async function installWebhooks(cluster: LabCluster): Promise<readonly Guard[]> {
  const everything = [{ operations: ["CREATE"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"] }];
  const fields: readonly Partial<V1ValidatingWebhook>[] = [
    {},
    {},
    { timeoutSeconds: 10 },
    { rules: [overPods("DELETE")] },
    { rules: everything, timeoutSeconds: 10 },
  ];
  const guards: Guard[] = [];
  for (const index of fields.keys()) guards.push(await installGuard(cluster, `guard-${index}`));
  for (const [index, guard] of guards.entries()) {
    const put = index === 0 ? putMutating : putValidating;
    await put(cluster, `guard-${index}`, [webhookOf(guard, fields[index])]);
  }
  return guards;
}

async function untilAllThere(cluster: LabCluster): Promise<void> {
  await cluster.waitForNodes(CONTENTS.nodes, LONG_MS);
  await until(async () => {
    const { items } = await cluster.admin.core.listNamespacedPod({ namespace: NAMESPACE });
    return items.filter(isPodReady).length === CONTENTS.pods;
  }, LONG_MS);
  await untilReady(cluster.admin, DNS, 2, LONG_MS);
  for (const one of [CLUSTER_AUTOSCALER, KARPENTER]) await untilReady(cluster.admin, one, 1, LONG_MS);
}
