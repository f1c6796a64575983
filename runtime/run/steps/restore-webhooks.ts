import { savedAmendments, type Step } from "../../cycle/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { markWake } from "../wake-marks.js";
import { returnWebhooks } from "./return-webhooks.js";
import { reportUnguardedPods } from "./unguarded-pods.js";

/** How long a backend must have served before its webhook counts again (safe-cycle W14). */
const STABLE_MS = 10_000;

/**
 * Gives every relaxed webhook back once its backend has served for 10 s, tries it out, and relaxes it again when it does not
 * answer (safe-cycle W14, W15). What stays relaxed makes the outcome partial: the cycle stays open and the next run tries
 * again. Repeating it is safe.
 */
export async function restoreWebhooksStep(
  { mayDefer }: Extract<Step, { kind: "restore-webhooks" }>,
  context: StepContext,
): Promise<StepOutcome> {
  if (!context.session.hasCycle()) return { kind: "done" };
  const { end, returned, failure } = await returnWebhooks(context, { stableMs: STABLE_MS, mayDefer });
  await reportUnguardedPods(returned, context);
  if (end === "yielded" || end === "cancelled") return { kind: end };
  if (failure) return { kind: "partial", failure };
  const left = savedAmendments(context.session.journal(), "webhooks");
  if (returned.length > 0 && left.length === 0) markWake("webhooksRestoredMs", context);
  return { kind: "done", detail: `${returned.length} given back` };
}
