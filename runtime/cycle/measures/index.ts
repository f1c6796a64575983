import { AUTOSCALER } from "./autoscaler.js";
import { CRONJOBS } from "./cronjobs.js";
import { GITOPS } from "./gitops.js";
import { JOBS_MEASURE } from "./jobs.js";
import { KARPENTER } from "./karpenter.js";
import { KEDA } from "./keda.js";
import type { Measure } from "./measure.js";
import { webhooksMeasure } from "./webhooks/index.js";

export type { Measure, MeasurePlan } from "./measure.js";
export { readAutoscaler, type Autoscaler } from "./autoscaler-objects.js";
export { namedOwners, ownerWords } from "./gitops-owner.js";
export { isRunning, jobNames } from "./jobs.js";
export { saysPaused } from "./keda.js";
export { readLease, type LeaseFacts } from "./leases.js";
export { MANY, missedRuns } from "./missed-runs.js";
export { planEach, planMeasures, typesRead } from "./plan-measures.js";

/** Every measure, in the order in which they are planned: GitOps last, for it is about what the others change. */
export const MEASURES: readonly Measure[] = [
  AUTOSCALER,
  KARPENTER,
  KEDA,
  CRONJOBS,
  JOBS_MEASURE,
  webhooksMeasure,
  GITOPS,
];
