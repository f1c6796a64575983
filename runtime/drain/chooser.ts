/** What limits depend on, of a pod that is to leave. */
export interface QueuedPod {
  readonly uid: string;
  readonly nodeName: string;
  /** Ids of the budgets that the server will ask; none: nothing but the totals limits it. */
  readonly budgetIds: readonly string[];
}

/** A pod whose eviction may start now. */
export interface Candidate extends QueuedPod {
  /** Never refused so far: its node keeps its place while the pod waits for its turn. */
  readonly isFresh: boolean;
}

/** Bounds over everything in flight together (safe-cycle 45). */
export interface Limits {
  readonly maxNodes: number;
  readonly maxPodsInFlight: number;
  readonly maxPodsInFlightPerBudget: number;
}

/** Where the drain stands. */
export interface Standing {
  readonly inFlight: readonly QueuedPod[];
  /** Nodes on which something has been tried. */
  readonly begunNodes: ReadonlySet<string>;
}

/**
 * Which of `queue`, in its order, to start now so that no bound is passed. A node holds one of `maxNodes` places
 * while an eviction on it is in flight or, once begun, while it has fresh pods; so a node whose pods are all
 * accepted or refused makes room, and refused pods are tried again only in places that are free.
 */
export function chooseEvictions(queue: readonly Candidate[], standing: Standing, limits: Limits): readonly Candidate[] {
  const places = takenPlaces(queue, standing, limits.maxNodes);
  const perBudget = countPerBudget(standing.inFlight);
  const chosen: Candidate[] = [];
  for (const candidate of queue) {
    if (standing.inFlight.length + chosen.length >= limits.maxPodsInFlight) break;
    const hasPlace = places.has(candidate.nodeName) || places.size < limits.maxNodes;
    const isBudgetBusy = candidate.budgetIds.some((id) => (perBudget.get(id) ?? 0) >= limits.maxPodsInFlightPerBudget);
    if (!hasPlace || isBudgetBusy) continue;
    places.add(candidate.nodeName);
    for (const id of candidate.budgetIds) perBudget.set(id, (perBudget.get(id) ?? 0) + 1);
    chosen.push(candidate);
  }
  return chosen;
}

function takenPlaces(queue: readonly Candidate[], { inFlight, begunNodes }: Standing, maxNodes: number): Set<string> {
  const places = new Set(inFlight.map(({ nodeName }) => nodeName));
  for (const { nodeName, isFresh } of queue) {
    if (places.size >= maxNodes) break;
    if (isFresh && begunNodes.has(nodeName)) places.add(nodeName);
  }
  return places;
}

function countPerBudget(inFlight: readonly QueuedPod[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { budgetIds } of inFlight) for (const id of budgetIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/**
 * Orders pods so that budgets take turns: the first pod of every budget, then the second of every budget, and
 * so on; pods under no budget take their turn as one more. Contention inside one budget is what slows the
 * API server (lab.md, speed of a drain).
 */
export function interleave(pods: readonly QueuedPod[]): readonly QueuedPod[] {
  const lanes = [...Map.groupBy(pods, ({ budgetIds }) => budgetIds[0] ?? "").values()];
  const longest = Math.max(0, ...lanes.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) => lanes.map((lane) => lane[turn]));
  return turns.flat().filter((pod) => pod !== undefined);
}
