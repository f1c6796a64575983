import type { V1LabelSelector, V1PodDisruptionBudget, V1PodDisruptionBudgetStatus } from "@kubernetes/client-node";
import type { BudgetFacts, LabelSelector } from "../../ports/index.js";

/** A disruption budget as the API gives it, as facts. */
export function readBudgetFacts({ metadata, spec, status }: V1PodDisruptionBudget): BudgetFacts {
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    selector: spec?.selector ? readSelector(spec.selector) : null,
    ...readCounts(status),
    isStale: (status?.observedGeneration ?? 0) < (metadata?.generation ?? 0),
    unhealthyPodEvictionPolicy: spec?.unhealthyPodEvictionPolicy === "AlwaysAllow" ? "AlwaysAllow" : "IfHealthyBudget",
  };
}

/** A controller that has not looked yet leaves no status at all, and such a budget allows nothing. */
function readCounts(status: V1PodDisruptionBudgetStatus | undefined) {
  return {
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
    currentHealthy: status?.currentHealthy ?? 0,
    desiredHealthy: status?.desiredHealthy ?? 0,
    expectedPods: status?.expectedPods ?? 0,
  };
}

function readSelector({ matchLabels, matchExpressions }: V1LabelSelector): LabelSelector {
  return {
    matchLabels: matchLabels ?? {},
    matchExpressions: (matchExpressions ?? []).map(({ key, operator, values }) => ({
      key,
      operator: operator as "In" | "NotIn" | "Exists" | "DoesNotExist",
      values: values ?? [],
    })),
  };
}
