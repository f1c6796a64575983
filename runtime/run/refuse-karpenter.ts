import { isKarpenterNode } from "../cycle/index.js";
import type { FailureInfo } from "../ports/index.js";
import { findKarpenterController, nodesOfController } from "./karpenter-controller.js";
import type { ObservedCluster } from "./observe.js";
import { listClaims, stuckClaims } from "./node-claims.js";

/**
 * Why what Karpenter launched could not be removed; null when it can, or when there is nothing. Its controller must serve, and
 * on a node that is not its own: whoever ends the node that it runs on ends the only one who can finish (safe-cycle H25).
 * No call for a cluster without Karpenter's nodes.
 */
export async function refuseKarpenter({ observation, kubernetes }: ObservedCluster): Promise<FailureInfo | null> {
  const own = observation.karpenterNodes.filter(({ labels }) => labels[COMPUTE_TYPE] !== "auto");
  if (own.length === 0) return null;
  const controller = await findKarpenterController(kubernetes);
  if (controller?.isReady !== true) {
    const claims = (await listClaims(kubernetes)).filter(({ isAutoMode }) => !isAutoMode);
    return stuckClaims(claims, controller);
  }
  const names = new Set(await nodesOfController(kubernetes, controller));
  const nodes = observation.nodes.filter(({ name }) => names.has(name));
  if (nodes.length === 0 || nodes.some((node) => !isKarpenterNode(node))) return null;
  return {
    code: "karpenter-stuck",
    message: `Karpenter's controller ${controller.namespace}/${controller.name} runs only on nodes that it launched itself (${nodes.map(({ name }) => name).join(", ")}), so it would end before its work is done.`,
    remedy:
      "Move its pods to a node group or Fargate (a nodeSelector or affinity), or set settings.measures.karpenter to report.",
  };
}

/** EKS Auto Mode's label: its Karpenter runs outside the cluster (safe-cycle H37). */
const COMPUTE_TYPE = "eks.amazonaws.com/compute-type";
