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
  /** Nodes whose kubelet confirms nothing, by name, each in words (safe-cycle 53). */
  readonly silentNodes: ReadonlyMap<string, string>;
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
    case "lifeless":
      return lifelessReason(record, context);
    case "leaving":
      return `is still terminating${silencePart(record, context)}`;
    case "stuck":
      return stuckReason(record, context);
    case "held":
      return heldReason(record, context);
    case "untried":
      return untriedReason(record, context);
  }
}

function lifelessReason({ pod, clearedAt, lastAnswer }: PodRecord, { silentNodes }: ReasonContext): string {
  const ended = `had ended with its instance (${silentNodes.get(pod.nodeName) ?? `node ${pod.nodeName}`})`;
  if (clearedAt === null) return `${ended}; its object is to be removed`;
  if (lastAnswer?.code === "delete-refused")
    return `${ended}; its object stays: ${lastAnswer.message ?? "no reason given"}`;
  return `${ended}; its object was removed`;
}

/** Grace 0 would help, and could let the same pod run twice: it is not used without proof (safe-cycle 54). */
function silencePart({ pod }: PodRecord, { silentNodes }: ReasonContext): string {
  const silence = silentNodes.get(pod.nodeName);
  return silence === undefined ? "" : `: ${silence}, so its kubelet cannot confirm the end`;
}

/** Finalizers are named and never taken off: they are their controller's (safe-cycle 50). */
function stuckReason(record: PodRecord, context: ReasonContext): string {
  const { pod } = record;
  if (context.silentNodes.has(pod.nodeName)) return `is stuck terminating${silencePart(record, context)}`;
  if (pod.finalizers.length === 0) return "is stuck terminating: its kubelet has not confirmed the end";
  return `is stuck terminating: held by finalizers ${pod.finalizers.join(", ")}`;
}

function untriedReason({ pod, volumes, lastAnswer }: PodRecord, { now, deadlineAt }: ReasonContext): string {
  if (lastAnswer !== null) return `could not be evicted so far: ${lastAnswer.message ?? lastAnswer.code}`;
  if (tierOf(pod) > 0) return "was not tried: it leaves after the ordinary pods, and they have not all left";
  if (volumes.length > 0)
    return "was not tried so far: pods with volumes leave a node one by one, and others come first";
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
