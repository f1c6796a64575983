export { findDeadlocks, type Deadlock, type Evidence, type GroupZones } from "./deadlock.js";
export { FAILED_CREATE, readFailedCreates, type FailedCreate } from "./failed-create.js";
export { asksForNodes, readUnscheduled, waitsForZone } from "./unscheduled-pod.js";
