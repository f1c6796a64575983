import { setHeaderOptions, PatchStrategy, type V1Node } from "@kubernetes/client-node";
import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { curfewToken } from "../../drain/curfew-token.js";
import { kubeconfigText } from "../../lab/cluster/kubeconfig.js";
import { startControlPlane, type ControlPlane } from "../../lab/control-plane.js";
import { until } from "../../lab/until.js";
import { deployment, disruptionBudget, freshNamespace, isPodReady } from "../../lab/workload.js";

const NODES = Array.from({ length: 10 }, (_, index) => `n${index}`);
/** Not drained: it holds the one pod of each app that its budget insists on. */
const SPARE = "spare";
const APPS = Array.from({ length: 10 }, (_, index) => `app-${index}`);
const PODS_PER_NODE = 30;
const PODS_PER_APP = (NODES.length * PODS_PER_NODE) / APPS.length;
const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
/** The scheduler may let pods that found no place wait for 10 s before it tries again. */
const SETTLE_TIMEOUT_MS = 60_000;

/** A cluster with ten full nodes that can be filled again after each drain. */
export interface Arena extends AsyncDisposable {
  readonly cluster: ControlPlane;
  readonly nodes: readonly string[];
  /** Bearer token with Curfew's own rights, and a kubeconfig with it: every contestant signs in the same way. */
  readonly token: string;
  readonly kubeconfigPath: string;
  /** Makes ten nodes full again: thirty Ready pods each, ten budgets that let exactly these three hundred go. */
  refill(): Promise<void>;
  /** Pods now bound to the ten nodes. */
  countPods(): Promise<number>;
}

/** Starts the cluster. Every pod has a grace of 1 s and uses it up. */
export async function startArena(): Promise<Arena> {
  await using starting = new AsyncDisposableStack();
  const cluster = starting.use(await startControlPlane());
  const folder = await mkdtemp(join(tmpdir(), "curfew-bench-"));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const { admin, endpoint, caPem } = cluster;
  const token = await curfewToken(admin);
  const kubeconfigPath = join(folder, "curfew.kubeconfig");
  await writeFile(kubeconfigPath, kubeconfigText(endpoint, caPem, { token }), { mode: 0o600 });
  for (const name of [...NODES, SPARE]) await admin.core.createNode({ body: node(name) });
  await cluster.waitForNodes(NODES.length + 1);
  const namespace = await furnish(cluster);
  const running = starting.move();
  return {
    cluster,
    nodes: NODES,
    token,
    kubeconfigPath,
    refill: () => refill(cluster, namespace),
    countPods: async () => (await podsOnNodes(cluster, namespace)).length,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const node = (name: string): V1Node => ({
  metadata: { name, labels: { "lab/kubelet": "fake" } },
  status: { capacity: { cpu: "16", memory: "64Gi", pods: String(PODS_PER_NODE) } },
});

/** One pod of each app on the spare node, then the rest on the ten; a budget over each app that keeps one. */
async function furnish({ admin }: ControlPlane): Promise<string> {
  const namespace = await freshNamespace(admin);
  await setCordons(admin, true, false);
  for (const name of APPS) {
    const options = { graceSeconds: 1, annotations: { "lab/shutdown": "grace" } };
    await admin.apps.createNamespacedDeployment({ namespace, body: deployment({ namespace, name }, 1, options) });
  }
  await untilReadyPods(admin, namespace, APPS.length);
  await setCordons(admin, false, true);
  for (const name of APPS) {
    const scale = { spec: { replicas: PODS_PER_APP + 1 } };
    await admin.apps.patchNamespacedDeploymentScale({ namespace, name, body: scale }, MERGE_PATCH);
    const budget = disruptionBudget({ namespace, name }, name, { minAvailable: 1 });
    await admin.policy.createNamespacedPodDisruptionBudget({ namespace, body: budget });
  }
  return namespace;
}

async function setCordons(
  { core }: ControlPlane["admin"],
  areNodesCordoned: boolean,
  isSpareCordoned: boolean,
): Promise<void> {
  const cordon = (name: string, unschedulable: boolean) =>
    core.patchNode(
      {
        name,
        body: {
          metadata: { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": null } },
          spec: { unschedulable },
        },
      },
      MERGE_PATCH,
    );
  await Promise.all([...NODES.map((name) => cordon(name, areNodesCordoned)), cordon(SPARE, isSpareCordoned)]);
}

async function refill({ admin }: ControlPlane, namespace: string): Promise<void> {
  await setCordons(admin, false, true);
  await untilReadyPods(admin, namespace, APPS.length * (PODS_PER_APP + 1));
  await until(async () => {
    const { items } = await admin.policy.listNamespacedPodDisruptionBudget({ namespace });
    return items.every(({ status }) => status?.disruptionsAllowed === PODS_PER_APP);
  }, SETTLE_TIMEOUT_MS);
}

async function untilReadyPods({ core }: ControlPlane["admin"], namespace: string, count: number): Promise<void> {
  await until(async () => {
    const { items } = await core.listNamespacedPod({ namespace });
    return items.length === count && items.every(isPodReady);
  }, SETTLE_TIMEOUT_MS);
}

async function podsOnNodes({ admin }: ControlPlane, namespace: string) {
  const { items } = await admin.core.listNamespacedPod({ namespace });
  return items.filter(({ spec }) => NODES.includes(spec?.nodeName ?? ""));
}
