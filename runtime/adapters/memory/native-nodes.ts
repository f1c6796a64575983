import type { ApiObject } from "../../ports/index.js";
import type { NodeState, Simulation } from "./cluster-state.js";
import { timestamp, viewOf, type NativeType } from "./native-object.js";
import { removeNode } from "./nodes.js";
import { effectiveTaints } from "./scheduler.js";

/** Nodes. Written labels and cordons are followed; written taints are not. */
export const NATIVE_NODES: NativeType = {
  views: (simulation) => [...simulation.state.nodes.values()].map((node) => viewOfNode(simulation, node)),
  write({ state }, { metadata, spec }) {
    const node = state.nodes.get(metadata.name);
    if (node === undefined) return;
    node.isUnschedulable = (spec as { readonly unschedulable?: boolean } | undefined)?.unschedulable ?? false;
    node.labels.clear();
    for (const [key, value] of Object.entries(metadata.labels ?? {})) node.labels.set(key, value);
  },
  remove: (simulation, { metadata }) => removeNode(simulation, metadata.name),
};

function viewOfNode(simulation: Simulation, node: NodeState): ApiObject {
  const { name, uid, createdAt, labels, instanceId, isUnschedulable, ready } = node;
  const zone = labels.get("topology.kubernetes.io/zone") ?? "";
  return viewOf(simulation, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, uid, creationTimestamp: timestamp(createdAt), labels: Object.fromEntries(labels) },
    spec: {
      providerID: instanceId === null ? undefined : `aws:///${zone}/${instanceId}`,
      unschedulable: isUnschedulable || undefined,
      taints: effectiveTaints(node),
    },
    status: { conditions: [{ type: "Ready", status: ready }] },
  });
}
