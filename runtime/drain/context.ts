import { isFailure, type Failure } from "../ports/index.js";

import { createBell, type Bell } from "./bell.js";
import { drainDeadlineAt, HEADROOM_MS } from "./deadline.js";
import { createPace, type Pace } from "./pace.js";
import type { DrainBudget, DrainHooks, DrainPorts, DrainRequest } from "./request.js";
import { createState, type DrainState } from "./state.js";

/** Everything one drain works with. */
export interface DrainContext {
  readonly request: DrainRequest;
  readonly ports: DrainPorts;
  readonly hooks: DrainHooks;
  readonly budget: DrainBudget;
  readonly state: DrainState;
  readonly pace: Pace;
  readonly bell: Bell;
  /** When this process began. */
  readonly begunAt: number;
  readonly deadlineAt: number;
  /**
   * The end of all waiting: the deadline and the headroom for what it set in motion. A drain taken up again
   * after its deadline gets that headroom once more, to carry out the policy, and no budget beyond it.
   */
  readonly hardStopAt: number;
  /** The end of waiting for volumes; follows from persisted facts alone, so that restarts do not prolong it (safe-cycle 57). */
  readonly volumesStopAt: number;
  /** Work under way; drained before a report is made. */
  readonly tasks: Set<Promise<void>>;
  /** Set once nothing more may be started. */
  readonly stop: { isStopped: boolean; error: Error | undefined };
}

/** The context of a drain that begins now. */
export function createContext(
  request: DrainRequest,
  ports: DrainPorts,
  hooks: DrainHooks,
  budget: DrainBudget,
): DrainContext {
  const begunAt = ports.clock.now();
  const deadlineAt = drainDeadlineAt(request.startedAt, request.settings);
  return {
    request,
    ports,
    hooks,
    budget,
    state: createState(request.settings, request.cordonedByUs),
    pace: createPace(request.settings.requestsPerSecond),
    bell: createBell(ports.clock),
    begunAt,
    deadlineAt,
    hardStopAt: Math.max(deadlineAt, begunAt) + HEADROOM_MS,
    volumesStopAt: deadlineAt + HEADROOM_MS + request.settings.volumeDetachTimeoutSeconds * 1000,
    tasks: new Set(),
    stop: { isStopped: false, error: undefined },
  };
}

/** Whether no further call may be started (safe-cycle 59). */
export function isStopping({ stop, budget }: DrainContext): boolean {
  return stop.isStopped || budget.signal.aborted;
}

/** Runs `work` beside the loop and rings when it ends; what it throws ends the drain. */
export function spawn(context: DrainContext, work: () => Promise<void>): void {
  const task = work()
    .catch((error: unknown) => {
      context.stop.isStopped = true;
      context.stop.error ??= error instanceof Error ? error : new Error(String(error));
    })
    .finally(() => {
      context.tasks.delete(task);
      context.bell.ring();
    });
  context.tasks.add(task);
}

/** Faults that another try may not meet (safe-cycle 37, 48). */
export function isRetryable(error: unknown): error is Failure {
  return isFailure(error) && (error.code === "unavailable" || error.code === "throttled");
}
