import type { Look } from "./observe.js";
import type { PodRecord } from "./record.js";
import { notCleared, stillStanding, type Census, type DrainState, type NodeRecord } from "./state.js";
import { remainingVolumes } from "./volumes.js";

/** The scheduler may still bind a pod from a stale cache this long after a cordon (safe-cycle 21). */
export const SETTLE_MS = 5000;

/** Every target node of `look`: whether its pods and its volumes are gone. `state.endedNodes` is of the same look. */
export function recordNodes(
  state: DrainState,
  { nodes, listedAt }: Look,
  census: Census,
): ReadonlyMap<string, NodeRecord> {
  const remaining = [
    ...stillStanding(census),
    ...notCleared(census),
    ...census.leaving,
    ...census.stuck,
    ...census.refused,
    ...census["left-alone"],
  ];
  const occupied = new Set(remaining.map(({ pod }) => pod.nodeName));
  return new Map(
    nodes.map(({ facts, cordonedAt }) => {
      const isOccupied = occupied.has(facts.name);
      const end = state.endedNodes.get(facts.name) ?? null;
      const podsGoneAt = isOccupied ? null : (state.nodes.get(facts.name)?.podsGoneAt ?? listedAt);
      const isEmpty = !isOccupied && (end === "terminated" || listedAt >= cordonedAt + SETTLE_MS);
      const node = { facts, cordonedAt, isEmpty, podsGoneAt, end };
      return [facts.name, { ...node, volumes: volumesLeft(state, node, census.skipped) }];
    }),
  );
}

/** Only a list read after the last pod had gone tells. An ended instance is not waited for: AWS takes its volumes from it (safe-cycle 53). */
function volumesLeft(
  { hasVolumes, volumes, volumeProblem }: DrainState,
  { facts, podsGoneAt, end }: Pick<NodeRecord, "facts" | "podsGoneAt" | "end">,
  skipped: readonly PodRecord[],
): readonly string[] | null {
  if (!hasVolumes || volumeProblem !== null || end !== null) return [];
  if (volumes === null || podsGoneAt === null || volumes.readAt < podsGoneAt) return null;
  const staying = skipped.map(({ pod }) => pod).filter(({ nodeName }) => nodeName === facts.name);
  return remainingVolumes(facts.name, staying, volumes);
}

/** When every node that is only waiting for its settling time will have had it; null when none is. */
export function settledAt(state: DrainState): number | null {
  const unsettled = [...state.nodes.values()].filter(
    ({ isEmpty, podsGoneAt, facts }) => !isEmpty && podsGoneAt !== null && !state.refusedNodes.has(facts.name),
  );
  return unsettled.length === 0 ? null : Math.max(...unsettled.map(({ cordonedAt }) => cordonedAt)) + SETTLE_MS;
}
