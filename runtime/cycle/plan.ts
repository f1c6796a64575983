import type { GroupSize, NodeGroup } from "../ports/index.js";
import type { Purpose } from "./amendment.js";
import type { Journal } from "./journal.js";
import { isAtZero, type Observation } from "./observation.js";
import type { Decision, Wish } from "./decision.js";
import {
  holdCloud,
  CHECK_WEBHOOKS,
  pauseStep,
  purposesOf,
  resizeStep,
  awaitJobs,
  VERIFY_AUTOSCALER,
} from "./plan-steps.js";
import { planWake, planWakeToMinimum } from "./plan-wake.js";
import type { Settings } from "./settings.js";
import type { Snapshot } from "./snapshot.js";
import type { TierMember } from "./tiers/index.js";
import type { WakeFacts } from "./wake-facts.js";

/** One idempotent action, small enough to be repeated whole after a crash. */
export type Step =
  | { readonly id: `pause ${Purpose}`; readonly kind: "pause"; readonly title: string; readonly purpose: Purpose }
  | { readonly id: `resume ${Purpose}`; readonly kind: "resume"; readonly title: string; readonly purpose: Purpose }
  | { readonly id: "check-webhooks"; readonly kind: "check-webhooks"; readonly title: string }
  | {
      readonly id: "restore-webhooks" | "restore-webhooks early";
      readonly kind: "restore-webhooks";
      readonly title: string;
      /** More nodes are to come: webhooks whose backends do not serve yet are left for later. */
      readonly mayDefer: boolean;
    }
  | { readonly id: "hold-scaling"; readonly kind: "hold-scaling"; readonly title: string }
  | { readonly id: "release-scaling"; readonly kind: "release-scaling"; readonly title: string }
  | { readonly id: "auto-mode off"; readonly kind: "auto-mode-off"; readonly title: string }
  | { readonly id: "auto-mode on"; readonly kind: "auto-mode-on"; readonly title: string }
  | { readonly id: "remove-node-claims"; readonly kind: "remove-node-claims"; readonly title: string }
  | { readonly id: "verify-autoscaler"; readonly kind: "verify-autoscaler"; readonly title: string }
  | { readonly id: "await-jobs"; readonly kind: "await-jobs"; readonly title: string }
  | { readonly id: "sweep-jobs"; readonly kind: "sweep-jobs"; readonly title: string }
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
      readonly id: "await-nodes" | "await-nodes bootstrap";
      readonly kind: "await-nodes";
      readonly title: string;
      readonly wanted: readonly WantedNodes[];
      /** The nodes without which nothing more is worth spending (safe-cycle W6); tiers follow, so none need settle. */
      readonly isFirstStage: boolean;
    }
  | { readonly id: "clean-leftovers"; readonly kind: "clean-leftovers"; readonly title: string }
  | { readonly id: "uncordon"; readonly kind: "uncordon"; readonly title: string }
  | {
      readonly id: "restore-owners" | "restore-owners system";
      readonly kind: "restore-owners";
      readonly title: string;
      /** UIDs; all that Curfew scaled when left out. */
      readonly only?: readonly string[];
    }
  | {
      readonly id: `await-tier ${string}`;
      readonly kind: "await-tier";
      readonly title: string;
      readonly members: readonly TierMember[];
      /** More nodes are to come: pods that find no room yet are left for later. */
      readonly mayDefer: boolean;
    };

/** How many usable nodes a group must show. */
export interface WantedNodes {
  readonly group: NodeGroup;
  readonly nodes: number;
}

/** Ordered steps; what a dry run shows. */
export type Plan = readonly Step[];

/**
 * The hibernate order of the contract: (save) -> pause GitOps, autoscalers, KEDA, CronJobs -> relax webhooks ->
 * remove Karpenter's nodes -> drain -> check the webhooks again -> resize -> await-empty -> (mark asleep).
 * A step that has nothing to do in this cluster is left out. The drain comes first because a smaller group evicts nothing
 * in good order: EKS gives up on budgets after 15 minutes, a plain Auto Scaling group never asks them (safe-cycle H27).
 */
function planHibernate({
  observation,
  snapshot,
  journal,
  settings,
}: PlanFacts & { readonly snapshot: Snapshot }): Plan {
  const saved = new Set(snapshot.groups.map((group) => group.id));
  const ours = observation.groups.filter((group) => saved.has(group.id));
  const awake = ours.filter((group) => !isAtZero(group.size));
  const taken = purposesOf(journal);
  const pause = (purposes: readonly Purpose[]) => purposes.filter((one) => taken.has(one)).map(pauseStep);
  return [
    ...pause(PAUSED_FIRST),
    ...awaitJobs(settings),
    ...pause(["webhooks"]),
    ...holdCloud(journal),
    ...(taken.has("karpenter") || observation.karpenterNodes.length > 0 ? [REMOVE_NODE_CLAIMS] : []),
    { id: "drain", kind: "drain", title: "cordon and drain the nodes of every group" },
    ...(taken.has("webhooks") ? [CHECK_WEBHOOKS] : []),
    ...(taken.has("autoscaler") ? [VERIFY_AUTOSCALER] : []),
    ...awake.map((group) => resizeStep(group, { min: 0, desired: 0, max: group.size.max })),
    { id: "await-empty", kind: "await-empty", title: "wait until instances, nodes and their pods are gone" },
  ];
}

/** GitOps first, or it puts back what the others change. Webhooks come last, right before their backends drain (safe-cycle H7, H15). */
const PAUSED_FIRST: readonly Purpose[] = ["gitops", "autoscaler", "karpenter", "keda", "cronjobs", "jobs"];

const REMOVE_NODE_CLAIMS: Step = {
  id: "remove-node-claims",
  kind: "remove-node-claims",
  title: "drain and remove what Karpenter launched",
};

/** What a plan is made from. */
export interface PlanFacts {
  readonly wish: Wish;
  readonly observation: Observation;
  /** The open cycle's, or the one about to be saved; null when there is none. */
  readonly snapshot: Snapshot | null;
  /** The open cycle's, or the one about to be opened. */
  readonly journal: Journal;
  /** Left out: as if nothing but the defaults were asked for. */
  readonly settings?: Settings;
  /** For a wake: what the cluster says about how it must come up; null or left out: nodes in one go, no tiers. */
  readonly wake?: WakeFacts | null;
}

/** The plan of a decision; empty when there is nothing to do. */
export function planFor(decision: Decision, facts: PlanFacts): Plan {
  const { wish, observation, snapshot } = facts;
  switch (decision.action) {
    case "nothing":
    case "stop":
      return [];
    case "wake-to-minimum":
      return planWakeToMinimum(observation.groups, wish.minNodes);
    case "hibernate":
      return snapshot ? planHibernate({ ...facts, snapshot }) : [];
    case "wake":
      return snapshot ? planWake({ wake: null, ...facts, snapshot }) : [];
  }
}
