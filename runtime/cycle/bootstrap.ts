import { fillGroup, type FilledGroup } from "./bootstrap-fill.js";
import type { NodeMarks, PodDemand } from "./pod-demand.js";
import type { Room } from "./quantity.js";

/** What one node of a group offers, as it was seen before the sleep. */
export interface NodeShape extends NodeMarks {
  readonly room: Room;
}

/** A group that may hold the cluster's own services. */
export interface Candidate {
  readonly groupId: string;
  /** So many nodes at most: its saved size. */
  readonly limit: number;
  /** So many are up already and cost nothing. */
  readonly present: number;
  /** Null: never recorded. */
  readonly shape: NodeShape | null;
  /** Zones in which it had nodes. */
  readonly zones: readonly string[];
  /** EKS reports health issues: chosen only where no other will do (safe-cycle W8). */
  readonly isAiling: boolean;
}

/** What the cluster's own services ask for. */
export interface SystemDemand {
  /** One entry per pod that has no place yet. */
  readonly pods: readonly PodDemand[];
  /** One entry per DaemonSet: its pod comes with every node that it allows. */
  readonly daemons: readonly PodDemand[];
}

/** The nodes to bring up before anything else is spent. */
export interface Bootstrap {
  /** Nodes by group id, those that are present included; groups that are not needed are left out. */
  readonly nodes: ReadonlyMap<string, number>;
  /** Owners of pods that no group can hold at its saved size: the scheduler must find a place, or nobody does. */
  readonly unplaced: readonly string[];
}

/** Two nodes are enough for one pod of everything and a second one of DNS. */
const FALLBACK_NODES = 2;

/**
 * The smallest set of nodes that holds the system's pods: requests and DaemonSets against allocatable and the most pods
 * per node, selectors and taints, siblings on different nodes, and every zone that holds a volume they mount
 * (safe-cycle W6, W11). Null: nothing needs a place. Without recorded nodes: two of the largest group.
 */
export function chooseBootstrap(demand: SystemDemand, candidates: readonly Candidate[]): Bootstrap | null {
  if (demand.pods.length === 0) return null;
  const usable = candidates.filter(({ limit }) => limit > 0);
  if (usable.length > 0 && usable.every(({ shape }) => shape === null)) return fallback(usable);
  return combine(demand, usable);
}

function fallback(candidates: readonly Candidate[]): Bootstrap {
  const [largest] = [...candidates].sort(
    (a, b) => Number(a.isAiling) - Number(b.isAiling) || b.limit - a.limit || a.groupId.localeCompare(b.groupId),
  );
  const nodes = new Map(largest ? [[largest.groupId, Math.min(FALLBACK_NODES, largest.limit)]] : []);
  return { nodes, unplaced: [] };
}

/** Again and again the group that holds most of what is left with the fewest nodes, until nothing more fits anywhere. */
function combine(demand: SystemDemand, candidates: readonly Candidate[]): Bootstrap {
  const nodes = new Map<string, number>();
  let left = demand.pods;
  for (let open = candidates; left.length > 0; open = open.filter(({ groupId }) => !nodes.has(groupId))) {
    const fills = open.map((candidate) => ({ candidate, filled: fillGroup(candidate, { ...demand, pods: left }) }));
    const [best] = fills.sort(compareFills);
    if (!best || best.filled.placed === 0) break;
    nodes.set(best.candidate.groupId, best.filled.nodes);
    left = best.filled.left;
  }
  return { nodes, unplaced: [...new Set(left.map(({ owner }) => owner))].sort() };
}

interface Fill {
  readonly candidate: Candidate;
  readonly filled: FilledGroup;
}

/** A healthy group that holds something, then more pods held, then fewer nodes to start, then the larger group: most likely the one meant for everything. */
function compareFills(a: Fill, b: Fill): number {
  return (
    Number(isUseless(a)) - Number(isUseless(b)) ||
    Number(a.candidate.isAiling) - Number(b.candidate.isAiling) ||
    b.filled.placed - a.filled.placed ||
    startedBy(a) - startedBy(b) ||
    b.candidate.limit - a.candidate.limit ||
    a.candidate.groupId.localeCompare(b.candidate.groupId)
  );
}

function isUseless({ filled }: Fill): boolean {
  return filled.placed === 0;
}

function startedBy({ candidate, filled }: Fill): number {
  return filled.nodes - candidate.present;
}
