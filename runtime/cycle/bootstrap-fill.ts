import type { Candidate, SystemDemand } from "./bootstrap.js";
import { isAllowedOn, type PodDemand } from "./pod-demand.js";
import { addRoom, fitsInto, NO_ROOM, type Room } from "./quantity.js";

/** How far one group takes the pods. */
export interface FilledGroup {
  /** Nodes that it takes; at most its limit. */
  readonly nodes: number;
  readonly placed: number;
  readonly left: readonly PodDemand[];
}

/** Fills a group's nodes first fit, the largest pods first; nodes open one by one, up to the limit. */
export function fillGroup(candidate: Candidate, { pods, daemons }: SystemDemand): FilledGroup {
  const { shape, zones, present, limit } = candidate;
  if (shape === null) return { nodes: present, placed: 0, left: pods };
  const overhead = daemons
    .filter((daemon) => isAllowedOn(daemon, shape))
    .reduce((sum, { room }) => addRoom(sum, room), NO_ROOM);
  const rack = createRack(candidate, shape.room, overhead);
  const fitting = pods.filter(
    (pod) => isAllowedOn(pod, shape) && hasZone(pod, zones) && fitsInto(addRoom(overhead, pod.room), shape.room),
  );
  const placed = new Set([...fitting].sort(largestFirst).filter((pod) => rack.place(pod)));
  const needsZones = [...placed].some((pod) => pod.zones !== null);
  const nodes = needsZones ? Math.min(limit, Math.max(rack.size(), zones.length)) : rack.size();
  return {
    nodes: placed.size === 0 ? present : nodes,
    placed: placed.size,
    left: pods.filter((pod) => !placed.has(pod)),
  };
}

interface OpenNode {
  taken: Room;
  readonly owners: Set<string>;
  readonly zone: string | undefined;
}

/**
 * Nodes that fill up. Auto Scaling spreads the nodes of a group evenly over its zones, so the n-th node is counted to the
 * n-th zone; which zone comes first is not ours to say, so whoever needs one needs a node in each.
 */
function createRack({ zones, present, limit }: Candidate, room: Room, overhead: Room) {
  const nodes: OpenNode[] = [];
  const open = (): OpenNode => {
    const node: OpenNode = { taken: overhead, owners: new Set(), zone: zones[nodes.length % zones.length] };
    nodes.push(node);
    return node;
  };
  while (nodes.length < Math.min(present, limit)) open();

  const fits = (pod: PodDemand, node: OpenNode): boolean =>
    fitsInto(addRoom(node.taken, pod.room), room) &&
    (pod.zones === null || node.zone === undefined || pod.zones.includes(node.zone)) &&
    !(pod.spread === "required" && node.owners.has(pod.owner));
  const isApart = (pod: PodDemand, node: OpenNode): boolean => pod.spread === "none" || !node.owners.has(pod.owner);

  function openFor(pod: PodDemand): OpenNode | undefined {
    while (nodes.length < limit) {
      const node = open();
      if (fits(pod, node)) return node;
    }
    return undefined;
  }

  return {
    size: () => nodes.length,
    /** On a node without a sibling if there is one or one can be opened, else wherever it fits. */
    place(pod: PodDemand): boolean {
      const node =
        nodes.find((each) => fits(pod, each) && isApart(pod, each)) ??
        openFor(pod) ??
        nodes.find((each) => fits(pod, each));
      if (!node) return false;
      node.taken = addRoom(node.taken, pod.room);
      node.owners.add(pod.owner);
      return true;
    },
  };
}

function hasZone(pod: PodDemand, zones: readonly string[]): boolean {
  return pod.zones === null || zones.length === 0 || zones.some((zone) => pod.zones?.includes(zone));
}

function largestFirst(a: PodDemand, b: PodDemand): number {
  return b.room.cpuMillis - a.room.cpuMillis || b.room.memoryBytes - a.room.memoryBytes;
}
