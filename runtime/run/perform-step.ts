import type { Step } from "../cycle/index.js";
import type { StepContext, StepOutcome } from "./context.js";
import { autoModeOffStep, autoModeOnStep } from "./steps/auto-mode.js";
import { awaitEmptyStep } from "./steps/await-empty.js";
import { awaitJobsStep } from "./steps/await-jobs.js";
import { awaitNodesStep } from "./steps/await-nodes.js";
import { awaitTierStep } from "./steps/await-tier.js";
import { checkWebhooksStep } from "./steps/check-webhooks.js";
import { cleanLeftoversStep } from "./steps/clean-leftovers.js";
import { drainStep } from "./steps/drain.js";
import { pauseStep } from "./steps/pause.js";
import { removeNodeClaimsStep } from "./steps/remove-node-claims.js";
import { resizeStep } from "./steps/resize.js";
import { restoreOwnersStep } from "./steps/restore-owners.js";
import { restoreWebhooksStep } from "./steps/restore-webhooks.js";
import { resumeStep } from "./steps/resume.js";
import { holdScalingStep, releaseScalingStep } from "./steps/scaling-processes.js";
import { sweepJobsStep } from "./steps/sweep-jobs.js";
import { uncordonStep } from "./steps/uncordon.js";
import { verifyAutoscalerStep } from "./steps/verify-autoscaler.js";

/** Carries one step out. Every step may be repeated whole. */
export function performStep(step: Step, context: StepContext): Promise<StepOutcome> {
  switch (step.kind) {
    case "pause":
      return pauseStep(step, context);
    case "resume":
      return resumeStep(step, context);
    case "check-webhooks":
      return checkWebhooksStep(context);
    case "restore-webhooks":
      return restoreWebhooksStep(step, context);
    case "hold-scaling":
      return holdScalingStep(context);
    case "release-scaling":
      return releaseScalingStep(context);
    case "auto-mode-off":
      return autoModeOffStep(context);
    case "auto-mode-on":
      return autoModeOnStep(context);
    case "remove-node-claims":
      return removeNodeClaimsStep(context);
    case "verify-autoscaler":
      return verifyAutoscalerStep(context);
    case "await-jobs":
      return awaitJobsStep(context);
    case "sweep-jobs":
      return sweepJobsStep(context);
    case "drain":
      return drainStep(context);
    case "resize":
      return resizeStep(step, context);
    case "await-empty":
      return awaitEmptyStep(context);
    case "await-nodes":
      return awaitNodesStep(step, context);
    case "await-tier":
      return awaitTierStep(step, context);
    case "clean-leftovers":
      return cleanLeftoversStep(context);
    case "uncordon":
      return uncordonStep(context);
    case "restore-owners":
      return restoreOwnersStep(context, step.only);
  }
}
