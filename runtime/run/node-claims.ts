import { NODE_CLAIMS, readClaim, type NodeClaim } from "../cycle/index.js";
import { Failure, type FailureInfo, type Kubernetes } from "../ports/index.js";
import type { KarpenterController } from "./karpenter-controller.js";

/** Every NodeClaim of the cluster; none where Karpenter is not installed. Throws `Failure` rbac-denied. */
export async function listClaims({ objects }: Pick<Kubernetes, "objects">): Promise<readonly NodeClaim[]> {
  const answer = await objects.list(NODE_CLAIMS);
  if (answer.kind === "forbidden") throw claimsForbidden("list", answer.message);
  return answer.kind === "listed" ? answer.items.map(readClaim) : [];
}

/** The failure of a right that is missing. */
export function claimsForbidden(verb: string, message: string): Failure {
  return new Failure({
    code: "rbac-denied",
    message: `Curfew may not ${verb} NodeClaims: ${message}`,
    remedy: "Bind the full-cycle role, or set settings.measures.karpenter to report.",
  });
}

/** Claims that nobody works off, since the controller is not there: named with the instances that cost money (S41). */
export function stuckClaims(claims: readonly NodeClaim[], controller: KarpenterController | null): FailureInfo {
  return leftClaims(
    claims,
    controller === null
      ? "no Karpenter controller was found"
      : `Karpenter's controller ${controller.namespace}/${controller.name} has no ready pod`,
  );
}

/** Claims that are left, and why. */
export function leftClaims(claims: readonly NodeClaim[], why: string): FailureInfo {
  const names = claims.map(({ name, instanceId }) => `${name} (${instanceId ?? "no instance yet"})`);
  return {
    code: "karpenter-stuck",
    message: `${claims.length} NodeClaim(s) are left and ${why}: ${names.join(", ")}. Their instances run and are paid for.`,
    remedy:
      "Repair the Karpenter controller, or end these instances and remove the claims' finalizers by hand; then run again.",
  };
}
