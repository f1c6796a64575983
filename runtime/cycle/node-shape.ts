import type { NodeFacts, NodeTaint } from "../ports/index.js";
import type { NodeShape } from "./bootstrap.js";
import { readRoom, type Room } from "./quantity.js";

/** A snapshot's node shape: plain and writable, as the schema gives it. */
interface SavedShape {
  room: Room;
  labels: Record<string, string>;
  taints: NodeTaint[];
}

/**
 * What every node of a group offers: the least room, the labels and taints that all have. Null for no node, and for nodes
 * that do not say their room.
 */
export function shapeOfNodes(nodes: readonly NodeFacts[]): SavedShape | null {
  const rooms = nodes.map(({ allocatable }) => readRoom(allocatable)).filter(({ pods }) => pods > 0);
  const [first, ...others] = nodes;
  if (!first || rooms.length === 0) return null;
  const labels = Object.entries(first.labels).filter(([key, value]) =>
    others.every((node) => node.labels[key] === value),
  );
  const taints = first.taints.filter((taint) => !isPassing(taint) && others.every((node) => hasTaint(node, taint)));
  return { room: least(rooms), labels: Object.fromEntries(labels), taints };
}

function least(rooms: readonly Room[]): NodeShape["room"] {
  const smallest = (figure: keyof Room) => Math.min(...rooms.map((room) => room[figure]));
  return { cpuMillis: smallest("cpuMillis"), memoryBytes: smallest("memoryBytes"), pods: smallest("pods") };
}

/** Taints that come and go with a node's condition, a cordon among them. */
function isPassing({ key }: NodeTaint): boolean {
  return key.startsWith("node.kubernetes.io/") || key.startsWith("node.cloudprovider.kubernetes.io/");
}

function hasTaint({ taints }: NodeFacts, { key, value, effect }: NodeTaint): boolean {
  return taints.some((taint) => taint.key === key && taint.value === value && taint.effect === effect);
}
