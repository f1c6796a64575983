import type { BudgetFacts } from "../ports/index.js";

import { budgetId, describeBudget } from "./budgets.js";
import type { PodRecord, Stage } from "./record.js";
import { tierOf } from "./tiers.js";

/** A budget's controller that is behind for longer than this is down (safe-cycle 31). */
const CONTROLLER_DOWN_MS = 120_000;

/** What a reason depends on beside the pod. */
export interface ReasonContext {
  readonly now: number;
  readonly deadlineAt: number;
}

/** Why a pod is where it is, as the second half of a sentence that begins with its name; null when there is nothing to say. */
export function reasonFor(record: PodRecord, stage: Stage, context: ReasonContext): string | null {
  const { verdict } = record;
  switch (stage) {
    case "gone":
      return null;
    case "skipped":
      return verdict.reasons.join("; ");
    case "refused":
      return verdict.reasons.join("; ");
    case "left-alone":
      return "was left alone: its node holds pods that may not be evicted";
    case "waiting":
      return verdict.reasons.join("; ");
    case "looping":
      return "is put back on cordoned nodes by its controller as often as it is evicted: it tolerates the cordon";
    case "leaving":
      return "is still terminating";
    case "stuck":
      return stuckReason(record);
    case "held":
      return heldReason(record, context);
    case "untried":
      return untriedReason(record, context);
  }
}

function stuckReason({ pod }: PodRecord): string {
  if (pod.finalizers.length === 0) return "is stuck terminating: its kubelet has not confirmed the end";
  return `is stuck terminating: held by finalizers ${pod.finalizers.join(", ")}`;
}

function untriedReason({ pod, lastAnswer }: PodRecord, { now, deadlineAt }: ReasonContext): string {
  if (lastAnswer !== null) return `could not be evicted so far: ${lastAnswer.message ?? lastAnswer.code}`;
  if (tierOf(pod) > 0) return "was not tried: it leaves after the ordinary pods, and they have not all left";
  return now >= deadlineAt ? "was not tried: the drain's deadline has passed" : "is waiting for its turn";
}

function heldReason(record: PodRecord, { now }: ReasonContext): string {
  const { refusal, budgets, staleSinceAt } = record;
  const message = refusal?.message ?? "no reason given";
  switch (refusal?.code) {
    case "budget-exhausted":
      return exhaustedReason(record);
    case "several-budgets":
      return `is covered by more than one budget (${budgets.map(budgetId).join(", ")}), so the API server never evicts it`;
    case "budget-contention":
      return `is held by contention on ${describe(budgets[0])}`;
    case "budget-stale": {
      const isDown = staleSinceAt !== null && now - staleSinceAt >= CONTROLLER_DOWN_MS;
      const state = isDown
        ? "its controller is down: it has been behind for more than 2 minutes"
        : "its controller is behind";
      return `is held by ${describe(budgets[0])}: ${state}`;
    }
    case "namespace-terminating":
      return `is in a namespace that is being deleted: ${message}`;
    case "webhook-refused":
      return `is held by a webhook on pods/eviction: ${message}`;
    case "delete-refused":
      return `could not be deleted: ${message}`;
    default:
      return `could not be evicted: ${message}`;
  }
}

function exhaustedReason({ pod, budgets, refusal }: PodRecord): string {
  const [budget] = budgets;
  if (budget === undefined) return `is held by a budget: ${refusal?.message ?? "no reason given"}`;
  const held = `is held by ${describeBudget(budget)}`;
  const isBroken = budget.currentHealthy < budget.desiredHealthy;
  // The default policy lets an unready pod go only while its budget is met: a crash loop holds itself (safe-cycle 26).
  if (pod.isReady || !isBroken || budget.unhealthyPodEvictionPolicy !== "IfHealthyBudget") return held;
  return `${held}: the pod is unhealthy and the budget not met (unhealthyPodEvictionPolicy AlwaysAllow would let it go)`;
}

function describe(budget: BudgetFacts | undefined): string {
  return budget === undefined ? "a budget" : describeBudget(budget);
}
