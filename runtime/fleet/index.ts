export { activeHold, serialiseHold } from "./hold.js";
export { readStatus, reconcile, type ScheduledTarget } from "./reconcile.js";
export { clusterStatus, reachedWord, type ClusterStatus } from "./status.js";
