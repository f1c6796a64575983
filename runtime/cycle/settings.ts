import * as z from "zod";

import { drainSettingsSchema } from "../drain/settings.js";
import { MODES } from "./measures/modes.js";
import { tiersSettingsSchema } from "./tiers/settings.js";

const seconds = (fallback: number) => z.number().int().min(1).max(86_400).default(fallback);

const mode = (fallback: (typeof MODES)[number]) => z.enum(MODES).default(fallback);

/**
 * How far each measure may go: `apply` it, only `report` what it would do, or do not look (`off`). GitOps is only
 * reported unless asked for: suspending somebody's delivery is theirs to decide (safe-cycle H7).
 */
const measuresSchema = z.strictObject({
  gitops: mode("report"),
  autoscaler: mode("apply"),
  karpenter: mode("apply"),
  keda: mode("apply"),
  jobs: mode("apply"),
  cronjobs: mode("apply"),
  webhooks: mode("apply"),
});

/** The Kubernetes cluster autoscaler (safe-cycle H8, H9). */
const autoscalerSchema = z.strictObject({
  /** Deployments that are one although neither label nor image says so. */
  names: z.array(z.string().regex(/^[^/\s]+\/[^/\s]+$/, "must be namespace/name")).default([]),
  /** How long its pods and its lease may take to go quiet. */
  pauseTimeoutSeconds: seconds(120),
});

/** CronJobs (safe-cycle W21). */
const cronJobsSchema = z.strictObject({
  /** Pause between two that start a missed run as soon as they are given back. */
  staggerSeconds: z.number().int().min(0).max(3600).default(2),
});

/** Jobs (safe-cycle H21, W22). */
const jobsSchema = z.strictObject({
  /** What becomes of Jobs that run when the drain begins: `evict` their pods, `wait` for their end, or `suspend` them. */
  policy: z.enum(["evict", "wait", "suspend"]).default("evict"),
  /** With `wait`: how long; whatever still runs then is evicted. */
  waitTimeoutSeconds: seconds(1800),
  /** Deletes Pending pods of Jobs that were made while the cluster slept; they are counted in any case. */
  deletePiledUpPods: z.boolean().default(false),
});

/** How webhooks are relaxed for the night and given back (safe-cycle H13, W14-W16). */
const webhooksSchema = z.strictObject({
  /**
   * What becomes of a webhook that would keep the cluster from waking and is of no product that Curfew knows. `relax` is the
   * safe one: it opens kube-system, the backends' own namespaces, nodes and pods that end, while applications stay guarded, and
   * every field is given back and tried out; with `report` such a cluster does not wake by itself.
   */
  unknown: z.enum(["relax", "report"]).default("relax"),
  /** How long a wake waits until the backends of relaxed webhooks serve. */
  restoreTimeoutSeconds: seconds(300),
  /** Age at which a webhook that could not be given back is called an alarm. */
  relaxedAlarmMinutes: z.number().int().min(1).max(10_080).default(60),
  /** Restarts the workloads whose pods were made while a mutating webhook was not asked; otherwise they are only named. */
  restartUnprotected: z.boolean().default(false),
});

/** How the Auto Scaling groups that no node group of EKS owns are held still (safe-cycle H30, H31). */
const scalingSchema = z.strictObject({
  /** Whether zone rebalancing, scheduled actions and scaling policies are suspended for the cycle. */
  suspendProcesses: z.boolean().default(true),
  /** A warm pool fills up while its group is at zero, and costs money all night: said, or a reason not to begin. */
  warmPools: z.enum(["report", "refuse"]).default("report"),
});

/**
 * Everything about a run that may differ per cluster. The layers of safe-cycle 56 each have their own bound,
 * and a run that hits one names it.
 */
export const settingsSchema = z.strictObject({
  drain: drainSettingsSchema.prefault({}),
  measures: measuresSchema.prefault({}),
  scaling: scalingSchema.prefault({}),
  autoscaler: autoscalerSchema.prefault({}),
  cronjobs: cronJobsSchema.prefault({}),
  jobs: jobsSchema.prefault({}),
  tiers: tiersSettingsSchema.prefault({}),
  webhooks: webhooksSchema.prefault({}),
  /** What a hibernate that stops before its first group was scaled does with what it has changed so far (safe-cycle H35). */
  onStoppedHibernate: z.enum(["roll-back", "leave"]).default("roll-back"),
  /** One whole run, asleep or awake; a run that was interrupted gets no fresh one. */
  runTimeoutSeconds: seconds(7200),
  /** From an accepted resize until the instances have followed. EKS itself may take 15 minutes to give up on evictions (aws.md §2). */
  resizeTimeoutSeconds: seconds(1800),
  /** From the last scale-up until every node is usable (safe-cycle W9). */
  nodesReadyTimeoutSeconds: seconds(900),
  /** A wake of at least so many nodes starts with the few that the cluster's own services need (safe-cycle W6, W7). */
  stageFromNodes: z.number().int().min(1).max(100_000).default(6),
  /** How long nodes must stay usable before they count (safe-cycle W9). */
  nodesStableSeconds: z.number().int().min(0).max(3600).default(30),
  /** How long the Nodes and pods of terminated instances may linger (safe-cycle H32). */
  emptyTimeoutSeconds: seconds(600),
  /** Life of the lease; renewed at a third of it. */
  leaseSeconds: z.number().int().min(3).max(3600).default(90),
  /** Pause between two looks at what the cloud does. */
  pollSeconds: seconds(15),
  /** One HTTP call. The API server may retry an eviction for 10 s inside itself (safe-cycle 29). */
  requestTimeoutSeconds: z.number().int().min(15).max(600).default(30),
});

/** Parsed settings with every default filled in. */
export type Settings = z.output<typeof settingsSchema>;
/** Settings as written in config: all optional. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** Settings of a cluster for which nothing was said. */
export const DEFAULT_SETTINGS: Settings = Object.freeze(settingsSchema.parse({}));
