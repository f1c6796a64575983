export { excludedByTags } from "./exclusion.js";
export { executeRun } from "./execute-run.js";
export { observeCluster, type ObservedCluster } from "./observe.js";
export { forecastDrain, judgeWarmPools, refuseGroups, refuseInstances, warnOfStrangers } from "./preflight.js";
export { refuseKarpenter } from "./refuse-karpenter.js";
export { hookedInstances } from "./steps/node-readiness.js";
export { takeSurvey } from "./survey.js";
export { parseReached, type Reached } from "./reached.js";
export {
  isBlocking,
  type GroupReport,
  type RunReport,
  type RunResult,
  type StepReport,
  type WakeTimings,
} from "./report.js";
export type { RunBudget, RunRequest, RunTarget } from "./request.js";
