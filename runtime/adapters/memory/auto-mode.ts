import type { AutoMode, ClusterFacts, ResizeStatus, UpdateAnswer } from "../../ports/index.js";
import type { Simulation } from "./cluster-state.js";

/** EKS Auto Mode of one cluster; what its pools' nodes do is the story's to tell. */
export interface AutoModeSide {
  /** UpdateClusterConfig: one update at a time, the same token gives the same update (safe-cycle H37). */
  switchPools(autoMode: AutoMode, token: string): UpdateAnswer;
  /** DescribeUpdate. */
  status(updateId: string): ResizeStatus;
}

/** How to reach the cluster's facts, and how long an update takes. */
interface AutoModeParts {
  readonly facts: () => ClusterFacts;
  readonly setFacts: (change: Partial<ClusterFacts>) => void;
  readonly updateMs: number;
}

/** No update yet. */
export function createAutoModeSide({ agenda, newUid }: Simulation, parts: AutoModeParts): AutoModeSide {
  const updates = new Map<string, { readonly token: string; isDone: boolean }>();

  function start(autoMode: AutoMode, token: string): string {
    const updateId = newUid();
    const update = { token, isDone: false };
    updates.set(updateId, update);
    parts.setFacts({ autoMode });
    agenda.after(parts.updateMs, () => (update.isDone = true));
    return updateId;
  }

  return {
    switchPools(autoMode, token) {
      assertAllowed(autoMode, parts.facts());
      const known = [...updates].find(([, update]) => update.token === token);
      if (known !== undefined) return { kind: "accepted", updateId: known[0] };
      if ([...updates.values()].some(({ isDone }) => !isDone))
        return { kind: "busy", message: "Cluster cannot be updated as another update is in progress" };
      return { kind: "accepted", updateId: start(autoMode, token) };
    },
    status(updateId) {
      const update = updates.get(updateId);
      if (update === undefined) return { kind: "failed", message: `No update found for ID: ${updateId}` };
      return { kind: update.isDone ? "successful" : "in-progress" };
    },
  };
}

/** EKS refuses these; a caller that sends one is broken, so it must not pass for an answer. */
function assertAllowed({ nodePools, nodeRoleArn }: AutoMode, { autoMode }: ClusterFacts): void {
  if (autoMode === null) throw new RangeError("EKS Auto Mode is off: there are no built-in pools to switch");
  if (nodePools.length > 0 !== (nodeRoleArn !== null))
    throw new RangeError("EKS wants a node role exactly while a built-in pool is on");
}
