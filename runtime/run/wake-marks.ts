import { SYSTEM_TIERS, tierBudgetMs, type Settings } from "../cycle/index.js";
import type { StepContext } from "./context.js";
import type { WakeTimings } from "./report.js";

const NOTHING_REACHED: WakeTimings = {
  firstInstanceMs: null,
  firstReadyNodeMs: null,
  allNodesUsableMs: null,
  dnsReadyMs: null,
  webhooksRestoredMs: null,
  allTiersReadyMs: null,
};

/** Notes how long the wake took to a mark, counted from the start of its attempt; the first time counts (safe-cycle W28). */
export function markWake(mark: keyof WakeTimings, context: StepContext): void {
  const { notes } = context;
  const timings = notes.wake ?? NOTHING_REACHED;
  notes.wake = timings[mark] === null ? { ...timings, [mark]: context.clock.now() - wakeStartedAt(context) } : timings;
}

/** A step that watches marks has begun: from now on the report shows them, reached or not. */
export function startMarks({ notes }: StepContext): void {
  notes.wake ??= NOTHING_REACHED;
}

/** When the attempt began; kept over restarts. */
export function wakeStartedAt({ settings, attemptDeadlineAt }: StepContext): number {
  return attemptDeadlineAt - settings.runTimeoutSeconds * 1000;
}

/** How long each mark may take by the settings, from the start: what is waited for before it, added up (safe-cycle W28). */
export function wakeBudgets({
  nodesReadyTimeoutSeconds,
  tiers,
  webhooks,
}: Settings): Readonly<Record<keyof WakeTimings, number>> {
  const nodesMs = nodesReadyTimeoutSeconds * 1000;
  const dnsReadyMs = nodesMs + tierBudgetMs([1, 2], tiers);
  const webhooksRestoredMs = nodesMs + tierBudgetMs(SYSTEM_TIERS, tiers) + webhooks.restoreTimeoutSeconds * 1000;
  const allNodesUsableMs = webhooksRestoredMs + nodesMs;
  return {
    firstInstanceMs: nodesMs,
    firstReadyNodeMs: nodesMs,
    allNodesUsableMs,
    dnsReadyMs,
    webhooksRestoredMs,
    allTiersReadyMs: allNodesUsableMs + tierBudgetMs([6, 7], tiers),
  };
}
