import type { Objects } from "./objects.js";

/**
 * One cluster's API server, as far as draining and waking need it. Implementations hold the API
 * server's quirks (safe-cycle 22-41), refresh tokens (36), page lists and restart them on 410 (1),
 * retry idempotent reads on transient faults (37, 48), and throw `Failure` only for what ends a run:
 * access-entry-missing (401 after a refresh), rbac-denied (403 without a cause), endpoint-unreachable, unavailable.
 */
export interface Kubernetes {
  listNodes(): Promise<readonly NodeFacts[]>;
  /** The pods now bound to these nodes, in all namespaces, terminated ones included, sorted by namespace and name. */
  listPods(nodeNames: readonly string[]): Promise<readonly PodFacts[]>;
  listBudgets(): Promise<readonly BudgetFacts[]>;
  /**
   * Patches `spec.unschedulable` and, by label, the exclusion from external load balancers; never PUTs a
   * stale node (safe-cycle 17, 19). No request when the node has it already. Calling twice is safe.
   */
  patchNode(name: string, change: NodeChange): Promise<"changed" | "gone">;
  /** POSTs a policy/v1 Eviction with a UID precondition; grace only to shorten (safe-cycle 22-24). Never throws for an answer of the server. */
  evict(pod: PodRef, options?: EvictOptions): Promise<EvictionAnswer>;
  /**
   * DELETEs with a UID precondition; `graceSeconds` is at least 1 (safe-cycle 61), or 0 with `isInstanceGone`.
   * `gone` also when the UID differs.
   */
  deletePod(pod: PodRef, graceSeconds: number, options?: DeleteOptions): Promise<DeleteAnswer>;
  /** Whether the DaemonSet exists; errors other than 404 throw (safe-cycle 5). */
  daemonSetExists(namespace: string, name: string): Promise<boolean>;
  /** Follows controller references up to what has a scale, e.g. pod -> ReplicaSet -> Deployment; null when nothing scalable owns it. */
  findScalableOwner(pod: PodFacts): Promise<ScalableOwner | null>;
  /** Reads a workload's replicas again; null when it is gone or is another object by the same name (UID). */
  readOwner(owner: OwnerRef): Promise<ScalableOwner | null>;
  /** Sets replicas through the scale subresource. `gone` when the object vanished or its UID differs. Calling twice is safe. */
  scaleOwner(owner: OwnerRef, replicas: number): Promise<"scaled" | "gone">;
  /**
   * Writes a Warning event about a pod, which `kubectl describe` shows (safe-cycle 67). Best effort: `refused` for
   * want of a right, of the namespace, or of a server that answers. Each call writes one more event.
   */
  warnOfPod(pod: PodRef, warning: PodWarning): Promise<"told" | "refused">;
  /** Everything else that the server holds, by type. */
  readonly objects: Objects;
  /** Lets go of connections. Calling twice is safe. */
  close(): Promise<void>;
}

export interface NodeFacts {
  readonly name: string;
  readonly uid: string;
  /** EC2 instance id from the provider id; null when it has none. */
  readonly instanceId: string | null;
  readonly isUnschedulable: boolean;
  /** Status of the Ready condition. */
  readonly ready: "True" | "False" | "Unknown";
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
  /** What pods may request of it, in the API's own quantities, e.g. `{ cpu: "3920m", memory: "15Gi", pods: "58" }`; empty when it does not say. */
  readonly allocatable: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** A Fargate node is never cordoned, drained or counted (safe-cycle 14). */
  readonly isFargate: boolean;
}

export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** Only the named fields change. `excludeFromLoadBalancers: false` removes the label. */
export interface NodeChange {
  readonly unschedulable?: boolean;
  readonly excludeFromLoadBalancers?: boolean;
}

/** The label that takes a node out of external load balancers (safe-cycle 19). */
export const LOAD_BALANCER_EXCLUSION_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What an event says. */
export interface PodWarning {
  /** One word in camel case, for machines. */
  readonly reason: string;
  /** A sentence for people; at most 1,024 characters, longer ones are cut. */
  readonly message: string;
}

export interface OwnerRef {
  readonly kind: "Deployment" | "StatefulSet" | "ReplicaSet";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface ScalableOwner extends OwnerRef {
  readonly replicas: number;
}

export interface PodFacts extends PodRef {
  readonly nodeName: string;
  readonly phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  readonly isReady: boolean;
  /** The instant by which it must be gone: request time plus grace (safe-cycle 11); null when it is not terminating. */
  readonly deletionAt: number | null;
  readonly graceSeconds: number;
  /** The controller reference. */
  readonly controller: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
  } | null;
  /** Mirror annotation or an owner of kind Node (safe-cycle 6). */
  readonly isMirror: boolean;
  readonly isFargate: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly hasEmptyDir: boolean;
  readonly hasHostPath: boolean;
  /** Names of the PersistentVolumeClaims in its namespace that it mounts, those of its ephemeral volumes included. */
  readonly claims: readonly string[];
  /** `spec.priority`; 0 when unset. */
  readonly priority: number;
  readonly priorityClassName: string;
  readonly startedAt: number | null;
  readonly toleratesEverything: boolean;
}

export interface BudgetFacts {
  readonly namespace: string;
  readonly name: string;
  /** A label selector in the API's own form. An absent selector matches nothing, an empty one everything in the namespace (policy/v1). */
  readonly selector: LabelSelector | null;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  /** The controller has not yet seen the newest generation (safe-cycle 31). */
  readonly isStale: boolean;
  readonly unhealthyPodEvictionPolicy: "IfHealthyBudget" | "AlwaysAllow";
}

export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values: readonly string[];
  }[];
}

export interface EvictOptions {
  /** Runs the budget check and writes nothing (safe-cycle 39). */
  readonly dryRun?: boolean;
  readonly graceSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface DeleteOptions {
  /**
   * The caller has EC2's proof that the pod's instance is stopped or terminated, so grace 0 removes no object whose
   * container runs on (safe-cycle 54). Without such proof never: two pods of a StatefulSet could run at once.
   */
  readonly isInstanceGone?: boolean;
}

/** What an eviction came to, quirks already judged (safe-cycle 22-38). `retryAfterMs` is the server's hint, null when it gave none. */
export type EvictionAnswer =
  | { readonly kind: "accepted" }
  /** 404, or the object now has another UID or sits on another node (27, 28, 38). */
  | { readonly kind: "gone" }
  | { readonly kind: "budget-exhausted"; readonly message: string }
  /** "still being processed": the budget's controller is behind (31). */
  | { readonly kind: "budget-stale"; readonly message: string; readonly retryAfterMs: number | null }
  /** 409 on the budget itself (28). */
  | { readonly kind: "budget-contention"; readonly message: string }
  /** Permanent: more than one budget covers the pod (33). */
  | { readonly kind: "several-budgets"; readonly message: string }
  /** The API server protects itself: slow the whole drain (32). */
  | { readonly kind: "throttled"; readonly retryAfterMs: number | null }
  | { readonly kind: "namespace-terminating"; readonly message: string }
  /** A webhook on pods/eviction denied or failed (34). */
  | { readonly kind: "webhook-refused"; readonly message: string }
  /** 403 without a cause: permanent (35). */
  | { readonly kind: "forbidden"; readonly message: string }
  /** Timeout, reset, 5xx: unknown whether it took; look again (29, 37). */
  | { readonly kind: "transient"; readonly message: string };

export type DeleteAnswer =
  | { readonly kind: "accepted" }
  | { readonly kind: "gone" }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "forbidden"; readonly message: string }
  | { readonly kind: "transient"; readonly message: string };
