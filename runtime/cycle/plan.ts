import type { GroupSize, NodeGroup } from "../ports/index.js";
import { judgeDrift, words } from "./drift.js";
import { isAtZero, type Observation } from "./observation.js";
import type { Decision, Wish } from "./decision.js";
import type { Snapshot } from "./snapshot.js";

/** One idempotent action, small enough to be repeated whole after a crash. */
export type Step =
  | { readonly id: "drain"; readonly kind: "drain"; readonly title: string }
  | {
      readonly id: `resize ${string}`;
      readonly kind: "resize";
      readonly title: string;
      readonly group: NodeGroup;
      readonly target: GroupSize;
    }
  | { readonly id: "await-empty"; readonly kind: "await-empty"; readonly title: string }
  | {
      readonly id: "await-nodes";
      readonly kind: "await-nodes";
      readonly title: string;
      readonly wanted: readonly WantedNodes[];
    }
  | { readonly id: "uncordon"; readonly kind: "uncordon"; readonly title: string }
  | { readonly id: "restore-owners"; readonly kind: "restore-owners"; readonly title: string };

/** How many usable nodes a group must show. */
export interface WantedNodes {
  readonly group: NodeGroup;
  readonly nodes: number;
}

/** Ordered steps; what a dry run shows. */
export type Plan = readonly Step[];

/**
 * The hibernate order of the contract: (save) -> pause GitOps, autoscalers, KEDA, CronJobs -> relax webhooks ->
 * drain Karpenter's nodes -> **drain** -> **resize** -> **await-empty** -> (mark asleep). The steps in bold are built;
 * the others each take their place in this list, before `drain`, when they are.
 */
function planHibernate(observation: Observation, snapshot: Snapshot): Plan {
  const saved = new Set(snapshot.groups.map((group) => group.id));
  const ours = observation.groups.filter((group) => saved.has(group.id));
  const awake = ours.filter((group) => !isAtZero(group.size));
  return [
    { id: "drain", kind: "drain", title: "cordon and drain the nodes of every group" },
    ...awake.map((group) => resizeStep(group, { min: 0, desired: 0, max: group.size.max })),
    { id: "await-empty", kind: "await-empty", title: "wait until instances, nodes and their pods are gone" },
  ];
}

/**
 * The wake order of the contract: check webhooks -> bootstrap group -> **resize** -> **await-nodes** -> **uncordon** ->
 * tiers 1-5 -> webhooks back -> **restore-owners** (tier 6-7) -> autoscalers, KEDA, CronJobs -> (validate, retire).
 * The steps in bold are built.
 */
function planWake(observation: Observation, snapshot: Snapshot, minNodes: number): Plan {
  const drift = judgeDrift(snapshot, observation.groups, minNodes);
  const restored = drift.flatMap((one) => (one.kind === "restore" ? [{ group: one.group, target: one.target }] : []));
  const present = drift.flatMap((one) => (one.kind === "done" ? [{ group: one.group, target: one.group.size }] : []));
  const wanted = [...restored, ...present]
    .filter(({ target }) => target.desired > 0)
    .map(({ group, target }) => ({ group, nodes: target.desired }))
    .sort((a, b) => a.group.id.localeCompare(b.group.id));
  return [
    ...restored.map(({ group, target }) => resizeStep(group, target)),
    { id: "await-nodes", kind: "await-nodes", title: "wait until the nodes are usable", wanted },
    { id: "uncordon", kind: "uncordon", title: "uncordon what Curfew cordoned" },
    { id: "restore-owners", kind: "restore-owners", title: "give workloads back the replicas that Curfew took" },
  ];
}

/** A wake without a record: sizes that a person gave, nothing to uncordon or restore. */
function planWakeToMinimum(groups: readonly NodeGroup[], minNodes: number): Plan {
  const sized = groups.map((group) => {
    const desired = Math.min(minNodes, group.size.max);
    return { group, target: { min: Math.min(group.size.min, desired), desired, max: group.size.max } };
  });
  return [
    ...sized.map(({ group, target }) => resizeStep(group, target)),
    {
      id: "await-nodes",
      kind: "await-nodes",
      title: "wait until the nodes are usable",
      wanted: sized.map(({ group, target }) => ({ group, nodes: target.desired })),
    },
  ];
}

/** The plan of a decision; empty when there is nothing to do. `snapshot` is the open cycle's, or the one about to be saved. */
export function planFor(decision: Decision, wish: Wish, observation: Observation, snapshot: Snapshot | null): Plan {
  switch (decision.action) {
    case "nothing":
    case "stop":
      return [];
    case "wake-to-minimum":
      return planWakeToMinimum(observation.groups, wish.minNodes);
    case "hibernate":
      return snapshot ? planHibernate(observation, snapshot) : [];
    case "wake":
      return snapshot ? planWake(observation, snapshot, wish.minNodes) : [];
  }
}

function resizeStep(group: NodeGroup, target: GroupSize): Step {
  const title = `set ${group.id} to ${words(target)}, from ${words(group.size)}`;
  return { id: `resize ${group.id}`, kind: "resize", title, group, target };
}
