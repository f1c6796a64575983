import type { Plan, Step } from "../cycle/index.js";
import { noteStep } from "../cycle/index.js";
import { failureInfo, type FailureInfo, type RunEvent } from "../ports/index.js";
import type { StepContext, StepOutcome } from "./context.js";
import { performStep } from "./perform-step.js";
import type { ReportBuilder } from "./report-builder.js";
import type { StepReport } from "./report.js";

/** How a plan ended. `failures` of groups that failed by themselves are in `partial` only. */
export type PlanEnd =
  | { readonly kind: "done" }
  | { readonly kind: "partial"; readonly failure: FailureInfo }
  | { readonly kind: "stopped"; readonly failure: FailureInfo }
  | { readonly kind: "yielded" }
  | { readonly kind: "cancelled" };

type Emit = (event: Pick<RunEvent, "kind" | "step" | "message">) => void;

/**
 * Performs the steps in order, each noted in the journal before and after (safe-cycle H34). Stops at the first that
 * did not get through; a group that failed by itself does not stop the others (safe-cycle W25). Throws only lease-lost.
 */
export async function carryOut(
  plan: Plan,
  context: (step: Step) => StepContext,
  report: ReportBuilder,
  emit: Emit,
): Promise<PlanEnd> {
  let partial: FailureInfo | null = null;
  for (const [index, step] of plan.entries()) {
    const outcome = await carryOutStep(step, index, context(step), { report, emit });
    if (outcome.kind === "partial") partial ??= outcome.failure;
    else if (outcome.kind !== "done") return outcome;
  }
  return partial === null ? { kind: "done" } : { kind: "partial", failure: partial };
}

async function carryOutStep(
  step: Step,
  index: number,
  context: StepContext,
  { report, emit }: { readonly report: ReportBuilder; readonly emit: Emit },
): Promise<StepOutcome> {
  const stop = interrupted(context);
  if (stop) return stop;
  await note(step, "started", context);
  report.stepStarted(index);
  emit({ kind: "step-started", step: step.id, message: step.title });
  const outcome = await attempt(step, context);
  if (outcome.kind === "done") await note(step, "done", context, outcome.detail);
  report.stepFinished(index, stepOutcome(outcome), detailOf(outcome));
  emit({ kind: "step-finished", step: step.id, message: `${step.title}: ${detailOf(outcome) ?? outcome.kind}` });
  return outcome;
}

/** The safe point between two steps: cancel, the attempt's end, the budget's end. */
function interrupted({ budget, clock, attemptDeadlineAt }: StepContext): StepOutcome | null {
  if (budget.signal.aborted) return { kind: "cancelled" };
  if (clock.now() >= attemptDeadlineAt) return { kind: "stopped", failure: TIMED_OUT };
  if (budget.yieldAt !== null && clock.now() >= budget.yieldAt) return { kind: "yielded" };
  return null;
}

const TIMED_OUT: FailureInfo = {
  code: "timed-out",
  message: "The run used up its whole time.",
  remedy: "Run again to go on from here, or raise settings.runTimeoutSeconds (CURFEW_RUN_TIMEOUT_SECONDS).",
};

async function attempt(step: Step, context: StepContext): Promise<StepOutcome> {
  try {
    return await performStep(step, context);
  } catch (error) {
    const failure = failureInfo(error);
    if (failure.code === "lease-lost" || failure.code === "store-unavailable") throw error;
    if (step.kind !== "resize") return { kind: "stopped", failure };
    context.notes.failedGroups.add(step.group.id);
    return { kind: "partial", failure };
  }
}

async function note(
  step: Step,
  state: "started" | "done",
  { session, clock }: StepContext,
  observed?: string,
): Promise<void> {
  if (!session.hasCycle()) return;
  await session.update((journal) =>
    noteStep(journal, step.id, { state, at: clock.now(), ...(observed === undefined ? {} : { observed }) }),
  );
}

function stepOutcome(outcome: StepOutcome): StepReport["outcome"] {
  if (outcome.kind !== "stopped") return outcome.kind;
  return outcome.failure.code === "drain-blocked" || outcome.failure.code === "pods-refused" ? "blocked" : "failed";
}

function detailOf(outcome: StepOutcome): string | undefined {
  if (outcome.kind === "done") return outcome.detail;
  if (outcome.kind === "partial" || outcome.kind === "stopped") return outcome.failure.message;
  return undefined;
}
