import { groupOf, isKarpenterNode, type Observation, type Settings } from "../cycle/index.js";
import { inspectDrain, type DrainForecast } from "../drain/index.js";
import type { FailureInfo, GroupInstances, NodeFacts, NodeGroup, Ports } from "../ports/index.js";
import type { RunNotes } from "./context.js";
import type { ObservedCluster } from "./observe.js";
import { refuseKarpenter } from "./refuse-karpenter.js";
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
  const { observation } = cluster;
  const { scaling } = target.settings;
  const failure =
    refuseGroups(observation.groups) ??
    refuseInstances(observation.instances) ??
    judgeWarmPools(observation, scaling.warmPools, notes) ??
    (await refuseKarpenter(cluster));
  if (failure) return failure;
  warnOfStrangers(observation, notes);
  const forecast = await forecastDrain(target, cluster, ports);
  notes.warnings.push(...forecast.warnings);
  return forecast.refusal === null ? null : refusedFailure(forecast.refusal);
}

/** What a drain of the whole cluster would meet now. Reads only. */
export function forecastDrain(
  { settings }: Pick<RunTarget, "settings">,
  { observation, kubernetes, capacity }: ObservedCluster,
  ports: Pick<Ports, "clock" | "random">,
): Promise<DrainForecast> {
  const { groups, instances, karpenterNodes } = observation;
  const removesKarpenter = karpenterNodes.length > 0;
  const isTarget = (node: NodeFacts) =>
    (removesKarpenter && isKarpenterNode(node)) || groupOf(node, groups, instances) !== undefined;
  const instanceStates = (ids: readonly string[]) => capacity.instanceStates(ids);
  return inspectDrain({ settings: settings.drain, isTarget, instanceStates }, { kubernetes, ...ports });
}

/** Groups that EKS is making or removing cannot be scaled. */
export function refuseGroups(groups: readonly NodeGroup[]): FailureInfo | null {
  const changing = groups.filter((group) => CHANGING.has(group.status));
  if (changing.length === 0) return null;
  return {
    code: "group-unhealthy",
    message: `Not ready to be scaled: ${changing.map((group) => `${group.id} is ${group.status}`).join(", ")}.`,
    remedy: "Wait until EKS is done with them, or remove them; nothing was changed.",
  };
}

/** A suspended Terminate or a protected instance keeps a group from ever reaching zero (safe-cycle H30, S31). */
export function refuseInstances(instances: readonly GroupInstances[]): FailureInfo | null {
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

/** While its group is at zero a warm pool fills up to the maximum, and is paid for (safe-cycle H30). */
export function judgeWarmPools(
  { instances }: Observation,
  mode: Settings["scaling"]["warmPools"],
  notes: Pick<RunNotes, "warnings">,
): FailureInfo | null {
  const pooled = instances.filter(({ warmPoolSize }) => warmPoolSize !== undefined);
  if (pooled.length === 0) return null;
  const message = `${pooled.map(({ groupId, warmPoolSize = 0 }) => `${groupId} has a warm pool of ${warmPoolSize}`).join(", ")}: its instances stay, and may grow in number, while the group is at zero.`;
  if (mode === "refuse")
    return {
      code: "group-stuck",
      message,
      remedy: "Delete the warm pool, or set settings.scaling.warmPools to report; nothing was changed.",
    };
  notes.warnings.push(message);
  return null;
}

/** Nodes that are not Curfew's to empty stay, and cost. */
export function warnOfStrangers(
  { nodes, groups, instances, karpenterNodes }: Observation,
  notes: Pick<RunNotes, "warnings">,
): void {
  const launched = new Set(karpenterNodes);
  const strangers = nodes.filter(
    (node) => !node.isFargate && !launched.has(node) && groupOf(node, groups, instances) === undefined,
  );
  if (strangers.length === 0) return;
  notes.warnings.push(
    `${strangers.length} node(s) belong to no node group and are left alone: ${strangers
      .slice(0, 5)
      .map((n) => n.name)
      .join(", ")}.`,
  );
}
