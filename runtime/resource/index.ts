/** What a ClusterSchedule does, for the provider in `dynamic-providers`, which is text that must never have to change. */
import { openRuntime } from "../compose.js";
import { createLifecycle, type Lifecycle } from "./lifecycle.js";
import { createProcessHost } from "./process-host.js";

export type { ClusterScheduleInputs, Properties } from "./inputs.js";
export type { ClusterScheduleOutputs } from "./outputs.js";

let lifecycle: Lifecycle | undefined;

/** Made by the first call, which shows that this is the provider's process: programs import this file too. */
const ours = (): Lifecycle => (lifecycle ??= createLifecycle(createProcessHost(openRuntime)));

/** See `Lifecycle`. All calls of one process share its runtime, its limiter and its lease owner. */
export const check: Lifecycle["check"] = (...a) => ours().check(...a);
/** See `Lifecycle`. */
export const diff: Lifecycle["diff"] = (...a) => ours().diff(...a);
/** See `Lifecycle`. */
export const create: Lifecycle["create"] = (...a) => ours().create(...a);
/** See `Lifecycle`. */
export const update: Lifecycle["update"] = (...a) => ours().update(...a);
/** See `Lifecycle`. */
export const read: Lifecycle["read"] = (...a) => ours().read(...a);
/** See `Lifecycle`. */
export const remove: Lifecycle["remove"] = (...a) => ours().remove(...a);
