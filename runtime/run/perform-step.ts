import type { Step } from "../cycle/index.js";
import type { StepContext, StepOutcome } from "./context.js";
import { awaitEmptyStep } from "./steps/await-empty.js";
import { awaitNodesStep } from "./steps/await-nodes.js";
import { drainStep } from "./steps/drain.js";
import { resizeStep } from "./steps/resize.js";
import { restoreOwnersStep } from "./steps/restore-owners.js";
import { uncordonStep } from "./steps/uncordon.js";

/** Carries one step out. Every step may be repeated whole. */
export function performStep(step: Step, context: StepContext): Promise<StepOutcome> {
  switch (step.kind) {
    case "drain":
      return drainStep(context);
    case "resize":
      return resizeStep(step, context);
    case "await-empty":
      return awaitEmptyStep(context);
    case "await-nodes":
      return awaitNodesStep(step, context);
    case "uncordon":
      return uncordonStep(context);
    case "restore-owners":
      return restoreOwnersStep(context);
  }
}
