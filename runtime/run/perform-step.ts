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

type Perform = {
  readonly [Kind in Step["kind"]]: (step: Extract<Step, { kind: Kind }>, context: StepContext) => Promise<StepOutcome>;
};

const PERFORM: Perform = {
  pause: pauseStep,
  resume: resumeStep,
  "check-webhooks": (_, context) => checkWebhooksStep(context),
  "restore-webhooks": restoreWebhooksStep,
  "hold-scaling": (_, context) => holdScalingStep(context),
  "release-scaling": (_, context) => releaseScalingStep(context),
  "auto-mode-off": (_, context) => autoModeOffStep(context),
  "auto-mode-on": (_, context) => autoModeOnStep(context),
  "remove-node-claims": (_, context) => removeNodeClaimsStep(context),
  "verify-autoscaler": (_, context) => verifyAutoscalerStep(context),
  "await-jobs": (_, context) => awaitJobsStep(context),
  "sweep-jobs": (_, context) => sweepJobsStep(context),
  drain: (_, context) => drainStep(context),
  resize: resizeStep,
  "await-empty": (_, context) => awaitEmptyStep(context),
  "await-nodes": awaitNodesStep,
  "await-tier": awaitTierStep,
  "clean-leftovers": (_, context) => cleanLeftoversStep(context),
  uncordon: (_, context) => uncordonStep(context),
  "restore-owners": ({ only }, context) => restoreOwnersStep(context, only),
};

/** Carries one step out. Every step may be repeated whole. */
export function performStep(step: Step, context: StepContext): Promise<StepOutcome> {
  // The entry is the one for this kind of step, which the compiler cannot follow through the table.
  const perform = PERFORM[step.kind] as (step: Step, context: StepContext) => Promise<StepOutcome>;
  return perform(step, context);
}
