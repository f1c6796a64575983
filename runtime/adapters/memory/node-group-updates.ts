import type { GroupSize, ResizeAnswer, ResizeStatus } from "../../ports/index.js";
import type { Simulation } from "./cluster-state.js";
import type { GroupState, UpdateState } from "./group-state.js";

/** EKS's word for the state of a managed group; ACTIVE for a self-managed one. */
export function groupStatus(group: GroupState): string {
  if (group.forcedStatus !== null) return group.forcedStatus;
  if (updateInProgress(group) !== undefined) return "UPDATING";
  return group.kind === "managed" && group.launchIssue !== null ? "DEGRADED" : "ACTIVE";
}

/** UpdateNodegroupConfig: one update at a time, the same token gives the same update (safe-cycle H28, H29). */
export function requestUpdate(
  simulation: Simulation,
  group: GroupState,
  target: GroupSize,
  token: string,
): ResizeAnswer {
  const known = [...group.updates.values()].find((update) => update.token === token);
  if (known !== undefined) return repeatUpdate(known, target);
  if (!["ACTIVE", "DEGRADED"].includes(groupStatus(group))) {
    return { kind: "busy", message: "Nodegroup cannot be updated as it is currently not in Active State" };
  }
  return {
    kind: "accepted",
    updateId: startUpdate(simulation, group, { target, token, durationMs: group.timings.updateMs }),
  };
}

/** EKS refuses a token that comes with other parameters; in a test that is a defect of the caller. */
function repeatUpdate({ id, target }: UpdateState, wanted: GroupSize): ResizeAnswer {
  const isSame = target?.min === wanted.min && target.desired === wanted.desired && target.max === wanted.max;
  if (!isSame) throw new RangeError(`a client request token was used again for another size (update ${id})`);
  return { kind: "accepted", updateId: id };
}

/** What an update is to be. Without a target it is somebody else's and leaves the size alone. */
export interface NewUpdate {
  readonly target: GroupSize | null;
  readonly token: string | null;
  readonly durationMs: number;
}

/** Starts an update; the Auto Scaling group follows when it ends. Returns its id. */
export function startUpdate(
  simulation: Simulation,
  group: GroupState,
  { target, token, durationMs }: NewUpdate,
): string {
  const update: UpdateState = { id: simulation.newUid(), token, target, outcome: "in-progress" };
  const before = group.declaredSize;
  const failure = group.nextUpdateFailure;
  group.nextUpdateFailure = null;
  group.declaredSize = target ?? before;
  group.updates.set(update.id, update);
  simulation.agenda.after(durationMs, () => {
    if (failure !== null) group.declaredSize = before;
    else group.size = target ?? group.size;
    update.outcome = failure === null ? "successful" : { failed: failure };
  });
  return update.id;
}

/** DescribeUpdate. */
export function updateStatus(group: GroupState | undefined, updateId: string): ResizeStatus {
  const outcome = group?.updates.get(updateId)?.outcome;
  if (outcome === undefined) return { kind: "failed", message: `No update found for ID: ${updateId}` };
  return typeof outcome === "string" ? { kind: outcome } : { kind: "failed", message: outcome.failed };
}

function updateInProgress({ updates }: GroupState): UpdateState | undefined {
  return [...updates.values()].find(({ outcome }) => outcome === "in-progress");
}
