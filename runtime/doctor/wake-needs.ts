import type { Observation } from "../cycle/index.js";
import type { NodeGroup } from "../ports/index.js";

/** What one group needs of its subnets when the cluster wakes. */
export interface GroupNeed {
  readonly group: NodeGroup;
  /** Nodes that a wake gives it: those saved for an open cycle, else those that it asks for now. */
  readonly nodes: number;
  /** Those of them that are not there now. */
  readonly missing: number;
  /** Pods that fit on a node, as far as that was saved; 0: unknown. */
  readonly podsPerNode: number;
}

/** What the next wake needs, for each group. */
export function wakeNeeds(groups: readonly NodeGroup[], observation: Observation | null): readonly GroupNeed[] {
  return groups.map((group) => {
    const saved = observation?.cycle?.snapshot.groups.find(({ id }) => id === group.id);
    const there =
      observation?.instances.find(({ groupId }) => groupId === group.id)?.instances.length ?? group.size.desired;
    const nodes = saved?.size.desired ?? group.size.desired;
    return { group, nodes, missing: Math.max(0, nodes - there), podsPerNode: saved?.node?.room.pods ?? 0 };
  });
}
