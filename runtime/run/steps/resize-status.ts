import { FIRST_STAGE } from "../../cycle/index.js";
import type { FailureInfo } from "../../ports/index.js";
import type { StepContext } from "../context.js";

const FIRST_QUESTION_MS = 60_000;

/**
 * Asks EKS about the accepted resizes of groups that have not followed for a minute. Before that the instances
 * themselves are the better witness and cost one call for all groups (safe-cycle H29, W8; aws.md §2).
 */
export async function failedResize(groupIds: readonly string[], context: StepContext): Promise<FailureInfo | null> {
  const { session, observation, capacity, clock } = context;
  if (!session.hasCycle()) return null;
  const { resizes, steps } = session.journal();
  for (const group of observation.groups.filter(({ id }) => groupIds.includes(id))) {
    const updateId = resizes[group.id]?.updateId;
    const sent = [steps[`resize ${group.id}`], steps[`resize ${group.id}${FIRST_STAGE}`]];
    const sentAt = Math.max(...sent.map((step) => step?.at ?? 0)) || clock.now();
    if (!updateId || clock.now() - sentAt < FIRST_QUESTION_MS) continue;
    const status = await capacity.resizeStatus(group, updateId);
    if (status.kind === "failed") return resizeFailed(group.id, status.message);
  }
  return null;
}

function resizeFailed(groupId: string, message: string): FailureInfo {
  return {
    code: "resize-failed",
    message: `EKS gave up on resizing ${groupId}: ${message}`,
    remedy: "Repair what it names, then run again; the saved sizes are kept.",
  };
}
