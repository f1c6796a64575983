import { wokenByOthers } from "../cycle/index.js";
import type { Capacity, NodeGroup } from "../ports/index.js";
import type { ObservedCluster } from "./observe.js";

/**
 * Says in Auto Scaling's own words who gave nodes to a cluster that slept: a user request, a scheduled action, a policy.
 * One call per such group, none otherwise. Only an explanation: what cannot be asked is left out, and nothing fails by it.
 */
export async function nameChangers({ observation, capacity }: ObservedCluster): Promise<readonly string[]> {
  const causes = await Promise.all(wokenByOthers(observation).map((group) => causeOf(group, capacity)));
  return causes.filter((cause) => cause !== null);
}

async function causeOf(group: NodeGroup, capacity: Capacity): Promise<string | null> {
  try {
    const activities = await capacity.scalingActivities(group);
    const cause = activities.find(isChangeOfSize)?.cause;
    return cause === undefined ? null : `${group.id}: Auto Scaling says: ${cause}`;
  } catch {
    return null;
  }
}

/** Launches that follow from a change carry its sentence as well; replacements of single instances do not. */
function isChangeOfSize({ cause }: { readonly cause: string }): boolean {
  return /desired capacity|scheduled action|policy|constraints/i.test(cause);
}
