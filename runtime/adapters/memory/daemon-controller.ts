import type { NodeState, PodState, Simulation, WorkloadState } from "./cluster-state.js";
import { removeUnlessFinalized } from "./kubelet.js";
import { controllerReference, createPod, podsOf } from "./new-pod.js";
import { hasLabels } from "./selector.js";

const COMPUTE_TYPE_LABEL = "eks.amazonaws.com/compute-type";

/** Whether the node is a Fargate one (safe-cycle 14). */
export function isFargateNode({ labels }: NodeState): boolean {
  return labels.get(COMPUTE_TYPE_LABEL) === "fargate";
}

/**
 * One pod on every node, cordoned or not ready ones included (safe-cycle 4). A terminating pod still
 * counts as the node's; a failed one is replaced, a finished one is left to whoever drains (safe-cycle 5).
 */
export function runDaemonSet(simulation: Simulation, daemonSet: WorkloadState): void {
  const pods = podsOf(simulation, daemonSet);
  for (const failed of pods.filter(({ phase }) => phase === "Failed")) removeUnlessFinalized(simulation, failed);
  const served = new Set(podsOf(simulation, daemonSet).map(({ nodeName }) => nodeName));
  for (const node of simulation.state.nodes.values()) {
    if (!served.has(node.name) && wants(daemonSet, node)) createDaemonPod(simulation, daemonSet, node);
  }
}

function wants({ template }: WorkloadState, node: NodeState): boolean {
  return !isFargateNode(node) && hasLabels(Object.fromEntries(node.labels), template.nodeSelector);
}

function createDaemonPod(simulation: Simulation, daemonSet: WorkloadState, node: NodeState): PodState | undefined {
  return createPod(simulation, {
    namespace: daemonSet.namespace,
    name: `${daemonSet.name}-${simulation.newSuffix()}`,
    template: daemonSet.template,
    controller: controllerReference(daemonSet),
    nodeName: node.name,
  });
}
