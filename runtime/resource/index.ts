/** What a ClusterSchedule does, for the provider in `dynamic-providers`, which is text that must never have to change. */
import { openRuntime } from "../compose.js";
import { createLifecycle } from "./lifecycle.js";
import { createProcessHost } from "./process-host.js";

export type { ClusterScheduleInputs, Properties } from "./inputs.js";
export type { ClusterScheduleOutputs } from "./outputs.js";

/** See `Lifecycle`. All calls of one process share its runtime, its limiter and its lease owner. */
export const { check, diff, create, update, read, remove } = createLifecycle(createProcessHost(openRuntime));
