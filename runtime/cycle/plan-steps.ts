import type { GroupSize, NodeGroup } from "../ports/index.js";
import type { Purpose } from "./amendment.js";
import { words } from "./drift.js";
import type { Journal } from "./journal.js";
import type { Step } from "./plan.js";
import type { Settings } from "./settings.js";

const PAUSED_THING: Readonly<Record<Purpose, string>> = {
  gitops: "GitOps delivery",
  autoscaler: "the cluster autoscaler",
  karpenter: "Karpenter's pools",
  keda: "KEDA's scalers",
  jobs: "running Jobs",
  cronjobs: "CronJobs",
  webhooks: "webhooks that would keep the cluster from starting",
};

/** Measures of which something is still Curfew's. */
export function purposesOf(journal: Journal): ReadonlySet<Purpose> {
  const taken = journal.amendments.filter(({ state }) => state === "saved").map(({ purpose }) => purpose);
  return new Set(journal.leftTaints.length > 0 ? [...taken, "autoscaler"] : taken);
}

/** Holds still what one measure is about. */
export function pauseStep(purpose: Purpose): Step {
  const verb = purpose === "webhooks" ? "relax" : "pause";
  return { id: `pause ${purpose}`, kind: "pause", title: `${verb} ${PAUSED_THING[purpose]}`, purpose };
}

/** Gives back what one measure took. */
export function resumeStep(purpose: Purpose): Step {
  return { id: `resume ${purpose}`, kind: "resume", title: `give back ${PAUSED_THING[purpose]}`, purpose };
}

/** Holds still what the cloud would do by itself, as the journal has it. */
export function holdCloud(journal: Journal): readonly Step[] {
  const hold: Step = {
    id: "hold-scaling",
    kind: "hold-scaling",
    title: "suspend rebalancing, scheduled actions and policies of Auto Scaling groups",
  };
  return [
    ...(holdsScaling(journal) ? [hold] : []),
    ...(journal.autoMode === null
      ? []
      : [{ id: "auto-mode off", kind: "auto-mode-off", title: "switch EKS Auto Mode's built-in pools off" } as const]),
  ];
}

/** Lets Auto Scaling groups act by themselves again. */
export function releaseScaling(journal: Journal): readonly Step[] {
  if (!holdsScaling(journal)) return [];
  return [
    { id: "release-scaling", kind: "release-scaling", title: "resume what was suspended of Auto Scaling groups" },
  ];
}

/** Lets EKS Auto Mode launch nodes again. */
export function autoModeOn(journal: Journal): readonly Step[] {
  if (journal.autoMode === null) return [];
  return [{ id: "auto-mode on", kind: "auto-mode-on", title: "switch EKS Auto Mode's built-in pools on" }];
}

function holdsScaling({ suspendedProcesses }: Journal): boolean {
  return Object.keys(suspendedProcesses).length > 0;
}

/** Looks once more, right before nodes go, that the autoscaler is still at rest (safe-cycle H8, S32). */
export const VERIFY_AUTOSCALER: Step = {
  id: "verify-autoscaler",
  kind: "verify-autoscaler",
  title: "check that the cluster autoscaler is still at rest",
};

/** Waits for running Jobs before anything is evicted, where settings say so (safe-cycle H21). */
export function awaitJobs(settings: Settings | undefined): readonly Step[] {
  if (settings?.measures.jobs !== "apply" || settings.jobs.policy !== "wait") return [];
  return [{ id: "await-jobs", kind: "await-jobs", title: "wait for running Jobs to end" }];
}

/** Looks for what Jobs piled up during the night, before nodes start it (safe-cycle W22). */
export function sweepJobs(settings: Settings | undefined): readonly Step[] {
  if (settings === undefined || settings.measures.jobs === "off") return [];
  return [{ id: "sweep-jobs", kind: "sweep-jobs", title: "count Job pods that piled up" }];
}

/** Asks for a group's size. A group that is sized twice has two steps, told apart by `stage`. */
export function resizeStep(group: NodeGroup, target: GroupSize, stage = ""): Step {
  const title = `set ${group.id} to ${words(target)}, from ${words(group.size)}`;
  return { id: `resize ${group.id}${stage}`, kind: "resize", title, group, target };
}

/** Looks whether webhooks are still as Curfew relaxed them, and whether new ones stand in the way (safe-cycle H17, W4). */
export const CHECK_WEBHOOKS: Step = {
  id: "check-webhooks",
  kind: "check-webhooks",
  title: "check that no webhook would keep the cluster from starting",
};

/** Gives webhooks back once their backends serve, and tries them out (safe-cycle W14, W15). */
export const RESTORE_WEBHOOKS: Step = {
  id: "restore-webhooks",
  kind: "restore-webhooks",
  title: "give back the webhooks that were relaxed",
  mayDefer: false,
};

/** The same for those whose backends serve on the first nodes already. */
export const RESTORE_WEBHOOKS_EARLY: Step = {
  id: "restore-webhooks early",
  kind: "restore-webhooks",
  title: "give back the webhooks whose backends serve already",
  mayDefer: true,
};
