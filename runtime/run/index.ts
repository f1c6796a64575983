export { executeRun } from "./execute-run.js";
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
