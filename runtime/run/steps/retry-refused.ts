import type { StepContext } from "../context.js";
import { detectFailedCreates } from "./deadlock.js";
import { kickControllers } from "./kick.js";

/** Until every API server has seen a changed webhook configuration. */
const SETTLE_MS = 2_000;

/** Waits until a changed webhook is in force; cut short when the run is cancelled. */
export function settleWebhooks({ clock, budget }: Pick<StepContext, "clock" | "budget">): Promise<void> {
  return clock.sleep(SETTLE_MS, budget.signal);
}

/**
 * Makes controllers whose pods these webhooks refused try again now, when they no longer do (safe-cycle W12). Call it once
 * the change is in force: an early try only lengthens the wait. Best effort; repeating it is safe.
 */
export async function retryRefused(webhookNames: readonly string[], context: StepContext): Promise<void> {
  if (webhookNames.length === 0) return;
  const failed = await detectFailedCreates(context);
  await kickControllers(
    failed.filter(({ message }) => webhookNames.some((name) => message.includes(`"${name}"`))),
    context,
  );
}
