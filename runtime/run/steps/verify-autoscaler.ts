import type { StepContext, StepOutcome } from "../context.js";
import { awaitAutoscalersAtRest } from "./autoscaler-rest.js";

/**
 * The last look before nodes are taken away: a drain takes its time, and somebody may have brought the autoscaler back
 * meanwhile (S32). Changes nothing; repeating it is safe.
 */
export function verifyAutoscalerStep(context: StepContext): Promise<StepOutcome> {
  const paused = context.session.journal().steps["pause autoscaler"];
  return awaitAutoscalersAtRest(context, paused?.state === "done" ? paused.at : null);
}
