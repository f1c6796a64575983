import type { ApiObject } from "../../ports/index.js";
import type { BudgetState, Simulation } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";
import { viewOf, type NativeType } from "./native-object.js";

/** Disruption budgets; to be read and deleted. */
export const NATIVE_BUDGETS: NativeType = {
  views: (simulation) => [...simulation.state.budgets.values()].map((budget) => viewOfBudget(simulation, budget)),
  remove({ state }, { metadata: { name, namespace = "" } }) {
    state.budgets.delete(objectKey({ namespace, name }));
  },
};

function viewOfBudget(simulation: Simulation, budget: BudgetState): ApiObject {
  const { namespace, name, spec, generation, observedGeneration } = budget;
  const { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods } = budget;
  return viewOf(simulation, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    // The model tells budgets apart by name alone.
    metadata: { name, namespace, uid: `budget-${objectKey(budget)}`, generation },
    spec,
    status: { observedGeneration, disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods },
  });
}
