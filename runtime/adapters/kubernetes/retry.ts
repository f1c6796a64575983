import type { Clock } from "../../ports/index.js";
import { classifyFault, type Fault } from "./fault.js";
import { isUidConflict, type ServerAnswer } from "./server-answer.js";

const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 250;
/** No further attempt begins after this: an endpoint that swallows packets costs 10 s per attempt. */
const GIVE_UP_AFTER_MS = 30_000;

/**
 * Repeats an idempotent request over transient faults: no connection, a cut connection, 429, 5xx,
 * and a conflict with another writer (safe-cycle 17, 32, 37, 48). `Retry-After` is honoured. Throws the last error as it came.
 * `isFinal` names answers that will not change, whatever their status.
 */
export async function retryTransient<T>(
  attempt: () => Promise<T>,
  clock: Clock,
  isFinal: (answer: ServerAnswer) => boolean = () => false,
): Promise<T> {
  const startedAt = clock.now();
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      const fault = classifyFault(error);
      const pauseMs = pauseBeforeRetry(fault, attempts);
      const isOver =
        (fault?.kind === "answered" && isFinal(fault.answer)) ||
        attempts >= MAX_ATTEMPTS ||
        clock.now() - startedAt >= GIVE_UP_AFTER_MS;
      if (pauseMs === null || isOver) throw error;
      await clock.sleep(pauseMs);
    }
  }
}

/** Null when the fault will not pass by itself. */
function pauseBeforeRetry(fault: Fault | undefined, attempts: number): number | null {
  if (!fault) return null;
  const backoffMs = FIRST_PAUSE_MS * 2 ** (attempts - 1);
  if (fault.kind !== "answered") return backoffMs;
  const { status, retryAfterMs } = fault.answer;
  const isTransient = status === 429 || status >= 500 || (status === 409 && !isUidConflict(fault.answer));
  return isTransient ? (retryAfterMs ?? backoffMs) : null;
}
