import type { Purpose, Step } from "../../cycle/index.js";
import { giveBackAmendments } from "../amend.js";
import type { StepContext, StepOutcome } from "../context.js";
import { awaitKarpenter } from "./await-karpenter.js";
import { cleanLeftTaints } from "./clean-taints.js";
import { resumeCronJobs } from "./resume-cronjobs.js";

/** Measures that are given back in a manner of their own. */
const RESUME: Readonly<Partial<Record<Purpose, (context: StepContext) => Promise<StepOutcome>>>> = {
  autoscaler: async (context) => {
    await cleanLeftTaints(context);
    return giveBack("autoscaler", context);
  },
  karpenter: async (context) => {
    const ready = await awaitKarpenter(context);
    return ready.kind === "done" ? giveBack("karpenter", context) : ready;
  },
  cronjobs: resumeCronJobs,
};

/** Gives back what one measure took for the night, and nothing that is somebody else's by now. Repeating it is safe. */
export function resumeStep({ purpose }: Extract<Step, { kind: "resume" }>, context: StepContext): Promise<StepOutcome> {
  return RESUME[purpose]?.(context) ?? giveBack(purpose, context);
}

async function giveBack(purpose: Purpose, context: StepContext): Promise<StepOutcome> {
  const { changed, failure } = await giveBackAmendments(purpose, context);
  if (failure) return { kind: "partial", failure };
  return { kind: "done", detail: `${changed} object(s)` };
}
