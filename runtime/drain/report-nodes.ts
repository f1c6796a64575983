import type { DrainContext } from "./context.js";
import type { NodeRecord } from "./state.js";
import { volumeWaitOf } from "./volume-wait.js";

/** How far a node is (safe-cycle 67): `drained` only once its pods are gone and its volumes detached, not when that was accepted. */
export interface NodeReport {
  readonly name: string;
  /** `skipped`: its instance had ended before, so nothing ran on it any more (safe-cycle 55). */
  readonly state: "pending" | "cordoned" | "drained" | "skipped";
  /** It holds pods that may not be evicted, so nothing on it was touched (safe-cycle 3). */
  readonly isRefused: boolean;
  /** The cordon is noted as ours to undo. */
  readonly isOurCordon: boolean;
  /** Volumes that were attached to it to the end, though its last pod had gone (safe-cycle 51). */
  readonly volumes: readonly string[];
  /** Why it is not drained, where its pods do not tell; null when there is nothing to say. */
  readonly reason: string | null;
}

/** Every target node of the last look, by name; before any look, the nodes noted as ours, as `pending`. */
export function reportNodes(context: DrainContext, now: number): readonly NodeReport[] {
  const { state } = context;
  const names = state.nodes.size > 0 ? state.nodes.keys() : state.ownCordons;
  return [...names].sort().map((name) => {
    const node = state.nodes.get(name);
    return {
      name,
      state: node === undefined ? "pending" : stateOf(node),
      isRefused: state.refusedNodes.has(name),
      isOurCordon: state.ownCordons.has(name),
      volumes: node?.podsGoneAt == null ? [] : (node.volumes ?? []),
      reason: node === undefined ? null : reasonOf(node, context, now),
    };
  });
}

function stateOf({ isEmpty, volumes, end }: NodeRecord): NodeReport["state"] {
  if (end !== null) return isEmpty ? "skipped" : "cordoned";
  return isEmpty && volumes?.length === 0 ? "drained" : "cordoned";
}

function reasonOf(node: NodeRecord, context: DrainContext, now: number): string | null {
  const { facts, volumes, end, isEmpty } = node;
  if (end !== null) return `its instance ${facts.instanceId ?? ""} is ${end}`;
  const wait = volumeWaitOf(node, context, now);
  if (wait === "none" || !isEmpty) return null;
  const what = volumes === null ? "its volumes" : `volume ${volumes.join(", ")}`;
  return wait === "waiting"
    ? `${what} ${volumes?.length === 1 ? "is" : "are"} still being detached`
    : `${what} stayed attached beyond volumeDetachTimeoutSeconds (${context.state.settings.volumeDetachTimeoutSeconds} s)`;
}
