import type { NodeGroup } from "../ports/index.js";
import type { Purpose } from "./amendment.js";
import type { Wish } from "./decision.js";
import { judgeDrift } from "./drift.js";
import { sameSize, type Journal } from "./journal.js";
import type { Observation } from "./observation.js";
import type { Plan, Step, WantedNodes } from "./plan.js";
import {
  autoModeOn,
  CHECK_WEBHOOKS,
  purposesOf,
  releaseScaling,
  resizeStep,
  RESTORE_WEBHOOKS,
  RESTORE_WEBHOOKS_EARLY,
  resumeStep,
  sweepJobs,
} from "./plan-steps.js";
import type { Settings } from "./settings.js";
import type { Snapshot } from "./snapshot.js";
import { planStages, type SizedGroup } from "./stages.js";
import { isSystemTier, TIER_NAMES, type Tier, type TierMember } from "./tiers/index.js";
import type { WakeFacts } from "./wake-facts.js";

/** What a wake's plan is made from. */
export interface WakePlanFacts {
  readonly wish: Wish;
  readonly observation: Observation;
  readonly snapshot: Snapshot;
  readonly journal: Journal;
  /** Null when Curfew may not look at workloads: then nodes come up in one go and no tier is waited for. */
  readonly wake: WakeFacts | null;
  readonly settings?: Settings;
}

/**
 * The wake order of the contract: check webhooks -> bootstrap nodes -> uncordon -> tiers 1-5 -> webhooks back -> remaining groups ->
 * autoscaler, tier 6, Karpenter -> workloads and tier 7 -> KEDA, CronJobs, GitOps -> (validate, retire). What has nothing
 * to do in this cluster is left out. Autoscalers come back once every group has its size, KEDA's scalers once their targets
 * have their replicas: earlier they would fight the wake (safe-cycle W18, W20).
 */
export function planWake(facts: WakePlanFacts): Plan {
  const { snapshot, journal, wake, settings } = facts;
  const { sized, idle } = sizeGroups(facts);
  const { isStaged, first, rest } = planStages({
    sized,
    snapshot,
    wake,
    fromNodes: settings?.stageFromNodes ?? Infinity,
  });
  const taken = purposesOf(journal);
  const resume = (...purposes: readonly Purpose[]) => purposes.filter((one) => taken.has(one)).map(resumeStep);
  /** More nodes are still to come, so a tier that finds no room now need not be the end. */
  const hasMoreToCome = isStaged || taken.has("karpenter") || journal.autoMode !== null;
  const launchers = [...autoModeOn(journal), ...resume("karpenter")];
  /** Karpenter on Fargate, or outside the cluster, is all there is to bring nodes: nothing can come before it. */
  const isFirstToCome = sized.length === 0;
  return [
    ...sweepJobs(facts.settings),
    CHECK_WEBHOOKS,
    ...(isStaged ? [] : idle).map(({ group, target }) => resizeStep(group, target)),
    ...changed(first).map(({ group, target }) => resizeStep(group, target, isStaged ? FIRST_STAGE : "")),
    awaitNodes(isStaged ? "bootstrap" : "all", first),
    { id: "uncordon", kind: "uncordon", title: "uncordon what Curfew cordoned" },
    ...(isFirstToCome ? launchers : []),
    ...restoreSystemOwners(wake),
    ...awaitTiers(wake, isSystemTier, hasMoreToCome),
    // Never left out: the check at the beginning may be what relaxes one.
    hasMoreToCome ? RESTORE_WEBHOOKS_EARLY : RESTORE_WEBHOOKS,
    ...(isStaged ? [...idle, ...rest].map(({ group, target }) => resizeStep(group, target)) : []),
    ...(isStaged ? [awaitNodes("all", sized)] : []),
    ...releaseScaling(journal),
    ...resume("autoscaler"),
    ...awaitTiers(wake, (tier) => tier === 6, false),
    ...(isFirstToCome ? [] : launchers),
    ...(hasMoreToCome ? [...awaitDeferred(wake), RESTORE_WEBHOOKS] : []),
    { id: "restore-owners", kind: "restore-owners", title: "give workloads back the replicas that Curfew took" },
    ...awaitTiers(wake, (tier) => tier === 7, false),
    ...resume("keda", "jobs", "cronjobs", "gitops"),
    { id: "clean-leftovers", kind: "clean-leftovers", title: "remove what the night left in the API server" },
  ];
}

/** Marks the step that asks for the first nodes of a group only. */
export const FIRST_STAGE = " (first nodes)";

/** The groups of the snapshot with what they shall have; `idle` ones get their minimum and maximum back, and no node. */
function sizeGroups({ snapshot, observation, journal, wish }: WakePlanFacts): {
  readonly sized: readonly SizedGroup[];
  readonly idle: readonly SizedGroup[];
} {
  const drift = judgeDrift(snapshot, observation.groups, wish.minNodes, journal.resizes);
  const restored = drift.flatMap((one) => (one.kind === "restore" ? [{ group: one.group, target: one.target }] : []));
  const present = drift.flatMap((one) => (one.kind === "done" ? [{ group: one.group, target: one.group.size }] : []));
  const all = [...restored, ...present].sort((a, b) => a.group.id.localeCompare(b.group.id));
  return {
    sized: all.filter(({ target }) => target.desired > 0),
    idle: changed(all.filter(({ target }) => target.desired === 0)),
  };
}

/** Those that are not of that size already. */
function changed(groups: readonly SizedGroup[]): readonly SizedGroup[] {
  return groups.filter(({ group, target }) => !sameSize(group.size, target));
}

function awaitNodes(scope: "bootstrap" | "all", groups: readonly SizedGroup[]): Step {
  const wanted: readonly WantedNodes[] = groups.map(({ group, target }) => ({ group, nodes: target.desired }));
  return scope === "all"
    ? { id: "await-nodes", kind: "await-nodes", title: "wait until the nodes are usable", wanted, isFirstStage: false }
    : {
        id: "await-nodes bootstrap",
        kind: "await-nodes",
        title: "wait for the nodes that the cluster's own services need",
        wanted,
        isFirstStage: true,
      };
}

function restoreSystemOwners(wake: WakeFacts | null): Plan {
  if (wake === null || wake.scaledSystem.length === 0) return [];
  const title = "give the cluster's own services back the replicas that Curfew took";
  return [{ id: "restore-owners system", kind: "restore-owners", title, only: wake.scaledSystem }];
}

function awaitTiers(wake: WakeFacts | null, isAsked: (tier: Tier) => boolean, mayDefer: boolean): Plan {
  return (wake?.tiers ?? [])
    .filter(({ tier }) => isAsked(tier))
    .map(({ tier, members }) => ({
      id: `await-tier ${tier}`,
      kind: "await-tier",
      title: `wait for tier ${tier}, ${TIER_NAMES[tier]} (${members.length})`,
      members,
      mayDefer,
    }));
}

/** Tiers that found no room before all nodes were there are looked at again; for all others it is no call at all. */
function awaitDeferred(wake: WakeFacts | null): Plan {
  const members = (wake?.tiers ?? [])
    .filter(({ tier }) => isSystemTier(tier))
    .flatMap((plan): readonly TierMember[] => plan.members);
  if (members.length === 0) return [];
  const title = "wait for what found no room before all nodes were there";
  return [{ id: "await-tier deferred", kind: "await-tier", title, members, mayDefer: false }];
}

/** A wake without a record: sizes that a person gave, nothing to uncordon or restore. Webhooks are only looked at. */
export function planWakeToMinimum(groups: readonly NodeGroup[], minNodes: number): Plan {
  const sized = groups.map((group) => {
    const desired = Math.min(minNodes, group.size.max);
    return { group, target: { min: Math.min(group.size.min, desired), desired, max: group.size.max } };
  });
  return [CHECK_WEBHOOKS, ...sized.map(({ group, target }) => resizeStep(group, target)), awaitNodes("all", sized)];
}
