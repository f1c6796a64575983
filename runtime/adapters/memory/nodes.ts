import type { NodeTaint } from "../../ports/index.js";
import type { NodeState, PodState, Simulation } from "./cluster-state.js";
import { isMirrorPod, removeUnlessFinalized, retryEnds } from "./kubelet.js";

/** What a new node is like; only its name must be said. */
export interface NewNode {
  readonly name: string;
  readonly instanceId?: string | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly NodeTaint[];
  /** Default "True". */
  readonly ready?: NodeState["ready"];
  /** Pods it holds at most; default 110. */
  readonly podCapacity?: number;
  readonly unschedulable?: boolean;
}

/** Registers a node, with the host name label that every kubelet sets. */
export function addNode({ state, agenda, newUid }: Simulation, node: NewNode): void {
  if (state.nodes.has(node.name)) throw new Error(`node ${node.name} already exists`);
  state.nodes.set(node.name, {
    name: node.name,
    uid: newUid(),
    instanceId: node.instanceId ?? null,
    createdAt: agenda.now(),
    labels: new Map(Object.entries({ "kubernetes.io/hostname": node.name, ...node.labels })),
    taints: node.taints ?? [],
    podCapacity: node.podCapacity ?? 110,
    isUnschedulable: node.unschedulable ?? false,
    ready: node.ready ?? "True",
  });
}

/** Deletes a node and, as pod GC does, the pods that were bound to it; notes whom it killed. Calling twice is safe. */
export function removeNode(simulation: Simulation, name: string): void {
  const { state, agenda } = simulation;
  if (!state.nodes.delete(name)) return;
  for (const pod of [...state.pods.values()].filter(({ nodeName }) => nodeName === name)) {
    if (isLoss(pod))
      state.killedPods.push({ at: agenda.now(), namespace: pod.namespace, name: pod.name, nodeName: name });
    removeUnlessFinalized(simulation, pod);
  }
}

function isLoss(pod: PodState): boolean {
  const goesWithItsNode = pod.controller?.kind === "DaemonSet" || isMirrorPod(pod);
  return !goesWithItsNode && pod.phase !== "Succeeded" && pod.phase !== "Failed" && pod.deletion?.hasEnded !== true;
}

/** Sets the Ready condition. "Unknown" stops the kubelet; its pods are no longer ready and do not end (safe-cycle 53). */
export function setNodeReady(simulation: Simulation, name: string, ready: NodeState["ready"]): void {
  const node = simulation.state.nodes.get(name);
  if (node === undefined) return;
  node.ready = ready;
  for (const pod of simulation.state.pods.values()) {
    if (pod.nodeName === name && pod.phase === "Running")
      pod.isReady = ready === "True" && pod.template.ready && pod.deletion?.hasEnded !== true;
  }
  if (ready !== "Unknown") retryEnds(simulation);
}
