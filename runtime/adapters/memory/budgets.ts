import type { BudgetState, ClusterState, PodState, Simulation, WorkloadState } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";
import { selects } from "./selector.js";

/** How long an accepted eviction counts against its budget when no deletion follows (safe-cycle 41). */
const DISRUPTION_MEMORY_MS = 120_000;

/** The budgets that cover a pod. */
export function budgetsOf({ budgets }: ClusterState, pod: PodState): readonly BudgetState[] {
  return [...budgets.values()].filter(
    (budget) => budget.namespace === pod.namespace && selects(budget.spec.selector, pod.template.labels),
  );
}

/** Brings every budget's status up to date, unless its controller is down. */
export function updateBudgets(simulation: Simulation): void {
  const { state, agenda } = simulation;
  if (!state.areBudgetsWatched) return;
  for (const budget of state.budgets.values()) updateBudget(state, budget, agenda.now());
}

/** Takes one disruption from a budget for an accepted eviction. */
export function spendDisruption(simulation: Simulation, budget: BudgetState, pod: PodState): void {
  budget.disruptionsAllowed -= 1;
  budget.disruptedPods.set(pod.name, simulation.agenda.now());
  // An effect of its own, so that the budget is looked at again when the entry runs out.
  simulation.agenda.after(DISRUPTION_MEMORY_MS, () => undefined);
}

function updateBudget(state: ClusterState, budget: BudgetState, at: number): void {
  const pods = [...state.pods.values()].filter(
    (pod) => pod.namespace === budget.namespace && selects(budget.spec.selector, pod.template.labels),
  );
  forgetDisruptions(budget, pods, at);
  budget.observedGeneration = budget.generation;
  const wanted = expectation(state, budget, pods);
  if (wanted === undefined) {
    // The real controller fails safe when it cannot count: nothing is allowed (safe-cycle 40).
    budget.disruptionsAllowed = 0;
    return;
  }
  budget.currentHealthy = pods.filter(
    (pod) => pod.deletion === null && pod.isReady && !budget.disruptedPods.has(pod.name),
  ).length;
  budget.expectedPods = wanted.expected;
  budget.desiredHealthy = wanted.healthy;
  budget.disruptionsAllowed = wanted.expected > 0 ? Math.max(0, budget.currentHealthy - wanted.healthy) : 0;
  budget.lowestHealthy = Math.min(budget.lowestHealthy, budget.currentHealthy);
}

function forgetDisruptions({ disruptedPods }: BudgetState, pods: readonly PodState[], at: number): void {
  const living = new Set(pods.filter(({ deletion }) => deletion === null).map(({ name }) => name));
  for (const [name, disruptedAt] of disruptedPods) {
    if (!living.has(name) || at >= disruptedAt + DISRUPTION_MEMORY_MS) disruptedPods.delete(name);
  }
}

/** minAvailable in pods needs no owner; everything else is reckoned from what the owners declare. */
function expectation(
  state: ClusterState,
  { spec }: BudgetState,
  pods: readonly PodState[],
): { readonly expected: number; readonly healthy: number } | undefined {
  if (typeof spec.minAvailable === "number") return { expected: pods.length, healthy: spec.minAvailable };
  const expected = declaredPods(state, pods);
  if (expected === undefined) return undefined;
  if (spec.minAvailable !== undefined) return { expected, healthy: share(spec.minAvailable, expected) };
  return { expected, healthy: Math.max(0, expected - share(spec.maxUnavailable ?? 0, expected)) };
}

/** Sum of the owners' replicas; unmanaged pods count for nothing, an owner without a scale spoils the sum. */
function declaredPods(state: ClusterState, pods: readonly PodState[]): number | undefined {
  const owners = new Map<string, number>();
  for (const { controller } of pods) {
    if (controller === null) continue;
    const scaled = scaledWorkload(state, controller.uid);
    if (scaled === undefined) return undefined;
    owners.set(scaled.uid, scaled.replicas);
  }
  return [...owners.values()].reduce((sum, replicas) => sum + replicas, 0);
}

/** Follows a controller's UID up to the workload that has a scale. */
export function scaledWorkload(state: ClusterState, uid: string): WorkloadState | undefined {
  const workload = state.workloads.get(uid);
  if (workload === undefined || workload.kind === "DaemonSet") return undefined;
  const parent = workload.parentUid === null ? undefined : state.workloads.get(workload.parentUid);
  return parent ?? workload;
}

/** A bound in pods; percentages are rounded up, as the controller does. */
function share(bound: number | string, of: number): number {
  return typeof bound === "number" ? bound : Math.ceil((Number.parseFloat(bound) / 100) * of);
}

/** A budget that its controller has not seen yet. */
function newBudget(budget: Pick<BudgetState, "namespace" | "name" | "spec" | "generation">): BudgetState {
  return {
    ...budget,
    observedGeneration: budget.generation - 1,
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
    disruptedPods: new Map(),
    lowestHealthy: Number.POSITIVE_INFINITY,
  };
}

/** Creates a budget, or replaces its spec under a new generation while its status stays what it was. */
export function putBudget(state: ClusterState, budget: Pick<BudgetState, "namespace" | "name" | "spec">): void {
  const known = state.budgets.get(objectKey(budget));
  const next =
    known === undefined
      ? newBudget({ ...budget, generation: 1 })
      : { ...known, spec: budget.spec, generation: known.generation + 1 };
  state.budgets.set(objectKey(budget), next);
}
