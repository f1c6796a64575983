/** The public subpath `curfew/runtime`: what entry points outside this folder may use. Knows nothing of Pulumi. */
export { openRuntime, DEFAULT_STATE_PATH, type Runtime, type RuntimeOptions } from "./compose.js";
export * from "./config/index.js";
export * from "./fleet/index.js";
export {
  clusterId,
  failureInfo,
  FAILURE_CODES,
  isFailure,
  type FailureCode,
  type FailureInfo,
  type RunEvent,
} from "./ports/index.js";
export * as clusterSchedule from "./resource/index.js";
export { executeRun, type RunBudget, type RunReport, type RunRequest, type RunResult } from "./run/index.js";
export {
  evaluate,
  parseSchedule,
  transitions,
  type Hold,
  type Parsed,
  type Problem,
  type Schedule,
  type Verdict,
} from "./schedule/index.js";
