import type {
  V1DaemonSet,
  V1Deployment,
  V1Pod,
  V1PodDisruptionBudget,
  V1PodDisruptionBudgetSpec,
  V1PodSpec,
  V1PodTemplateSpec,
  V1StatefulSet,
  V1Toleration,
} from "@kubernetes/client-node";
import type { KubernetesClients } from "./cluster/clients.js";
import { until } from "./until.js";

/** Where a workload lives and what it is called; its pods carry the label `app=<name>`. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** How the pods of a workload are. Annotations are the fake kubelet's knobs (kubelet/behaviour.ts). */
export interface PodOptions {
  /** terminationGracePeriodSeconds (default 30). */
  readonly graceSeconds?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly V1Toleration[];
  readonly hostNetwork?: boolean;
  readonly priorityClassName?: string;
  /** Mounts an emptyDir, whose data an eviction loses. */
  readonly emptyDir?: boolean;
  /** Names of PersistentVolumeClaims that it mounts (volumes/volume.ts). */
  readonly claims?: readonly string[];
  /** CPU request (default 10m). */
  readonly cpu?: string;
}

/** A pod nobody owns. */
export const pod = ({ namespace, name }: Named, options: PodOptions = {}): V1Pod => ({
  metadata: { ...podMetadata(name, options), name, namespace },
  spec: podSpec(options),
});

export const deployment = ({ namespace, name }: Named, replicas: number, options: PodOptions = {}): V1Deployment => ({
  metadata: { name, namespace },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, options) },
});

export const statefulSet = ({ namespace, name }: Named, replicas: number, options: PodOptions = {}): V1StatefulSet => ({
  metadata: { name, namespace },
  spec: { serviceName: name, replicas, selector: { matchLabels: { app: name } }, template: template(name, options) },
});

export const daemonSet = ({ namespace, name }: Named, options: PodOptions = {}): V1DaemonSet => ({
  metadata: { name, namespace },
  spec: { selector: { matchLabels: { app: name } }, template: template(name, options) },
});

/** A budget over the pods of the workload `app`. */
export const disruptionBudget = (
  { namespace, name }: Named,
  app: string,
  spec: Pick<V1PodDisruptionBudgetSpec, "minAvailable" | "maxUnavailable" | "unhealthyPodEvictionPolicy">,
): V1PodDisruptionBudget => ({
  metadata: { name, namespace },
  spec: { selector: { matchLabels: { app } }, ...spec },
});

const template = (name: string, options: PodOptions): V1PodTemplateSpec => ({
  metadata: podMetadata(name, options),
  spec: podSpec(options),
});

const podMetadata = (name: string, { labels, annotations, finalizers }: PodOptions) => ({
  labels: { app: name, ...labels },
  annotations: { ...annotations },
  ...(finalizers ? { finalizers: [...finalizers] } : {}),
});

function podSpec(options: PodOptions): V1PodSpec {
  const { nodeName, nodeSelector, tolerations, hostNetwork, priorityClassName, claims = [] } = options;
  const volumes = [
    ...(options.emptyDir ? [{ name: "scratch", emptyDir: {} }] : []),
    ...claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
  ];
  return {
    terminationGracePeriodSeconds: options.graceSeconds ?? 30,
    containers: [
      {
        name: "main",
        image: "none",
        resources: { requests: { cpu: options.cpu ?? "10m", memory: "16Mi" } },
        ...(options.emptyDir ? { volumeMounts: [{ name: "scratch", mountPath: "/scratch" }] } : {}),
      },
    ],
    ...(volumes.length > 0 ? { volumes } : {}),
    ...(nodeName ? { nodeName } : {}),
    ...(nodeSelector ? { nodeSelector: { ...nodeSelector } } : {}),
    ...(tolerations ? { tolerations: [...tolerations] } : {}),
    ...(hostNetwork ? { hostNetwork } : {}),
    ...(priorityClassName ? { priorityClassName } : {}),
  };
}

let namespaces = 0;

/** Makes a namespace of a name not used before in this process, and gives the name. Never wait for its deletion: it takes 10 s. */
export async function freshNamespace({ core }: KubernetesClients): Promise<string> {
  namespaces += 1;
  const name = `test-${namespaces}`;
  await core.createNamespace({ body: { metadata: { name } } });
  return name;
}

/** True for a pod that runs, is Ready and was not told to end. */
export const isPodReady = ({ metadata, status }: V1Pod): boolean =>
  status?.phase === "Running" &&
  metadata?.deletionTimestamp === undefined &&
  (status.conditions ?? []).some(({ type, status: value }) => type === "Ready" && value === "True");

/** Waits until exactly `count` pods with the label `app=<name>` are Ready, and gives them. */
export function untilReady(
  { core }: KubernetesClients,
  { namespace, name }: Named,
  count: number,
  timeoutMs?: number,
): Promise<readonly V1Pod[]> {
  return until(async () => {
    const pods = (await core.listNamespacedPod({ namespace, labelSelector: `app=${name}` })).items.filter(isPodReady);
    return pods.length === count && pods;
  }, timeoutMs);
}

/** Waits until the controller has seen the budget and counts `expectedPods`: before that every eviction gets a 429. */
export function untilBudgetObserved(
  { policy }: KubernetesClients,
  { namespace, name }: Named,
  expectedPods: number,
): Promise<V1PodDisruptionBudget> {
  return until(async () => {
    const budget = await policy.readNamespacedPodDisruptionBudget({ namespace, name });
    const isSeen = (budget.status?.observedGeneration ?? 0) >= (budget.metadata?.generation ?? 1);
    return isSeen && budget.status?.expectedPods === expectedPods && budget;
  });
}
