/** What the Lambdas write in the embedded metric format, and alarms watch. */
export const FLEET_METRICS = {
  namespace: "Curfew",
  convergenceLag: "ConvergenceLag",
  pastTarget: "ClustersPastTarget",
  openCircuits: "OpenCircuits",
} as const;
