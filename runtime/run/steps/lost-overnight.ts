import type { Snapshot } from "../../cycle/index.js";
import type { NodeFacts } from "../../ports/index.js";

/**
 * What the night took for good, in sentences: pods that nothing recreates, and labels and taints that somebody had put on a
 * node and that none of the new ones carries (safe-cycle 8, H3). Those of a launch template come back and are not told.
 */
export function lostOvernight(
  { unmanagedPods, markedNodes }: Snapshot,
  nodes: readonly NodeFacts[],
): readonly string[] {
  const lost = markedNodes.flatMap(({ node, labels, taints }) => {
    const marks = [
      ...Object.entries(labels).flatMap(([key, value]) =>
        nodes.some((one) => one.labels[key] === value) ? [] : [key],
      ),
      ...taints.flatMap(({ key }) =>
        nodes.some((one) => one.taints.some((taint) => taint.key === key)) ? [] : [`taint ${key}`],
      ),
    ];
    return marks.length > 0 ? [`${node} (${marks.join(", ")})`] : [];
  });
  return [
    ...(unmanagedPods.length > 0
      ? [`Gone with the night, since nothing recreates them: ${unmanagedPods.join(", ")}.`]
      : []),
    ...(lost.length > 0 ? [`Labels and taints that no new node carries: ${lost.join("; ")}.`] : []),
  ];
}
