import { NODE_CLAIMS, noteClaimsDrained, noteClaimsGone, type NodeClaim } from "../../cycle/index.js";
import { Failure, isFailure, type FailureInfo } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { findKarpenterController } from "../karpenter-controller.js";
import { claimsForbidden, leftClaims, listClaims, stuckClaims } from "../node-claims.js";
import { closeWaitOptions, waitOptions, waitUntil } from "../poll.js";
import { drainBeforeClaims } from "./drain-before-claims.js";

/**
 * Empties and removes what Karpenter launched while its controller lives, and proves that nothing of it is left that
 * costs money: no NodeClaim and no tagged instance (safe-cycle H23, H25). Without the controller the claims' finalizers
 * would never go, so the hibernate stops before any group is touched (S41). Repeating it is safe.
 */
export async function removeNodeClaimsStep(context: StepContext): Promise<StepOutcome> {
  const claims = await listClaims(context.kubernetes);
  const down = await controllerFailure(claims, context);
  if (down) return { kind: "stopped", failure: down };
  if (claims.length > 0 || context.observation.karpenterNodes.length > 0) {
    const drained = await drainBeforeClaims(context);
    if (drained.kind !== "done") return drained;
    await context.session.update(noteClaimsDrained);
  }
  const removed = await removeClaims(context);
  if (removed.kind !== "done") return removed;
  const gone = await proveGone(claims.length, context);
  if (gone.kind === "done") await context.session.update((journal) => noteClaimsGone(journal, context.clock.now()));
  return gone;
}

/** Limits lag, so a claim may still appear this long after the first look that found none (safe-cycle H23). */
const LAG_MS = 1_000;

async function removeClaims(context: StepContext): Promise<StepOutcome> {
  const isDownTooLong = controllerWatch(context);
  const last: { claims: readonly NodeClaim[]; failure: FailureInfo | null } = { claims: [], failure: null };
  let emptySince: number | null = null;
  const end = await waitUntil(
    async () => {
      last.claims = await listClaims(context.kubernetes);
      const now = context.clock.now();
      emptySince = last.claims.length === 0 ? (emptySince ?? now) : null;
      if (emptySince !== null && now - emptySince >= LAG_MS) return true;
      last.failure = await isDownTooLong(last.claims);
      if (last.failure) return true;
      await askToGo(last.claims, context);
      if (last.claims.length > 0) context.tell(`waiting for ${last.claims.length} NodeClaim(s) to go`);
      return false;
    },
    {
      ...closeWaitOptions(context, context.settings.resizeTimeoutSeconds),
      dueAt: () => (emptySince === null ? null : emptySince + LAG_MS),
    },
  );
  if (last.failure) return { kind: "stopped", failure: last.failure };
  if (end === "timed-out") return { kind: "stopped", failure: leftClaims(last.claims, "did not go in time") };
  return { kind: end };
}

/** Deletes claims that are not on their way yet. */
async function askToGo(claims: readonly NodeClaim[], { kubernetes }: StepContext): Promise<void> {
  for (const { name, uid } of claims.filter(({ isDeleting }) => !isDeleting)) {
    const answer = await kubernetes.objects.remove({ type: NODE_CLAIMS, namespace: null, name, uid });
    if (answer.kind === "forbidden") throw claimsForbidden("delete", answer.message);
    if (answer.kind !== "refused") continue;
    throw new Failure({
      code: "karpenter-stuck",
      message: `NodeClaim ${name} may not be deleted: ${answer.message}`,
      remedy: "Look at what refuses it (a webhook or policy), then run again.",
    });
  }
}

/** A controller is missed for a moment whenever its only pod is replaced. */
const DOWN_TOLERANCE_MS = 30_000;

/** Says when the controller has been away for too long. */
function controllerWatch(context: StepContext) {
  let downSince: number | null = null;
  return async (claims: readonly NodeClaim[]): Promise<FailureInfo | null> => {
    const failure = await controllerFailure(claims, context);
    const now = context.clock.now();
    downSince = failure === null ? null : (downSince ?? now);
    return downSince !== null && now - downSince >= DOWN_TOLERANCE_MS ? failure : null;
  };
}

/** Claims of EKS Auto Mode need no controller in the cluster (safe-cycle H37). */
async function controllerFailure(
  claims: readonly NodeClaim[],
  { kubernetes }: StepContext,
): Promise<FailureInfo | null> {
  const inCluster = claims.filter(({ isAutoMode }) => !isAutoMode);
  if (inCluster.length === 0) return null;
  const controller = await findKarpenterController(kubernetes);
  return controller?.isReady === true ? null : stuckClaims(inCluster, controller);
}

/** Waits for instances that EC2 still shows with Karpenter's tag, though no claim stands for them. */
async function proveGone(claims: number, context: StepContext): Promise<StepOutcome> {
  let left: readonly string[] = [];
  const end = await waitUntil(
    async () => {
      left = await taggedInstances(context);
      if (left.length > 0) context.tell(`waiting for ${left.length} instance(s) of Karpenter to end`);
      return left.length === 0;
    },
    waitOptions(context, context.settings.emptyTimeoutSeconds),
  );
  if (end === "done") return { kind: "done", detail: `${claims} NodeClaim(s)` };
  if (end !== "timed-out") return { kind: end };
  const failure: FailureInfo = {
    code: "karpenter-stuck",
    message: `Instances that Karpenter launched are still there without a NodeClaim: ${left.join(", ")}. They are paid for.`,
    remedy: "End them (aws ec2 terminate-instances) once nothing on them is needed, then run again.",
  };
  return { kind: "stopped", failure };
}

/** A role that may not ask EC2 gets a warning: the claims are gone, which is nearly the same. */
async function taggedInstances({ capacity, notes }: StepContext): Promise<readonly string[]> {
  try {
    return await capacity.karpenterInstances();
  } catch (error) {
    if (!isFailure(error) || error.code !== "permission-denied") throw error;
    notes.warnings.push(`That no instance of Karpenter is left could not be proven: ${error.message}`);
    return [];
  }
}
