/**
 * `import … from "curfew"`: what a Pulumi program of another project needs. Importing it declares nothing. (The program of
 * this repository is `curfew/program`. The engine starts what package.json exports as `.` under `default`, a condition that
 * Node never comes to, because `import` and `require` stand before it.)
 */
export * from "../components/index.js";
export { ClusterSchedule, type ClusterScheduleArgs } from "../dynamic-providers/cluster-schedule.js";
export type { ClusterRow } from "./clusters.js";
export type { ClusterEntryInput, FleetInput } from "./fleet-input.js";
export { scheduleCluster, type ScheduleClusterArgs } from "./schedule-cluster.js";
export { scheduleClusters, type ScheduleClustersOptions } from "./schedule-clusters.js";
