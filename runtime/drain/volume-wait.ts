import type { DrainContext } from "./context.js";
import type { NodeRecord } from "./state.js";

/** Where a node stands with its volumes: it has none to give back, it is waited for, or its time is over (safe-cycle 51). */
export type VolumeWait = "none" | "waiting" | "over";

/** The wait of one node at `now`. It begins with the node's last pod. */
export function volumeWaitOf(
  { podsGoneAt, volumes }: Pick<NodeRecord, "podsGoneAt" | "volumes">,
  { state, volumesStopAt }: Pick<DrainContext, "state" | "volumesStopAt">,
  now: number,
): VolumeWait {
  if (podsGoneAt === null || volumes?.length === 0) return "none";
  const endAt = Math.min(podsGoneAt + state.settings.volumeDetachTimeoutSeconds * 1000, volumesStopAt);
  return now < endAt ? "waiting" : "over";
}

/** Nodes without pods that stand so with their volumes; refused nodes are not waited for. */
export function nodesInWait(
  wait: VolumeWait,
  context: Pick<DrainContext, "state" | "volumesStopAt">,
  now: number,
): readonly NodeRecord[] {
  const { nodes, refusedNodes } = context.state;
  return [...nodes.values()].filter(
    (node) => node.isEmpty && !refusedNodes.has(node.facts.name) && volumeWaitOf(node, context, now) === wait,
  );
}
