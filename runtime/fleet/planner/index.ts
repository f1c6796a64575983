/** Who is due, and when to begin with whom: everything that a planner decides. */
export type { LaunchQuota } from "./lead.js";
export { queueOf, type QueueAssignment } from "./queue-of.js";
export { DEFAULT_RHYTHM, type Rhythm } from "./rhythm.js";
export { DEFAULT_WAVE_OPTIONS, tick, type PlannerPorts, type TickReport, type TickRequest } from "./tick.js";
export type { WaveOptions } from "./plan-wave.js";
