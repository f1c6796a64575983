import { noteResizeAccepted, planResize, type Journal, type Step } from "../../cycle/index.js";
import { isFailure, type FailureCode, type FailureInfo, type ResizeAnswer } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { waitOptions, waitUntil } from "../poll.js";

/**
 * Asks for a group's new size. The request is in the journal before it is sent, under a token made of cycle, group and
 * sequence: a crash in between sends the same request again and gets the same update (safe-cycle H28, H29).
 * While somebody else's update is in flight it waits (S29).
 */
export async function resizeStep(step: Extract<Step, { kind: "resize" }>, context: StepContext): Promise<StepOutcome> {
  const { session } = context;
  const { group, target } = step;
  const before = session.hasCycle() ? session.journal().resizes[group.id] : undefined;
  if (session.hasCycle()) await session.update((journal) => planResize(journal, group.id, target));
  try {
    const answer = await sendResize(step, context);
    if (answer === "yielded" || answer === "cancelled") return { kind: answer };
    if (answer.kind === "busy") await unplan(group.id, before, context);
    return await conclude(answer, group.id, context);
  } catch (error) {
    if (isFailure(error) && REFUSALS.has(error.code)) await unplan(group.id, before, context);
    throw error;
  }
}

/** Sends until the group is free to take it; `busy` when it never was. */
async function sendResize(
  { group, target }: Extract<Step, { kind: "resize" }>,
  context: StepContext,
): Promise<ResizeAnswer | "yielded" | "cancelled"> {
  const token = requestToken(context, group.id);
  let answer: ResizeAnswer = { kind: "busy", message: "" };
  const end = await waitUntil(
    async () => {
      answer = await context.capacity.resize(group, target, token);
      if (answer.kind === "busy") context.tell(`${group.id} is busy with another update; waiting.`);
      return answer.kind !== "busy";
    },
    waitOptions(context, context.settings.resizeTimeoutSeconds),
  );
  return end === "yielded" || end === "cancelled" ? end : answer;
}

/** Codes with which AWS has certainly not taken the request; with any other it may have, unheard. */
const REFUSALS: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "permission-denied",
  "role-refused",
  "credentials-missing",
  "credentials-expired",
  "resize-failed",
]);

/** Puts back what was noted before: a request that was not taken must not count as a group scaled down (safe-cycle H35). */
async function unplan(
  groupId: string,
  before: Journal["resizes"][string] | undefined,
  { session }: StepContext,
): Promise<void> {
  if (!session.hasCycle()) return;
  await session.update((journal) => {
    const { [groupId]: _refused, ...others } = journal.resizes;
    return { ...journal, resizes: before === undefined ? others : { ...others, [groupId]: before } };
  });
}

async function conclude(answer: ResizeAnswer, groupId: string, context: StepContext): Promise<StepOutcome> {
  switch (answer.kind) {
    case "busy":
      context.notes.failedGroups.add(groupId);
      return { kind: "partial", failure: busyFailure(groupId, answer.message) };
    case "group-gone":
      context.notes.warnings.push(`${groupId} was deleted before it could be resized.`);
      return { kind: "done", detail: "deleted meanwhile" };
    case "accepted":
      await acceptResize(groupId, answer.updateId, context);
      return { kind: "done" };
  }
}

async function acceptResize(groupId: string, updateId: string | null, { session }: StepContext): Promise<void> {
  if (!session.hasCycle()) return;
  await session.update((journal) => noteResizeAccepted(journal, groupId, updateId));
}

/** EKS takes up to 64 characters; ids hold slashes and may be long, so the token is a plain join, cut from the left. */
function requestToken({ session, clock }: StepContext, groupId: string): string {
  const cycleId = session.cycleId();
  // Without a cycle nothing can be repeated under the same token, so the minute stands in for it.
  if (cycleId === null) return safe(`${Math.floor(clock.now() / 60_000)}-${groupId}`);
  return safe(`${cycleId}-${groupId}-${session.journal().resizes[groupId]?.sequence ?? 0}`);
}

function safe(text: string): string {
  return text.replace(/[^\w-]/g, "-").slice(-64);
}

function busyFailure(groupId: string, message: string): FailureInfo {
  return {
    code: "group-busy",
    message: `${groupId} stayed busy with another update until the time was over: ${message}`,
    remedy: "Wait until that update is finished (`aws eks list-updates`), then run again; the saved sizes are kept.",
  };
}
