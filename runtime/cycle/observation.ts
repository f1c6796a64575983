import type { ClusterFacts, GroupInstances, GroupSize, NodeFacts, NodeGroup } from "../ports/index.js";
import type { Journal } from "./journal.js";
import type { Snapshot } from "./snapshot.js";

/** The open cycle, read and understood. */
export interface OpenCycle {
  readonly cycleId: string;
  readonly snapshot: Snapshot;
  readonly journal: Journal;
}

/** Facts read at the start of a run; nothing in it is remembered except `cycle`. */
export interface Observation {
  readonly cluster: ClusterFacts;
  readonly groups: readonly NodeGroup[];
  readonly instances: readonly GroupInstances[];
  readonly nodes: readonly NodeFacts[];
  /** Those of Karpenter and EKS Auto Mode that this run is to remove: none when the measure is not applied (safe-cycle H23). */
  readonly karpenterNodes: readonly NodeFacts[];
  readonly cycle: OpenCycle | null;
}

/** Whether a group asks for no node at all. */
export function isAtZero(size: GroupSize): boolean {
  return size.min === 0 && size.desired === 0;
}

/** Whether the cluster has no node group that asks for, or still has, an instance, and no node of Karpenter's. */
export function isEmpty(
  observation: Pick<Observation, "groups" | "instances"> & Partial<Pick<Observation, "karpenterNodes">>,
): boolean {
  const { groups, instances, karpenterNodes = [] } = observation;
  return (
    groups.every((group) => isAtZero(group.size)) &&
    instances.every((seen) => seen.instances.length === 0) &&
    karpenterNodes.length === 0
  );
}

/** Whether Karpenter, or EKS Auto Mode, launched the node: both label it with its pool. */
export function isKarpenterNode({ labels }: Pick<NodeFacts, "labels">): boolean {
  return labels["karpenter.sh/nodepool"] !== undefined;
}

const NODE_GROUP_LABEL = "eks.amazonaws.com/nodegroup";

/**
 * The node group a node belongs to: by EKS's label, else by its instance; undefined for nodes that are
 * not of a node group (Fargate, Karpenter, Auto Mode, hand-made), which this run leaves alone.
 */
export function groupOf(
  node: NodeFacts,
  groups: readonly NodeGroup[],
  instances: readonly GroupInstances[],
): string | undefined {
  if (node.isFargate) return undefined;
  const labelled = groups.find((group) => group.kind === "managed" && group.name === node.labels[NODE_GROUP_LABEL]);
  if (labelled) return labelled.id;
  if (node.instanceId === null) return undefined;
  return instances.find((seen) => seen.instances.some((instance) => instance.id === node.instanceId))?.groupId;
}
