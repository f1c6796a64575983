import { isKarpenterNode } from "../../cycle/index.js";
import { isCritical } from "../../drain/index.js";
import type { NodeFacts, PodFacts } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { findKarpenterController } from "../karpenter-controller.js";
import { drainNodes, trackMembership, type Membership } from "./drain.js";

/**
 * Empties Karpenter's nodes, and in the same drain the groups' of everything that Karpenter does not lean on: its own pods
 * and critical ones, such as the cluster's DNS, stay until its work is done (safe-cycle H23). Together, because pods of
 * Karpenter's nodes would else land on the groups' nodes and be evicted a second time. Repeating it is safe.
 */
export async function drainBeforeClaims(context: StepContext): Promise<StepOutcome> {
  if (await hasCriticalPods(context)) {
    const moved = await drainNodes(KARPENTER_NODES, context);
    if (moved.kind !== "done") return moved;
  }
  return drainNodes(await allButNeeded(context), context);
}

/** A new node shows its pool's label at once, so nothing has to be asked again (safe-cycle 20). */
const KARPENTER_NODES: Membership = { isTarget: isKarpenterNode, refresh: () => Promise.resolve() };

/** Whether Karpenter leans on pods of its own nodes: those must find room elsewhere before every node is cordoned. */
async function hasCriticalPods({ kubernetes, observation }: StepContext): Promise<boolean> {
  const names = observation.karpenterNodes.map(({ name }) => name);
  const pods = names.length === 0 ? [] : await kubernetes.listPods(names);
  return pods.some((pod) => isCritical(pod) && pod.controller?.kind !== "DaemonSet" && !pod.isMirror);
}

async function allButNeeded(context: StepContext): Promise<Membership> {
  const groups = trackMembership(context);
  const isOfController = ownPods(await findKarpenterController(context.kubernetes));
  const launched = new Set<string>();
  return {
    isTarget(node: NodeFacts): boolean {
      if (isKarpenterNode(node)) launched.add(node.name);
      return launched.has(node.name) || groups.isTarget(node);
    },
    isSpared: (pod) => !launched.has(pod.nodeName) && (isCritical(pod) || isOfController(pod)),
    refresh: groups.refresh,
  };
}

function ownPods(controller: { readonly namespace: string; readonly name: string } | null) {
  return ({ namespace, name }: PodFacts): boolean =>
    controller?.namespace === namespace && name.startsWith(`${controller.name}-`);
}
