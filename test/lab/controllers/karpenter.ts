import { KUBELET_LABEL } from "../kubelet/label.js";
import type { Lab, LabCluster } from "../lab.js";
import { removeNode } from "../nodes/node.js";
import { deployment } from "../workload.js";
import { karpenterInstances, type KarpenterInstances } from "./karpenter-instances.js";
import { karpenterObjects, type KarpenterObject, type KarpenterObjects } from "./karpenter-objects.js";
import { startReconciling } from "./reconcile-loop.js";

/** Karpenter in a lab's cluster; it works while its Deployment has a ready pod, and not otherwise. */
export interface LabKarpenter extends Pick<KarpenterObjects, "list" | "create" | "remove"> {
  /** Sets the replicas of its Deployment `kube-system/karpenter`. */
  scale(replicas: number): Promise<void>;
  close(): Promise<void>;
}

interface Parts {
  readonly cluster: LabCluster;
  readonly objects: KarpenterObjects;
  readonly instances: KarpenterInstances;
}

const CONTROLLER = { namespace: "kube-system", name: "karpenter" };
const POOL_LABEL = "karpenter.sh/nodepool";
const NODE_CLASS = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" };

/**
 * Starts Karpenter, as little of it as matters: a dynamic pool gets a node while a pod that names it waits and its limit
 * allows, a static one its replicas; a claim that is deleted takes its instance and node along before its finalizer goes.
 */
export async function startKarpenter(lab: Lab, cluster: LabCluster): Promise<LabKarpenter> {
  const objects = karpenterObjects(cluster.adminKubeconfigPath);
  const instances = karpenterInstances(lab.aws.endpointUrl, cluster);
  const { spec } = deployment(CONTROLLER, 1);
  const labels = { "app.kubernetes.io/name": "karpenter" };
  await cluster.admin.apps.createNamespacedDeployment({
    namespace: CONTROLLER.namespace,
    body: { metadata: { ...CONTROLLER, labels }, ...(spec && { spec }) },
  });
  const stop = startReconciling(() => reconcile({ cluster, objects, instances }));
  return {
    ...objects,
    scale: async (replicas) => {
      const scale = { metadata: CONTROLLER, spec: { replicas } };
      await cluster.admin.apps.replaceNamespacedDeploymentScale({ ...CONTROLLER, body: scale });
    },
    close: async () => {
      await stop();
      instances.close();
    },
  };
}

async function reconcile(parts: Parts): Promise<void> {
  const { cluster, objects } = parts;
  const controller = await cluster.admin.apps.readNamespacedDeployment(CONTROLLER);
  if ((controller.status?.readyReplicas ?? 0) === 0) return;
  const claims = await objects.list("nodeclaims");
  for (const claim of claims.filter(({ metadata }) => metadata.deletionTimestamp)) await finish(claim, parts);
  const standing = claims.filter(({ metadata }) => !metadata.deletionTimestamp);
  for (const pool of await objects.list("nodepools")) {
    const own = standing.filter(({ metadata }) => metadata.labels?.[POOL_LABEL] === pool.metadata.name);
    const wanted = await wantedNodes(pool, own.length, parts);
    if (own.length < wanted) await launch(pool.metadata.name, parts);
    for (const { metadata } of own.slice(wanted)) await objects.remove("nodeclaims", metadata.name);
  }
}

/** A limit keeps launches back and ends nothing (safe-cycle H23). */
async function wantedNodes({ metadata, spec }: KarpenterObject, now: number, { cluster }: Parts): Promise<number> {
  if (spec.replicas !== undefined) return spec.replicas;
  if (String(spec.limits?.cpu ?? "") === "0") return now;
  const { items } = await cluster.admin.core.listPodForAllNamespaces({ fieldSelector: "spec.nodeName=" });
  const waiting = items.filter(
    (pod) => pod.spec?.nodeSelector?.[POOL_LABEL] === metadata.name && !pod.metadata?.deletionTimestamp,
  );
  return waiting.length > 0 ? Math.max(now, 1) : now;
}

async function launch(pool: string, { cluster, objects, instances }: Parts): Promise<void> {
  const name = `${pool}-${Math.random().toString(36).slice(2, 7)}`;
  const metadata = { name, labels: { [POOL_LABEL]: pool }, finalizers: ["karpenter.sh/termination"] };
  await objects.create("nodeclaims", { metadata, spec: { nodeClassRef: NODE_CLASS } });
  const id = await instances.launch(pool);
  const providerID = `aws:///${cluster.region}a/${id}`;
  await objects.patchStatus("nodeclaims", name, { status: { providerID } });
  await cluster.admin.core.createNode({
    body: { metadata: { name, labels: { [KUBELET_LABEL]: "fake", [POOL_LABEL]: pool } }, spec: { providerID } },
  });
}

async function finish({ metadata, status }: KarpenterObject, { cluster, objects, instances }: Parts): Promise<void> {
  const id = status?.providerID?.split("/").at(-1);
  if (id) await instances.terminate(id);
  await removeNode(cluster.admin, metadata.name);
  await objects.patch("nodeclaims", metadata.name, { metadata: { finalizers: null } });
}
