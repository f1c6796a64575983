import type {
  DeleteAnswer,
  DeleteOptions,
  EvictionAnswer,
  EvictOptions,
  Kubernetes,
  NodeChange,
  Objects,
  OwnerRef,
  PodFacts,
  PodRef,
  PodWarning,
} from "../../ports/index.js";
import { isFailure, LOAD_BALANCER_EXCLUSION_LABEL } from "../../ports/index.js";
import { scaledWorkload } from "./budgets.js";
import type { Calls } from "./calls.js";
import type { ClusterState, NodeState, Simulation, WorkloadState } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";
import { evict } from "./eviction.js";
import { budgetFacts, nodeFacts, ownerFacts, podFacts } from "./facts.js";
import type { Faults } from "./faults.js";
import { requestDeletion } from "./kubelet.js";
import type { ObjectBook } from "./object-book.js";

/** The API server of one in-memory cluster. */
export function createMemoryKubernetes(
  simulation: Simulation,
  calls: Calls,
  { faults, objects, book }: { readonly faults: Faults; readonly objects: Objects; readonly book: ObjectBook },
): Kubernetes {
  const { state } = simulation;
  return {
    listNodes: () => calls.read("listNodes", () => [...state.nodes.values()].map(nodeFacts)),
    listPods: (nodeNames) => calls.read("listPods", () => podsOn(state, nodeNames)),
    listBudgets: () => calls.read("listBudgets", () => [...state.budgets.values()].map(budgetFacts)),
    patchNode: (name, change) => patchNode(state, calls, name, change),
    evict: (pod, options) => answered(() => callEvict({ simulation, calls, faults }, pod, options)),
    deletePod: (pod, graceSeconds, options) =>
      answered(() => callDelete({ simulation, calls }, pod, graceSeconds, options)),
    daemonSetExists: (namespace, name) =>
      calls.read("daemonSetExists", () =>
        [...state.workloads.values()].some((each) => isDaemonSet(each, namespace, name)),
      ),
    findScalableOwner: (pod) =>
      calls.read("findScalableOwner", () => {
        const owner = pod.controller === null ? undefined : scaledWorkload(state, pod.controller.uid);
        return (owner && ownerFacts(owner)) ?? null;
      }),
    readOwner: (owner) =>
      calls.read("readOwner", () => {
        const workload = findOwner(state, owner);
        return (workload && ownerFacts(workload)) ?? null;
      }),
    scaleOwner: (owner, replicas) => scaleOwner(state, calls, owner, replicas),
    warnOfPod: (pod, warning) => warnOfPod(pod, warning, { simulation, calls, book }),
    objects,
    close: () => Promise.resolve(),
  };
}

const EVENTS = { group: "", versions: ["v1"], plural: "events", kind: "Event", isNamespaced: true } as const;

/** Not in the journal: an event changes nothing. */
async function warnOfPod(
  { namespace, name, uid }: PodRef,
  { reason, message }: PodWarning,
  { simulation, calls, book }: { readonly simulation: Simulation; readonly calls: Calls; readonly book: ObjectBook },
): Promise<"told" | "refused"> {
  const involvedObject = { apiVersion: "v1", kind: "Pod", namespace, name, uid };
  const metadata = { name: `curfew-${simulation.newSuffix()}`, namespace };
  try {
    return await calls.read("warnOfPod", () => {
      book.put(EVENTS, { metadata, involvedObject, type: "Warning", reason, message: message.slice(0, 1024) });
      return "told";
    });
  } catch (error) {
    if (!isFailure(error)) throw error;
    return "refused";
  }
}

function podsOn({ pods }: ClusterState, nodeNames: readonly string[]): readonly PodFacts[] {
  const found: PodFacts[] = [];
  for (const pod of pods.values()) {
    if (pod.nodeName !== null && nodeNames.includes(pod.nodeName)) found.push(podFacts(pod, pod.nodeName));
  }
  return found.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
}

/** By code unit: the order of the API server, whatever this computer's locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function patchNode(state: ClusterState, calls: Calls, name: string, change: NodeChange): Promise<"changed" | "gone"> {
  const unsent = (): "changed" | "gone" | undefined => {
    const node = state.nodes.get(name);
    if (node === undefined) return "gone";
    return applies(node, change) ? "changed" : undefined;
  };
  return calls.mutate(
    { call: "patchNode", target: name, detail: { ...change }, unsent },
    () => patch(state.nodes.get(name), change),
    String,
  );
}

function applies(node: NodeState, { unschedulable, excludeFromLoadBalancers }: NodeChange): boolean {
  const isExcluded = node.labels.has(LOAD_BALANCER_EXCLUSION_LABEL);
  return (
    (unschedulable ?? node.isUnschedulable) === node.isUnschedulable &&
    (excludeFromLoadBalancers ?? isExcluded) === isExcluded
  );
}

function patch(
  node: NodeState | undefined,
  { unschedulable, excludeFromLoadBalancers }: NodeChange,
): "changed" | "gone" {
  if (node === undefined) return "gone";
  if (unschedulable !== undefined) node.isUnschedulable = unschedulable;
  if (excludeFromLoadBalancers === true) node.labels.set(LOAD_BALANCER_EXCLUSION_LABEL, "true");
  if (excludeFromLoadBalancers === false) node.labels.delete(LOAD_BALANCER_EXCLUSION_LABEL);
  return "changed";
}

interface EvictionParts {
  readonly simulation: Simulation;
  readonly calls: Calls;
  readonly faults: Faults;
}

async function callEvict(
  { simulation, calls, faults }: EvictionParts,
  pod: PodRef,
  options: EvictOptions = {},
): Promise<EvictionAnswer> {
  if (options.signal?.aborted) return { kind: "transient", message: "The call was cancelled." };
  const judge = (): EvictionAnswer => {
    const prepared = faults.takeEvictionAnswer(pod);
    if (prepared === undefined || prepared.tookEffect === true) {
      const answer = evict(simulation, pod, options);
      return prepared?.answer ?? answer;
    }
    return prepared.answer;
  };
  if (options.dryRun === true) return calls.read("evict", judge);
  const detail = { uid: pod.uid, graceSeconds: options.graceSeconds ?? null };
  return calls.mutate({ call: "evict", target: objectKey(pod), detail }, judge, kindOf);
}

function callDelete(
  { simulation, calls }: Pick<EvictionParts, "simulation" | "calls">,
  ref: PodRef,
  graceSeconds: number,
  { isInstanceGone = false }: DeleteOptions = {},
): Promise<DeleteAnswer> {
  // The port's promise (safe-cycle 61): grace 0 removes the object while its container still runs.
  const leastSeconds = isInstanceGone ? 0 : 1;
  if (!(graceSeconds >= leastSeconds))
    throw new RangeError(`deletePod needs a grace of at least ${leastSeconds} s, not ${graceSeconds}`);
  const { state } = simulation;
  const effect = (): DeleteAnswer => {
    const pod = state.pods.get(objectKey(ref));
    if (pod?.uid !== ref.uid) return { kind: "gone" };
    if (state.brokenWebhooks.has("delete"))
      return { kind: "refused", message: "failed calling webhook: no endpoints available" };
    requestDeletion(simulation, pod, graceSeconds);
    return { kind: "accepted" };
  };
  return calls.mutate(
    { call: "deletePod", target: objectKey(ref), detail: { uid: ref.uid, graceSeconds } },
    effect,
    kindOf,
  );
}

/** A standing fault that the port tells as an answer comes back as one (safe-cycle 35, 37). */
async function answered<T>(
  call: () => Promise<T>,
): Promise<T | { readonly kind: "forbidden" | "transient"; readonly message: string }> {
  try {
    return await call();
  } catch (error) {
    if (isFailure(error) && error.code === "rbac-denied") return { kind: "forbidden", message: error.message };
    if (isFailure(error) && (error.code === "endpoint-unreachable" || error.code === "unavailable")) {
      return { kind: "transient", message: error.message };
    }
    throw error;
  }
}

function kindOf({ kind }: { readonly kind: string }): string {
  return kind;
}

function scaleOwner(state: ClusterState, calls: Calls, owner: OwnerRef, replicas: number): Promise<"scaled" | "gone"> {
  const effect = (): "scaled" | "gone" => {
    const workload = findOwner(state, owner);
    if (workload === undefined) return "gone";
    workload.replicas = replicas;
    return "scaled";
  };
  return calls.mutate(
    { call: "scaleOwner", target: `${owner.kind}/${objectKey(owner)}`, detail: { replicas } },
    effect,
    String,
  );
}

/** The workload itself, not another one by the same name. */
function findOwner({ workloads }: ClusterState, owner: OwnerRef): WorkloadState | undefined {
  const workload = workloads.get(owner.uid);
  const isSame =
    workload?.kind === owner.kind && workload.namespace === owner.namespace && workload.name === owner.name;
  return isSame ? workload : undefined;
}

function isDaemonSet(workload: WorkloadState, namespace: string, name: string): boolean {
  return workload.kind === "DaemonSet" && workload.namespace === namespace && workload.name === name;
}
