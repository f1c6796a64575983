import { groupOf, type Observation } from "../cycle/index.js";
import { inspectDrain } from "../drain/index.js";
import type { FailureInfo, GroupInstances, NodeGroup, Ports } from "../ports/index.js";
import type { RunNotes } from "./context.js";
import type { ObservedCluster } from "./observe.js";
import type { RunTarget } from "./request.js";
import { refusedFailure } from "./steps/drain.js";

const CHANGING = new Set(["CREATING", "DELETING", "CREATE_FAILED", "DELETE_FAILED"]);

/**
 * Looks before the first change whether a hibernate can succeed (safe-cycle H6): groups that EKS is making or
 * removing, processes that would swallow the resize, pods that may not be evicted. Changes nothing; null when all is well.
 */
export async function preflight(
  target: RunTarget,
  cluster: ObservedCluster,
  ports: Pick<Ports, "clock" | "random">,
  notes: RunNotes,
): Promise<FailureInfo | null> {
  const { observation, kubernetes } = cluster;
  const failure = refuseGroups(observation.groups) ?? refuseInstances(observation.instances);
  if (failure) return failure;
  warnOfStrangers(observation, notes);
  const forecast = await inspectDrain(
    {
      settings: target.settings.drain,
      isTarget: (node) => groupOf(node, observation.groups, observation.instances) !== undefined,
    },
    { kubernetes, ...ports },
  );
  notes.warnings.push(...forecast.warnings);
  return forecast.refusal === null ? null : refusedFailure(forecast.refusal);
}

function refuseGroups(groups: readonly NodeGroup[]): FailureInfo | null {
  const changing = groups.filter((group) => CHANGING.has(group.status));
  if (changing.length === 0) return null;
  return {
    code: "group-unhealthy",
    message: `Not ready to be scaled: ${changing.map((group) => `${group.id} is ${group.status}`).join(", ")}.`,
    remedy: "Wait until EKS is done with them, or remove them; nothing was changed.",
  };
}

/** A suspended Terminate or a protected instance keeps a group from ever reaching zero (safe-cycle H30, S31). */
function refuseInstances(instances: readonly GroupInstances[]): FailureInfo | null {
  const suspended = instances.filter(
    (seen) => seen.instances.length > 0 && seen.suspendedProcesses.includes("Terminate"),
  );
  const guarded = instances.flatMap((seen) => seen.instances.filter((i) => i.isProtectedFromScaleIn).map((i) => i.id));
  if (suspended.length === 0 && guarded.length === 0) return null;
  const whys = [
    ...suspended.map((seen) => `the Terminate process of ${seen.groupId} is suspended`),
    ...guarded.map((id) => `instance ${id} is protected from scale-in`),
  ];
  return {
    code: "group-stuck",
    message: `The cluster cannot reach zero: ${whys.join("; ")}.`,
    remedy: "Resume the process or take the protection off, then run again; nothing was changed.",
  };
}

function warnOfStrangers({ nodes, groups, instances }: Observation, notes: RunNotes): void {
  const strangers = nodes.filter((node) => !node.isFargate && groupOf(node, groups, instances) === undefined);
  if (strangers.length === 0) return;
  notes.warnings.push(
    `${strangers.length} node(s) belong to no node group and are left alone: ${strangers
      .slice(0, 5)
      .map((n) => n.name)
      .join(", ")}.`,
  );
}
