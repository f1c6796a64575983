import type { V1Pod } from "@kubernetes/client-node";
import type { KubernetesClients } from "../lab/index.js";
import { until } from "../lab/until.js";
import { isPodReady } from "../lab/workload.js";

const SETTLE_MS = 30_000;

/** Waits until nodes are Ready, workloads have their pods, pods run as far as they ever will, and budgets count them right. */
export async function settle(clients: KubernetesClients, namespace: string): Promise<void> {
  await until(async () => {
    const isSettled = await Promise.all([
      nodesAreReady(clients),
      workloadsHavePods(clients, namespace),
      podsRun(clients, namespace),
      budgetsCount(clients, namespace),
    ]);
    return isSettled.every(Boolean);
  }, SETTLE_MS);
}

async function nodesAreReady({ core }: KubernetesClients): Promise<boolean> {
  const nodes = (await core.listNode()).items;
  return nodes.every(
    ({ spec, status }) =>
      (status?.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True") &&
      !(spec?.taints ?? []).some(({ key }) => key === "node.kubernetes.io/not-ready"),
  );
}

async function workloadsHavePods({ apps }: KubernetesClients, namespace: string): Promise<boolean> {
  const [deployments, replicaSets, statefulSets, daemonSets] = await Promise.all([
    apps.listNamespacedDeployment({ namespace }),
    apps.listNamespacedReplicaSet({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
    apps.listNamespacedDaemonSet({ namespace }),
  ]);
  const scaled = [...deployments.items, ...replicaSets.items, ...statefulSets.items];
  return (
    scaled.every(({ metadata, spec, status }) => isSeen(metadata, status) && status?.replicas === spec?.replicas) &&
    daemonSets.items.every(
      ({ metadata, status }) =>
        isSeen(metadata, status) && status?.currentNumberScheduled === status?.desiredNumberScheduled,
    )
  );
}

async function podsRun({ core }: KubernetesClients, namespace: string): Promise<boolean> {
  return (await core.listNamespacedPod({ namespace })).items.every((pod) => isPodReady(pod) || isAsFarAsItGets(pod));
}

/** Pods that were made never to start, never to be ready, or to find no node. */
function isAsFarAsItGets({ metadata, spec, status }: V1Pod): boolean {
  const annotations = metadata?.annotations ?? {};
  if ("lab/start" in annotations || spec?.schedulerName === "none" || metadata?.deletionTimestamp) return true;
  if (annotations["lab/never-ready"] === "true") return status?.phase === "Running";
  return status?.phase === "Succeeded" || status?.phase === "Failed" || isUnschedulable(status);
}

function isUnschedulable(status: V1Pod["status"]): boolean {
  return (status?.conditions ?? []).some(({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable");
}

async function budgetsCount({ core, policy }: KubernetesClients, namespace: string): Promise<boolean> {
  const budgets = (await policy.listNamespacedPodDisruptionBudget({ namespace })).items;
  const pods = (await core.listNamespacedPod({ namespace })).items;
  return budgets.every(({ metadata, spec, status }) => {
    const labels = Object.entries(spec?.selector?.matchLabels ?? {});
    const covered = pods.filter((pod) => labels.every(([key, value]) => pod.metadata?.labels?.[key] === value));
    const hasFailed = status?.conditions?.some(({ reason }) => reason === "SyncFailed") ?? false;
    return isSeen(metadata, status) && (hasFailed || status?.currentHealthy === covered.filter(isPodReady).length);
  });
}

interface Observed {
  readonly observedGeneration?: number;
}

/** Whether the object's controller has seen its newest version. */
function isSeen(metadata: { readonly generation?: number } | undefined, status: Observed | undefined): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1);
}
