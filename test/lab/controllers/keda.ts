import { CustomObjectsApi, KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { LabCluster } from "../lab.js";
import { deployment } from "../workload.js";
import { startReconciling } from "./reconcile-loop.js";

/** A ScaledObject, as far as the lab's KEDA reads it. */
interface ScaledObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly scaleTargetRef: { readonly name: string }; readonly maxReplicaCount?: number };
}

const OPERATOR = { namespace: "keda", name: "keda-operator" };
const TYPE = { group: "keda.sh", version: "v1alpha1", plural: "scaledobjects" };
const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** KEDA in a lab's cluster. */
export interface LabKeda {
  stop(): Promise<void>;
}

/**
 * Starts KEDA's operator, as little of it as matters: while its Deployment has a ready pod, every ScaledObject has its
 * HPA, but a paused one has none and says so in its condition.
 */
export async function startKeda(cluster: LabCluster): Promise<LabKeda> {
  const { core, apps } = cluster.admin;
  await core.createNamespace({ body: { metadata: { name: OPERATOR.namespace } } });
  await apps.createNamespacedDeployment({ namespace: OPERATOR.namespace, body: deployment(OPERATOR, 1) });
  const config = new KubeConfig();
  config.loadFromFile(cluster.adminKubeconfigPath);
  const objects = config.makeApiClient(CustomObjectsApi);
  const stop = startReconciling(async () => {
    const operator = await apps.readNamespacedDeployment(OPERATOR);
    if ((operator.status?.readyReplicas ?? 0) === 0) return;
    const { items } = (await objects.listClusterCustomObject(TYPE)) as { items: readonly ScaledObject[] };
    for (const scaler of items) await reconcile(scaler, cluster, objects);
  });
  return { stop };
}

async function reconcile(scaler: ScaledObject, cluster: LabCluster, objects: CustomObjectsApi): Promise<void> {
  const { namespace, name, annotations = {} } = scaler.metadata;
  const isPaused =
    annotations["autoscaling.keda.sh/paused"] === "true" ||
    annotations["autoscaling.keda.sh/paused-replicas"] !== undefined;
  await (isPaused ? removeHpa(scaler, cluster) : ensureHpa(scaler, cluster));
  const body = { status: { conditions: [{ type: "Paused", status: isPaused ? "True" : "False" }] } };
  await objects.patchNamespacedCustomObjectStatus({ ...TYPE, namespace, name, body }, MERGE_PATCH);
}

const hpaName = ({ metadata }: ScaledObject): string => `keda-hpa-${metadata.name}`;

async function ensureHpa(scaler: ScaledObject, { admin: { autoscaling } }: LabCluster): Promise<void> {
  const { namespace } = scaler.metadata;
  const name = hpaName(scaler);
  const { items } = await autoscaling.listNamespacedHorizontalPodAutoscaler({ namespace });
  if (items.some(({ metadata }) => metadata?.name === name)) return;
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: scaler.spec.scaleTargetRef.name };
  const spec = { scaleTargetRef, maxReplicas: scaler.spec.maxReplicaCount ?? 100 };
  await autoscaling.createNamespacedHorizontalPodAutoscaler({ namespace, body: { metadata: { name }, spec } });
}

async function removeHpa(scaler: ScaledObject, { admin: { autoscaling } }: LabCluster): Promise<void> {
  const { namespace } = scaler.metadata;
  await autoscaling
    .deleteNamespacedHorizontalPodAutoscaler({ namespace, name: hpaName(scaler) })
    .catch(() => undefined);
}
