export { listHistory, type HistoryEvent } from "./history.js";
export { activeHold, holdAt, serialiseHold, type NotedHold } from "./hold.js";
export { STANDINGS, type ListedCluster, type Standing, type StandingCounts } from "./overview.js";
export { readOverview, type FleetView } from "./read-overview.js";
export { openAttempt } from "./open-attempt.js";
export { readStatus, reconcile, type ScheduledTarget } from "./reconcile.js";
export { clusterStatus, reachedWord, type ClusterStatus } from "./status.js";
export { readReports, type FoundReports } from "./stored-reports.js";
export { explainState, type Cause, type KnownState, type Why } from "./why.js";
