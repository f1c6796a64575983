export { CHECKS, type Check, type CheckName, type CheckStatus, type Finding } from "./check.js";
export { examineCluster, type Diagnosis } from "./examine.js";
