import { CoordinationV1Api, KubeConfig, V1MicroTime } from "@kubernetes/client-node";
import type { LabCluster } from "../lab.js";
import { deployment, isPodReady } from "../workload.js";
import { startReconciling } from "./reconcile-loop.js";

/** Where the autoscaler and its lease are. */
export const CLUSTER_AUTOSCALER = { namespace: "kube-system", name: "cluster-autoscaler" };

/** A cluster autoscaler in a lab's cluster. */
export interface LabClusterAutoscaler {
  /** Desired sizes that it asked for, in order. */
  readonly raises: readonly number[];
  stop(): Promise<void>;
}

/**
 * Starts the Kubernetes cluster autoscaler, as little of it as fights: while its Deployment has a ready pod it renews its
 * lease in that pod's name, and raises the group by one whenever a pod finds no node.
 */
export async function startClusterAutoscaler(cluster: LabCluster, group: string): Promise<LabClusterAutoscaler> {
  const body = deployment(CLUSTER_AUTOSCALER, 1);
  body.metadata = { ...CLUSTER_AUTOSCALER, labels: { "app.kubernetes.io/name": "aws-cluster-autoscaler" } };
  await cluster.admin.apps.createNamespacedDeployment({ namespace: CLUSTER_AUTOSCALER.namespace, body });
  const renew = leaseRenewal(cluster);
  const raises: number[] = [];
  const stop = startReconciling(async () => {
    const pod = await readyPod(cluster);
    if (pod === undefined) return;
    await renew(pod);
    if (!(await hasWaitingPod(cluster))) return;
    const { min, desired, max } = await cluster.group(group).read();
    if (desired >= max || (await readyPod(cluster)) === undefined) return;
    raises.push(desired + 1);
    await cluster.group(group).resize({ min, desired: desired + 1, max });
  });
  return { raises, stop };
}

async function readyPod({ admin }: LabCluster): Promise<string | undefined> {
  const { namespace, name } = CLUSTER_AUTOSCALER;
  const { items } = await admin.core.listNamespacedPod({ namespace, labelSelector: `app=${name}` });
  return items.find(isPodReady)?.metadata?.name;
}

async function hasWaitingPod({ admin }: LabCluster): Promise<boolean> {
  const { items } = await admin.core.listPodForAllNamespaces({ fieldSelector: "spec.nodeName=,status.phase=Pending" });
  return items.some(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

/** Takes the lease, or renews it. */
function leaseRenewal({ adminKubeconfigPath }: LabCluster): (holderIdentity: string) => Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(adminKubeconfigPath);
  const leases = config.makeApiClient(CoordinationV1Api);
  const { namespace } = CLUSTER_AUTOSCALER;
  return async (holderIdentity) => {
    const spec = { holderIdentity, leaseDurationSeconds: 15, renewTime: new V1MicroTime() };
    const body = { metadata: { ...CLUSTER_AUTOSCALER }, spec };
    await leases
      .replaceNamespacedLease({ ...CLUSTER_AUTOSCALER, body })
      .catch(() => leases.createNamespacedLease({ namespace, body }));
  };
}
