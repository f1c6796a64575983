import { groupOf, isAtZero } from "../cycle/index.js";
import type { ClusterConnector, GroupInstances, NodeGroup, NodeFacts } from "../ports/index.js";
import type { RunTarget } from "../run/index.js";
import type { DesiredState } from "../schedule/index.js";

/** A node group as it is now. */
export interface GroupLook {
  readonly id: string;
  /** Nodes that the group asks for. */
  readonly desired: number;
  /** Nodes that are there: Ready in Kubernetes if that was asked, else instances in service. */
  readonly present: number;
  /** Instances that are not terminated yet, in whatever state. */
  readonly instances: number;
}

/** A cluster as it is now, whatever Curfew remembers. */
export interface ClusterLook {
  /** `between`: on its way, or stuck. */
  readonly state: DesiredState | "between";
  readonly groups: readonly GroupLook[];
}

/**
 * Reads a cluster's groups and instances; with `withNodes` also its nodes, which alone say that a cluster can be used.
 * Changes nothing. Throws the adapters' `Failure`s.
 */
export async function lookAtCluster(
  { identity, access, settings }: Pick<RunTarget, "identity" | "access" | "settings">,
  connector: ClusterConnector,
  { withNodes }: { readonly withNodes: boolean },
): Promise<ClusterLook> {
  const capacity = await connector.capacity(identity, access);
  // Says that a cluster is gone; a list of groups alone might just be empty.
  const [facts, groups] = await Promise.all([capacity.describeCluster(), capacity.listGroups()]);
  const instances = await capacity.readInstances(groups);
  // Without an instance there is no node to ask for.
  const isNodeless = instances.every((seen) => seen.instances.length === 0);
  if (!withNodes || isNodeless) return judgeLook(groups, instances, null);
  const requestTimeoutMs = settings.requestTimeoutSeconds * 1000;
  const kubernetes = await connector.kubernetes(identity, access, facts, { requestTimeoutMs });
  try {
    return judgeLook(groups, instances, await kubernetes.listNodes());
  } finally {
    await kubernetes.close();
  }
}

/** Pure: running means that every group has the nodes it asks for, hibernated that none asks for or has any. */
function judgeLook(
  groups: readonly NodeGroup[],
  instances: readonly GroupInstances[],
  nodes: readonly NodeFacts[] | null,
): ClusterLook {
  const looks = groups.map((group): GroupLook => {
    const own = instances.find(({ groupId }) => groupId === group.id)?.instances ?? [];
    const ready = nodes?.filter((node) => node.ready === "True" && groupOf(node, groups, instances) === group.id);
    const inService = own.filter(({ state }) => state === "InService");
    return { id: group.id, desired: group.size.desired, present: (ready ?? inService).length, instances: own.length };
  });
  const isWanted = groups.some(({ size }) => !isAtZero(size));
  if (!isWanted && looks.every((look) => look.instances === 0)) return { state: "hibernated", groups: looks };
  const isUp = isWanted && looks.every(({ desired, present }) => present >= desired);
  return { state: isUp ? "running" : "between", groups: looks };
}

/** A look in words: `hibernated`, `running (asg/batch 2 of 2 nodes, …)`, `between (…)`. */
export function lookWords({ state, groups }: ClusterLook): string {
  if (groups.length === 0) return "without node groups";
  if (state === "hibernated") return state;
  const details = groups.map(groupWords);
  return `${state === "between" ? "between running and hibernated" : state} (${details.join(", ")})`;
}

function groupWords({ id, desired, present, instances }: GroupLook): string {
  return desired === 0 && instances > 0 ? `${id} still has ${instances}` : `${id} has ${present} of ${desired} nodes`;
}
