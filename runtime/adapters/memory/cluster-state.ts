import type { ApiObject, LabelSelector, NodeTaint } from "../../ports/index.js";
import type { Agenda } from "./agenda.js";

/**
 * What one simulated API server holds. Mutable on purpose: it is the outside world, and only the
 * controllers, the kubelet and the calls of this folder write to it.
 */
export interface ClusterState {
  /** By name. */
  readonly nodes: Map<string, NodeState>;
  /** By `namespace/name`. */
  readonly pods: Map<string, PodState>;
  /** By UID. */
  readonly workloads: Map<string, WorkloadState>;
  /** By `namespace/name`. */
  readonly budgets: Map<string, BudgetState>;
  /** Objects of every type that has no model of its own here; by type, then by `namespace/name`. */
  readonly objects: Map<string, Map<string, ApiObject>>;
  /** By UID: what was written to modelled objects beyond their model, e.g. annotations. The model's own fields win. */
  readonly overlays: Map<string, ApiObject>;
  readonly terminatingNamespaces: Set<string>;
  /** Calls that a fail-closed webhook without a backend refuses (safe-cycle 34). */
  readonly brokenWebhooks: Set<WebhookTarget>;
  /** False while the disruption controller is down: budgets keep the status they had (safe-cycle 31). */
  areBudgetsWatched: boolean;
  /** Pods that a vanishing node took with it; daemon, mirror and finished pods are no loss. */
  readonly killedPods: KilledPod[];
}

/** `evict`: CREATE of pods/eviction; `delete`: DELETE of pods. */
export type WebhookTarget = "evict" | "delete";

export interface NodeState {
  readonly name: string;
  readonly uid: string;
  readonly instanceId: string | null;
  readonly createdAt: number;
  readonly labels: Map<string, string>;
  readonly taints: readonly NodeTaint[];
  readonly podCapacity: number;
  isUnschedulable: boolean;
  /** "Unknown" also means that its kubelet is dead: pods neither start nor end there (safe-cycle 53). */
  ready: "True" | "False" | "Unknown";
}

/**
 * How a pod's containers take the request to end: at once, when the grace is over, or never.
 * The same three knobs as the lab's fake kubelet.
 */
export type Shutdown = "fast" | "grace" | "stuck";

/** A pod as its owner describes it. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly graceSeconds: number;
  readonly emptyDir: boolean;
  readonly hostPath: boolean;
  /** PersistentVolumeClaims that it mounts. */
  readonly claims: readonly string[];
  readonly priority: number;
  readonly priorityClassName: string;
  readonly toleratesEverything: boolean;
  /** Whether it becomes Ready once it runs. */
  readonly ready: boolean;
  /** From being bound to running. */
  readonly startMs: number;
  readonly shutdown: Shutdown;
  readonly nodeSelector: Readonly<Record<string, string>>;
}

export interface ControllerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface PodState {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly template: PodTemplate;
  readonly controller: ControllerReference | null;
  readonly createdAt: number;
  nodeName: string | null;
  phase: "Pending" | "Running" | "Succeeded" | "Failed";
  isReady: boolean;
  startedAt: number | null;
  finalizers: readonly string[];
  deletion: Deletion | null;
}

/** A deletion counts from its first request, however often it is tightened (safe-cycle 11, 63). */
interface Deletion {
  readonly requestedAt: number;
  readonly graceSeconds: number;
  /** The containers have ended; only finalizers or a webhook keep the object. */
  readonly hasEnded: boolean;
}

export interface WorkloadState {
  readonly kind: "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly template: PodTemplate;
  /** UID of the Deployment that a ReplicaSet belongs to. */
  readonly parentUid: string | null;
  replicas: number;
}

export interface BudgetState {
  readonly namespace: string;
  readonly name: string;
  readonly spec: BudgetRule;
  readonly generation: number;
  observedGeneration: number;
  disruptionsAllowed: number;
  currentHealthy: number;
  desiredHealthy: number;
  expectedPods: number;
  /** Accepted evictions by pod *name*, with their instant (safe-cycle 41). */
  readonly disruptedPods: Map<string, number>;
  /** Fewest healthy pods seen since the controller first looked. */
  lowestHealthy: number;
}

/** Exactly one of the two bounds is set, in pods or as "50%". */
interface BudgetRule {
  readonly selector: LabelSelector | null;
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  readonly unhealthyPodEvictionPolicy: "IfHealthyBudget" | "AlwaysAllow";
}

interface KilledPod {
  readonly at: number;
  readonly namespace: string;
  readonly name: string;
  readonly nodeName: string;
}

/** One cluster's state together with its time and its source of names. */
export interface Simulation {
  readonly state: ClusterState;
  readonly agenda: Agenda;
  /** Unique within the world, the same in every run. */
  readonly newUid: () => string;
  /** A short suffix for generated names, unique within the world. */
  readonly newSuffix: () => string;
}

/** The key of namespaced objects. */
export function objectKey(object: { readonly namespace: string; readonly name: string }): string {
  return `${object.namespace}/${object.name}`;
}

/** A state with nothing in it. */
export function emptyState(): ClusterState {
  return {
    nodes: new Map(),
    pods: new Map(),
    workloads: new Map(),
    budgets: new Map(),
    objects: new Map(),
    overlays: new Map(),
    terminatingNamespaces: new Set(),
    brokenWebhooks: new Set(),
    areBudgetsWatched: true,
    killedPods: [],
  };
}
