import type { Clock } from "../ports/index.js";
import type { RunBudget } from "./request.js";

/** Why waiting ended. */
export type WaitEnd = "done" | "timed-out" | "yielded" | "cancelled";

export interface WaitOptions {
  readonly clock: Clock;
  readonly budget: RunBudget;
  /** Instant after which `timed-out`; looked at only after a look that found nothing. */
  readonly deadlineAt: number;
  /** Pause before the second look, or before the first when `pauseFirst`; each next is half as long again. */
  readonly firstPauseMs?: number;
  /** For changes that have just been asked for: the first look would see nothing and cost a call. */
  readonly pauseFirst?: boolean;
  /** Longest pause between two looks. */
  readonly maxPauseMs: number;
  readonly heartbeat: () => Promise<void>;
}

const FIRST_PAUSE_MS = 1_000;
const GROWTH = 1.5;

/**
 * Looks until `look` says true. Looks at least once, whatever the budget: a run that is resumed again and
 * again must still notice that it is done.
 */
export async function waitUntil(look: () => Promise<boolean>, options: WaitOptions): Promise<WaitEnd> {
  const { clock, budget, deadlineAt, maxPauseMs, firstPauseMs = FIRST_PAUSE_MS } = options;
  if (options.pauseFirst) await clock.sleep(firstPauseMs, budget.signal);
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * GROWTH, maxPauseMs)) {
    await options.heartbeat();
    if (await look()) return "done";
    if (budget.signal.aborted) return "cancelled";
    const now = clock.now();
    if (now >= deadlineAt) return "timed-out";
    if (budget.yieldAt !== null && now >= budget.yieldAt) return "yielded";
    const soonest = Math.min(deadlineAt, budget.yieldAt ?? deadlineAt);
    await clock.sleep(Math.max(1, Math.min(pauseMs, soonest - now)), budget.signal);
  }
}
