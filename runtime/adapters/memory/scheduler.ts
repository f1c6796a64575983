import type { NodeTaint } from "../../ports/index.js";
import type { ClusterState, NodeState, PodState, Simulation } from "./cluster-state.js";
import { hasLabels } from "./selector.js";

const BLOCKING_EFFECTS = ["NoSchedule", "NoExecute"];

/** A node's own taints and those that the control plane adds for cordoned and not-ready nodes. */
export function effectiveTaints(node: NodeState): readonly NodeTaint[] {
  const added: NodeTaint[] = [];
  if (node.isUnschedulable) added.push({ key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" });
  if (node.ready === "False") added.push({ key: "node.kubernetes.io/not-ready", value: "", effect: "NoSchedule" });
  if (node.ready === "Unknown") added.push({ key: "node.kubernetes.io/unreachable", value: "", effect: "NoSchedule" });
  return [...node.taints, ...added];
}

/** Binds waiting pods, each to the emptiest node that takes it; the others stay Pending. */
export function schedulePods({ state }: Simulation): void {
  const waiting = [...state.pods.values()].filter((pod) => pod.nodeName === null && pod.deletion === null);
  if (waiting.length === 0) return;
  const load = podsPerNode(state);
  for (const pod of waiting) {
    const node = emptiest(
      [...state.nodes.values()].filter((each) => takes(each, pod, load)),
      load,
    );
    if (node === undefined) continue;
    pod.nodeName = node.name;
    load.set(node.name, (load.get(node.name) ?? 0) + 1);
  }
}

/** Why a waiting pod has no node, as the scheduler words it; the first reason that holds for any node. */
export function refusalWords({ state }: Simulation, pod: PodState): string {
  const nodes = [...state.nodes.values()];
  const load = podsPerNode(state);
  const isFull = (node: NodeState) => (load.get(node.name) ?? 0) >= node.podCapacity;
  const isSelected = (node: NodeState) => hasLabels(Object.fromEntries(node.labels), pod.template.nodeSelector);
  const reasons = [
    ["Too many pods", nodes.filter((node) => isSelected(node) && isFull(node)).length],
    ["node(s) didn't match Pod's node affinity/selector", nodes.filter((node) => !isSelected(node)).length],
    ["node(s) had untolerated taint(s)", nodes.filter((node) => effectiveTaints(node).length > 0).length],
  ] as const;
  const told = reasons.filter(([, count]) => count > 0).map(([reason, count]) => `${count} ${reason}`);
  return `0/${nodes.length} nodes are available${told.length > 0 ? `: ${told.join(", ")}` : ""}.`;
}

function podsPerNode(state: ClusterState): Map<string, number> {
  const load = new Map<string, number>();
  for (const { nodeName } of state.pods.values()) {
    if (nodeName !== null) load.set(nodeName, (load.get(nodeName) ?? 0) + 1);
  }
  return load;
}

function takes(node: NodeState, { template }: PodState, load: ReadonlyMap<string, number>): boolean {
  const isTolerated =
    template.toleratesEverything || !effectiveTaints(node).some(({ effect }) => BLOCKING_EFFECTS.includes(effect));
  return (
    isTolerated &&
    hasLabels(Object.fromEntries(node.labels), template.nodeSelector) &&
    (load.get(node.name) ?? 0) < node.podCapacity
  );
}

function emptiest(nodes: readonly NodeState[], load: ReadonlyMap<string, number>): NodeState | undefined {
  const byLoad = (a: NodeState, b: NodeState) =>
    (load.get(a.name) ?? 0) - (load.get(b.name) ?? 0) || a.name.localeCompare(b.name);
  return [...nodes].sort(byLoad)[0];
}
