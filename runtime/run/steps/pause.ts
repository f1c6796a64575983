import type { Purpose, Step } from "../../cycle/index.js";
import { applyAmendments } from "../amend.js";
import type { StepContext, StepOutcome } from "../context.js";
import { confirmAutoscaler } from "./confirm-autoscaler.js";
import { confirmKeda } from "./confirm-keda.js";

/** Proof of a pause, for measures where a value alone proves nothing. */
const CONFIRM: Readonly<Partial<Record<Purpose, (context: StepContext) => Promise<StepOutcome>>>> = {
  autoscaler: confirmAutoscaler,
  keda: confirmKeda,
};

/**
 * Holds still what one measure is about, and proves it where a value alone proves nothing. Repeating it is safe.
 */
export async function pauseStep(
  { purpose }: Extract<Step, { kind: "pause" }>,
  context: StepContext,
): Promise<StepOutcome> {
  const { changed, failure } = await applyAmendments(purpose, context);
  if (failure) return { kind: "stopped", failure };
  const confirmed = (await CONFIRM[purpose]?.(context)) ?? { kind: "done" };
  return confirmed.kind === "done" ? { kind: "done", detail: `${changed} object(s)` } : confirmed;
}
