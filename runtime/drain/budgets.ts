import type { BudgetFacts, LabelSelector, PodFacts } from "../ports/index.js";

import { isFinished } from "./pod-kind.js";

/** `namespace/name`. */
export function budgetId({ namespace, name }: BudgetFacts): string {
  return `${namespace}/${name}`;
}

/** A budget in words, with what it needs and has (safe-cycle 65). */
export function describeBudget(budget: BudgetFacts): string {
  return `budget ${budgetId(budget)} (needs ${budget.desiredHealthy} healthy, has ${budget.currentHealthy})`;
}

/** Whether labels satisfy a selector, as policy/v1 reads it: no selector matches nothing, an empty one everything. */
export function selectorMatches(selector: LabelSelector | null, labels: Readonly<Record<string, string>>): boolean {
  if (selector === null) return false;
  const areLabelsEqual = Object.entries(selector.matchLabels).every(([key, value]) => labels[key] === value);
  return (
    areLabelsEqual &&
    selector.matchExpressions.every((expression) => expressionMatches(expression, labels[expression.key]))
  );
}

function expressionMatches(
  { operator, values }: LabelSelector["matchExpressions"][number],
  value: string | undefined,
): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

/** Finds the budgets that the server will ask before it evicts a pod. */
export type BudgetLookup = (pod: PodFacts) => readonly BudgetFacts[];

/** Indexes budgets by namespace once. Pods that the server evicts without asking any budget get none (safe-cycle 25). */
export function budgetLookup(budgets: readonly BudgetFacts[]): BudgetLookup {
  const byNamespace = Map.groupBy(budgets, ({ namespace }) => namespace);
  return (pod) => {
    if (isFinished(pod) || pod.phase === "Pending" || pod.deletionAt !== null) return [];
    return (byNamespace.get(pod.namespace) ?? []).filter(({ selector }) => selectorMatches(selector, pod.labels));
  };
}

/** Why a budget can never allow its pods to leave, whatever the wait; null when it can (safe-cycle 40). */
export function budgetDeadEnd(budget: BudgetFacts): string | null {
  if (budget.isStale) return "its controller has not seen its newest version";
  if (budget.disruptionsAllowed > 0) return null;
  if (budget.expectedPods === 0) return "it counts no pods: their owner has no scale, or they have none";
  if (budget.desiredHealthy >= budget.expectedPods) {
    return `it needs all of its ${budget.expectedPods} pods healthy at all times`;
  }
  return null;
}
