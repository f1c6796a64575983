import type { StepContext } from "./context.js";
import type { Clock } from "../ports/index.js";
import type { RunBudget } from "./request.js";

/** Why waiting ended. */
export type WaitEnd = "done" | "timed-out" | "yielded" | "cancelled";

/** How to wait. */
export interface WaitOptions {
  readonly clock: Clock;
  readonly budget: RunBudget;
  /** Instant after which `timed-out`; looked at only after a look that found nothing. */
  readonly deadlineAt: number;
  /** Pause before the second look; each next is longer by `growth` (default: half as long again). */
  readonly firstPauseMs: number;
  readonly growth?: number;
  /** Longest pause between two looks. */
  readonly maxPauseMs: number;
  /** When a look is worth it even in the middle of a longer pause: at that instant something has lasted long enough. */
  readonly dueAt?: () => number | null;
  /** Called before every look, and every few seconds in a pause: a pause may be longer than a lease's third. */
  readonly heartbeat: () => Promise<void>;
}

const GROWTH = 1.5;
/** The cloud takes half a minute or next to nothing: few looks lie in between. */
const CLOUD_GROWTH = 4;
const HEARTBEAT_MS = 5_000;

/** Options for a wait of at most `seconds`, and not beyond the attempt. The first looks come soon, later ones every `pollSeconds`. */
export function waitOptions(context: StepContext, seconds: number): WaitOptions {
  const { clock, budget, settings, session, attemptDeadlineAt } = context;
  const maxPauseMs = settings.pollSeconds * 1000;
  return {
    clock,
    budget,
    deadlineAt: Math.min(clock.now() + seconds * 1000, attemptDeadlineAt),
    firstPauseMs: Math.min(1_000, maxPauseMs),
    maxPauseMs,
    heartbeat: () => session.heartbeat(),
  };
}

/**
 * The same for what a cluster's own controllers do, often within a second: the first looks come sooner and lie closer. They
 * ask the API server alone, so no account's quota pays for it.
 */
export function closeWaitOptions(context: StepContext, seconds: number): WaitOptions {
  const options = waitOptions(context, seconds);
  return { ...options, firstPauseMs: Math.min(CLOSE_PAUSE_MS, options.maxPauseMs), growth: CLOSE_GROWTH };
}

const CLOSE_PAUSE_MS = 300;
const CLOSE_GROWTH = 1.4;

/**
 * Looks until `look` says true. Looks at least once, whatever the budget: a run that is resumed again and
 * again must still notice that it is done.
 */
export async function waitUntil(look: () => Promise<boolean>, options: WaitOptions): Promise<WaitEnd> {
  const { clock, budget, deadlineAt, maxPauseMs, growth = GROWTH } = options;
  for (let pauseMs = options.firstPauseMs; ; pauseMs = Math.min(pauseMs * growth, maxPauseMs)) {
    await options.heartbeat();
    if (await look()) return "done";
    if (budget.signal.aborted) return "cancelled";
    const now = clock.now();
    if (now >= deadlineAt) return "timed-out";
    if (budget.yieldAt !== null && now >= budget.yieldAt) return "yielded";
    const wakings = [deadlineAt, budget.yieldAt ?? deadlineAt, options.dueAt?.() ?? deadlineAt];
    await pause(Math.max(1, Math.min(pauseMs, Math.min(...wakings) - now)), options);
  }
}

/**
 * As `waitUntil`, for what the cloud takes half a minute to do at best: the first pause comes before the first look, and
 * pauses soon are as long as they get, so few looks are wasted on an account's shared quota (aws.md §2, §12).
 */
export async function waitForCloud(look: () => Promise<boolean>, options: WaitOptions): Promise<WaitEnd> {
  const { firstPauseMs, maxPauseMs } = options;
  await pause(firstPauseMs, options);
  const secondPauseMs = Math.min(firstPauseMs * CLOUD_GROWTH, maxPauseMs);
  return waitUntil(look, { ...options, firstPauseMs: secondPauseMs, growth: CLOUD_GROWTH });
}

async function pause(ms: number, { clock, budget, heartbeat }: WaitOptions): Promise<void> {
  const endAt = clock.now() + ms;
  while (!budget.signal.aborted && clock.now() < endAt) {
    await clock.sleep(Math.min(HEARTBEAT_MS, endAt - clock.now()), budget.signal);
    await heartbeat();
  }
}
