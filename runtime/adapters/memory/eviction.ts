import type { EvictionAnswer, PodRef } from "../../ports/index.js";
import { budgetsOf, spendDisruption } from "./budgets.js";
import type { BudgetState, ClusterState, PodState, Simulation } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";
import { requestDeletion } from "./kubelet.js";

/** The hint that the server gives while a budget's controller is behind (safe-cycle 31). */
const STALE_RETRY_MS = 10_000;

/** Pods named in one budget's status at most (safe-cycle 35). */
const MAX_DISRUPTED_PODS = 2000;

/** What the server makes of a request: an answer, or leave to delete at the cost of a budget's disruption. */
type Judgement = { readonly kind: "answer"; readonly answer: EvictionAnswer } | Leave;
interface Leave {
  readonly kind: "leave";
  readonly pod: PodState;
  readonly spends: BudgetState | null;
}

/**
 * One Eviction request, judged in the order of the real server: namespace admission, webhooks, existence
 * and UID, then budgets (safe-cycle 25-35; K8S:pkg/registry/core/pod/storage/eviction.go). A dry run
 * gets the same answer and writes nothing (39).
 */
export function evict(
  simulation: Simulation,
  ref: PodRef,
  { dryRun, graceSeconds }: { readonly dryRun?: boolean; readonly graceSeconds?: number } = {},
): EvictionAnswer {
  const judgement = judge(simulation.state, ref);
  if (judgement.kind === "answer") return judgement.answer;
  if (dryRun !== true) carryOut(simulation, judgement, graceSeconds);
  return { kind: "accepted" };
}

function carryOut(simulation: Simulation, { pod, spends }: Leave, graceSeconds: number | undefined): void {
  if (spends !== null) spendDisruption(simulation, spends, pod);
  requestDeletion(simulation, pod, graceSeconds);
}

function judge(state: ClusterState, ref: PodRef): Judgement {
  const refusal = admissionRefusal(state, ref);
  if (refusal !== undefined) return { kind: "answer", answer: refusal };
  const pod = state.pods.get(objectKey(ref));
  if (pod?.uid !== ref.uid) return { kind: "answer", answer: { kind: "gone" } };
  if (needsNoBudget(pod)) return { kind: "leave", pod, spends: null };
  return judgeBudgets(budgetsOf(state, pod), pod);
}

function admissionRefusal(state: ClusterState, ref: PodRef): EvictionAnswer | undefined {
  if (state.terminatingNamespaces.has(ref.namespace)) {
    return {
      kind: "namespace-terminating",
      message: `unable to create new content in namespace ${ref.namespace} because it is being terminated`,
    };
  }
  if (!state.brokenWebhooks.has("evict")) return undefined;
  return {
    kind: "webhook-refused",
    message: "Internal error occurred: failed calling webhook: no endpoints available for service",
  };
}

/** Pending, finished and terminating pods consult no budget (safe-cycle 25). */
function needsNoBudget({ phase, deletion }: PodState): boolean {
  return phase !== "Running" || deletion !== null;
}

function judgeBudgets(budgets: readonly BudgetState[], pod: PodState): Judgement {
  const [budget, ...others] = budgets;
  if (budget === undefined) return { kind: "leave", pod, spends: null };
  if (others.length > 0) {
    const message = `This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.`;
    return { kind: "answer", answer: { kind: "several-budgets", message } };
  }
  if (!pod.isReady && allowsUnready(budget)) return { kind: "leave", pod, spends: null };
  const refusal = budgetRefusal(budget);
  return refusal === undefined ? { kind: "leave", pod, spends: budget } : { kind: "answer", answer: refusal };
}

/** Unready pods go by policy: always, or while the budget is met without them (safe-cycle 26). */
function allowsUnready({ spec, currentHealthy, desiredHealthy }: BudgetState): boolean {
  return spec.unhealthyPodEvictionPolicy === "AlwaysAllow" || (desiredHealthy > 0 && currentHealthy >= desiredHealthy);
}

function budgetRefusal(budget: BudgetState): EvictionAnswer | undefined {
  const violation = "Cannot evict pod as it would violate the pod's disruption budget.";
  if (budget.observedGeneration < budget.generation) {
    return {
      kind: "budget-stale",
      message: `${violation} The disruption budget ${budget.name} is still being processed by the server.`,
      retryAfterMs: STALE_RETRY_MS,
    };
  }
  if (budget.disruptedPods.size > MAX_DISRUPTED_PODS) {
    return {
      kind: "budget-stale",
      message: "DisruptedPods map too big - too many evictions not confirmed by PDB controller",
      retryAfterMs: null,
    };
  }
  if (budget.disruptionsAllowed > 0) return undefined;
  const counts = `needs ${budget.desiredHealthy} healthy pods and has ${budget.currentHealthy} currently`;
  return { kind: "budget-exhausted", message: `${violation} The disruption budget ${budget.name} ${counts}` };
}
