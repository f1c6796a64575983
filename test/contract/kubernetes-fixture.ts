import type {
  ApiObject,
  Kubernetes,
  LabelSelector,
  NodeTaint,
  ObjectMeta,
  OwnerRef,
  PodRef,
  ResourceType,
} from "../../runtime/ports/index.js";
import type { Awaitable } from "./eventually.js";

/** One API server, real or in memory, that the suite gets a fresh corner of for every test. */
export interface KubernetesLab {
  /** A namespace of its own, and nodes of its own as the test adds them. */
  open(): Promise<KubernetesFixture>;
  /** Stops what the lab started. Fixtures are disposed of by then. */
  close(): Promise<void>;
}

/** Small verbs to arrange a cluster with. Everything is created in `namespace`; pods run on this fixture's nodes only. */
export interface KubernetesFixture {
  readonly kubernetes: Kubernetes;
  readonly namespace: string;
  /**
   * The same server for somebody else. `stranger`: no token of his is accepted (401); `unprivileged`: known,
   * without any right (403); `cut-off`: nothing answers.
   */
  as(caller: "stranger" | "unprivileged" | "cut-off"): Kubernetes;

  /** A Ready node with a living kubelet and the label `kubernetes.io/hostname`. Returns its name. */
  addNode(node?: FixtureNode): Awaitable<string>;
  removeNode(name: string): Awaitable<void>;
  /** Its pods carry `app: <name>` besides the spec's labels. */
  addDeployment(spec: FixtureWorkload): Awaitable<OwnerRef>;
  addReplicaSet(spec: FixtureWorkload): Awaitable<OwnerRef>;
  addStatefulSet(spec: FixtureWorkload): Awaitable<OwnerRef>;
  /** One pod on every node of this fixture. */
  addDaemonSet(spec: Omit<FixtureWorkload, "replicas">): Awaitable<void>;
  /** `nodeName` is written into the spec: it is bound there past the scheduler. */
  addBarePod(spec: FixturePod & { readonly name: string; readonly nodeName: string }): Awaitable<PodRef>;
  addBudget(spec: FixtureBudget): Awaitable<void>;
  removeWorkload(owner: OwnerRef): Awaitable<void>;
  /** Writes a final phase into the pod's status. */
  finishPod(name: string, phase: "Succeeded" | "Failed"): Awaitable<void>;
  removeFinalizers(name: string): Awaitable<void>;
  /** Stops the disruption controller, so that new budgets stay unseen. */
  pauseBudgetController(): Awaitable<void>;
  resumeBudgetController(): Awaitable<void>;
  /** A fail-closed webhook with no endpoint, on pods/eviction or on DELETE of pods, in this namespace; in force on return. */
  breakWebhook(target: "evict" | "delete"): Awaitable<void>;
  mendWebhook(target: "evict" | "delete"): Awaitable<void>;
  /** The API server turns away evictions in this namespace that come in a crowd. Takes effect with a delay. */
  throttleEvictions(): Awaitable<void>;
  /** Creates an object, or takes the place of the one by its name. Namespaced ones go into this namespace. */
  putObject(type: ResourceType, object: FixtureObject): Awaitable<ApiObject>;
  removeObject(type: ResourceType, name: string): Awaitable<void>;
  /** A namespaced type of this test's own, which the server does not serve before `installType`. */
  newType(): ResourceType;
  /** Takes effect with a delay. */
  installType(type: ResourceType): Awaitable<void>;
  /** A fail-closed webhook before the creation of ConfigMaps in this namespace; in force on return. */
  guardConfigMaps(guard: "denies" | "unreachable"): Awaitable<void>;
  /** Deletes the namespace, which lives on as long as a pod in it does. */
  terminateNamespace(): Awaitable<void>;

  /** Returns when every pod that can run does, with its readiness, and every budget was seen by its controller, unless that is paused. */
  settle(): Awaitable<void>;
  /** Epoch milliseconds on the server's clock. */
  now(): number;
  wait(ms: number): Awaitable<void>;
  /** Removes what the test created, mends what it broke. */
  dispose(): Awaitable<void>;
}

/** An object without what the server adds. */
export interface FixtureObject {
  readonly metadata: Partial<ObjectMeta> & Pick<ObjectMeta, "name">;
  readonly [field: string]: unknown;
}

interface FixtureNode {
  /** Becomes the provider id `aws:///<zone>/<instanceId>`; none when left out. */
  readonly instanceId?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly NodeTaint[];
}

export interface FixturePod {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  /** Default 1, to keep real servers quick. */
  readonly graceSeconds?: number;
  readonly emptyDir?: boolean;
  readonly hostPath?: boolean;
  readonly priorityClassName?: string;
  readonly toleratesEverything?: boolean;
  /** Whether it becomes Ready once it runs; default true. */
  readonly ready?: boolean;
  /** Stays Pending on its node. */
  readonly neverStarts?: boolean;
  /** How its containers end: at once, at the deadline (the default), or never. */
  readonly shutdown?: "fast" | "grace" | "stuck";
}

interface FixtureWorkload extends FixturePod {
  readonly name: string;
  /** Default 1. */
  readonly replicas?: number;
  /** By node selector on the host name: a cordon there still holds. */
  readonly nodeName?: string;
}

interface FixtureBudget {
  readonly name: string;
  /** Default: pods with `app: <name>`. */
  readonly selector?: LabelSelector;
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  readonly unhealthyPodEvictionPolicy?: "IfHealthyBudget" | "AlwaysAllow";
}
