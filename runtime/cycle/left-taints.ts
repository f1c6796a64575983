import type { ApiObject, NodeFacts, PatchOperation } from "../ports/index.js";
import { readField } from "./field-path.js";
import type { LeftTaint } from "./journal.js";

const TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

/** Taints that an autoscaler puts on nodes it is about to remove, and takes off only while it runs (safe-cycle H9). */
const LEFT_BEHIND = [TO_BE_DELETED, "DeletionCandidateOfClusterAutoscaler"];

/**
 * Nodes that an autoscaler which has been stopped left tainted. Its cordons count as its own only when it is one that
 * cordons; otherwise a cordon is a person's.
 */
export function findLeftTaints(nodes: readonly NodeFacts[], cordonsNodes: boolean): readonly LeftTaint[] {
  return nodes.flatMap(({ name, uid, taints, isUnschedulable }) => {
    const keys = taints.map(({ key }) => key).filter((key) => LEFT_BEHIND.includes(key));
    const isCordonedByIt = cordonsNodes && isUnschedulable && keys.includes(TO_BE_DELETED);
    return keys.length > 0 ? [{ node: name, uid, keys, isCordonedByIt }] : [];
  });
}

/** The patch that takes from the node what the autoscaler left on it, and nothing else; empty when nothing is left. */
export function cleaningPatch(node: ApiObject, left: LeftTaint): readonly PatchOperation[] {
  if (node.metadata.uid !== left.uid) return [];
  const taints = readField(node, ["spec", "taints"]);
  const indexed = (Array.isArray(taints) ? (taints as unknown[]) : []).map((value, index) => ({ value, index }));
  const due = indexed.filter(({ value }) => left.keys.includes(String(readField(value, ["key"]))));
  const isCordoned = readField(node, ["spec", "unschedulable"]) === true;
  const operations = [
    // From the back, so that the indices of those still to go stay true.
    ...due.toReversed().flatMap(({ value, index }) => removal(`/spec/taints/${index}`, value)),
    ...(left.isCordonedByIt && isCordoned ? removal("/spec/unschedulable", true) : []),
  ];
  return operations;
}

function removal(path: string, value: unknown): readonly PatchOperation[] {
  return [
    { op: "test", path, value },
    { op: "remove", path },
  ];
}
