import type { DrainState } from "./state.js";

/** How far a node is (safe-cycle 67): `drained` only once its pods are gone, not when they were accepted. */
export interface NodeReport {
  readonly name: string;
  readonly state: "pending" | "cordoned" | "drained";
  /** It holds pods that may not be evicted, so nothing on it was touched (safe-cycle 3). */
  readonly isRefused: boolean;
  /** The cordon is noted as ours to undo. */
  readonly isOurCordon: boolean;
}

/** Every target node of the last look, by name; before any look, the nodes noted as ours, as `pending`. */
export function reportNodes(state: DrainState): readonly NodeReport[] {
  const names = state.nodes.size > 0 ? state.nodes.keys() : state.ownCordons;
  return [...names].sort().map((name) => {
    const node = state.nodes.get(name);
    return {
      name,
      state: node === undefined ? "pending" : node.isEmpty ? "drained" : "cordoned",
      isRefused: state.refusedNodes.has(name),
      isOurCordon: state.ownCordons.has(name),
    };
  });
}
