import type { WantedNodes } from "../../cycle/index.js";
import type { FailureInfo, GroupInstances, Instance, NodeFacts } from "../../ports/index.js";

/** How far one group has come. */
export interface GroupReadiness {
  readonly groupId: string;
  readonly wanted: number;
  readonly inService: number;
  readonly usable: number;
  /** Instances that a lifecycle hook keeps from coming into service. */
  readonly hooked: readonly string[];
  /** Instances in service that have no Node. */
  readonly withoutNode: readonly string[];
  /** Nodes that are not usable, each with why. */
  readonly unusable: readonly string[];
  /** Set when waiting longer cannot help. */
  readonly failure: FailureInfo | null;
}

/** Taints that a node carries only until its agents have come up (safe-cycle W9). */
const STARTUP_TAINT =
  /^node\.(?:cloudprovider\.)?kubernetes\.io\/(?:uninitialized|not-ready|unreachable|network-unavailable)$|agent-not-ready$/;

/** Pure: one group's instances against the cluster's nodes. */
export function judgeGroup(
  { group, nodes: wanted }: WantedNodes,
  seen: GroupInstances | undefined,
  nodes: readonly NodeFacts[],
  mayBeCordoned: ReadonlySet<string>,
): GroupReadiness {
  const instances = seen?.instances ?? [];
  const inService = instances.filter((instance) => instance.state === "InService");
  const byInstance = new Map(nodes.map((node) => [node.instanceId, node]));
  const joined = inService.flatMap((instance) => byInstance.get(instance.id) ?? []);
  const judged = joined.map((node) => ({ node, why: whyUnusable(node, mayBeCordoned) }));
  return {
    groupId: group.id,
    wanted,
    inService: inService.length,
    hooked: hookedInstances(instances),
    usable: judged.filter(({ why }) => why === null).length,
    withoutNode: inService.filter((instance) => !byInstance.has(instance.id)).map((instance) => instance.id),
    unusable: judged.flatMap(({ node, why }) => (why === null ? [] : [`${node.name} (${why})`])),
    failure: inService.length < wanted && seen ? launchSuspended(seen) : null,
  };
}

/**
 * Instances that wait for whoever set a lifecycle hook to let them go on. EKS's own hook passes in seconds; one that was
 * left behind holds every instance up to its time limit (safe-cycle W5).
 */
export function hookedInstances(instances: readonly Instance[]): readonly string[] {
  return instances.filter(({ state }) => state === "Pending:Wait").map(({ id }) => id);
}

function whyUnusable(node: NodeFacts, mayBeCordoned: ReadonlySet<string>): string | null {
  if (node.ready !== "True") return `Ready is ${node.ready}`;
  if (node.isUnschedulable && !mayBeCordoned.has(node.name)) return "cordoned by somebody";
  const taint = node.taints.find(({ key }) => STARTUP_TAINT.test(key));
  return taint ? `start-up taint ${taint.key}` : null;
}

/** A suspended Launch makes a wake a silent no-op (safe-cycle W5). */
function launchSuspended(seen: GroupInstances): FailureInfo | null {
  if (!seen.suspendedProcesses.includes("Launch")) return null;
  return {
    code: "group-stuck",
    message: `The Launch process of ${seen.groupId} is suspended, so no instance starts.`,
    remedy: "Resume it (aws autoscaling resume-processes), then wake again: only this group is retried.",
  };
}

/** Names why a group did not come up in time (safe-cycle W10). */
export function diagnose(group: GroupReadiness): FailureInfo {
  const { groupId, wanted, inService, hooked, withoutNode, unusable } = group;
  if (inService < wanted && hooked.length > 0) {
    return {
      code: "group-unhealthy",
      message: `${groupId} has ${inService} of ${wanted} instances in service; a lifecycle hook holds ${hooked.join(", ")} (Pending:Wait).`,
      remedy: `Find who is to complete it (aws autoscaling describe-lifecycle-hooks), or delete a hook that was left behind; then wake again.`,
    };
  }
  if (inService < wanted) {
    return {
      code: "group-unhealthy",
      message: `${groupId} has ${inService} of ${wanted} instances in service.`,
      remedy:
        "Look at the Auto Scaling activity of this group (capacity, quota), then wake again: only this group is retried.",
    };
  }
  if (withoutNode.length > 0) {
    return {
      code: "nodes-not-ready",
      message: `Instances of ${groupId} run but never joined the cluster: ${withoutNode.join(", ")}.`,
      remedy:
        "Check that the node role has an access entry (or aws-auth line) and that no webhook refuses its certificate request.",
    };
  }
  return {
    code: "nodes-not-ready",
    message: `Nodes of ${groupId} are not usable: ${unusable.join(", ")}.`,
    remedy: "Look at the CNI and CSI pods of these nodes; a webhook without endpoints may refuse them.",
  };
}
