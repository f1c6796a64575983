import type { AutoMode, FailureInfo, ResizeStatus, UpdateAnswer } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { waitOptions, waitUntil, type WaitEnd } from "../poll.js";

/** EKS says within a minute whether it can; whether the nodes are gone is asked of the API server, not of the update. */
const VERDICT_SECONDS = 60;

/**
 * Switches EKS Auto Mode's built-in pools off. That deletes their NodePools and begins to end their nodes, which is the
 * only lever there is: EKS lets nobody change these pools. Their names and role are in the journal before (safe-cycle H37).
 * Repeating it is safe.
 */
export async function autoModeOffStep(context: StepContext): Promise<StepOutcome> {
  const live = context.observation.cluster.autoMode;
  if (context.session.journal().autoMode === null || live === null || live.nodePools.length === 0)
    return { kind: "done", detail: "off already" };
  return switchTo({ nodePools: [], nodeRoleArn: null }, "off", context);
}

/**
 * Switches on again exactly the pools that were on. Pools that somebody switched meanwhile stay as they are and are
 * reported. No controller in the cluster has to be waited for (safe-cycle H37). Repeating it is safe.
 */
export async function autoModeOnStep(context: StepContext): Promise<StepOutcome> {
  const { session, capacity, notes } = context;
  const saved = session.hasCycle() ? session.journal().autoMode : null;
  if (saved === null) return { kind: "done", detail: "nothing to switch" };
  // Read anew: the run that switched them off may be this one.
  const { autoMode: live } = await capacity.describeCluster();
  if (live?.nodePools.length === 0) {
    const outcome = await switchTo(saved, "on", context);
    if (outcome.kind !== "done") return outcome;
  } else if (!isSame(live, saved)) {
    const now = live === null ? "EKS Auto Mode is off" : `they are ${live.nodePools.join(", ")}`;
    notes.drift.push(
      `The built-in pools ${saved.nodePools.join(", ")} were saved, but ${now} meanwhile; left as it is.`,
    );
  }
  await session.update((journal) => ({ ...journal, autoMode: null }));
  return { kind: "done", detail: saved.nodePools.join(", ") };
}

function isSame(live: AutoMode | null, saved: AutoMode): boolean {
  return live !== null && live.nodePools.toSorted().join() === saved.nodePools.toSorted().join();
}

async function switchTo(autoMode: AutoMode, word: "on" | "off", context: StepContext): Promise<StepOutcome> {
  const { session, capacity, settings } = context;
  const token = `${session.cycleId() ?? ""}-${word}-${session.journal().attempt?.startedAt ?? 0}`.slice(-64);
  const last: { answer: UpdateAnswer } = { answer: { kind: "busy", message: "" } };
  const end = await waitUntil(
    async () => {
      last.answer = await capacity.switchBuiltInPools(autoMode, token);
      if (last.answer.kind === "busy") context.tell("the cluster is busy with another update; waiting.");
      return last.answer.kind !== "busy";
    },
    waitOptions(context, settings.resizeTimeoutSeconds),
  );
  const { answer } = last;
  if (answer.kind === "busy") return notSent(end, answer.message);
  return answer.updateId === null ? { kind: "done" } : verdictOn(answer.updateId, word, context);
}

function notSent(end: WaitEnd, message: string): StepOutcome {
  if (end === "yielded" || end === "cancelled") return { kind: end };
  const failure: FailureInfo = {
    code: "group-busy",
    message: `The cluster stayed busy with another update until the time was over: ${message}`,
    remedy: "Wait until that update is finished (`aws eks list-updates`), then run again; the saved pools are kept.",
  };
  return { kind: "stopped", failure };
}

/** An update that is still in progress in the end is EKS's to finish. */
async function verdictOn(updateId: string, word: string, context: StepContext): Promise<StepOutcome> {
  const last: { status: ResizeStatus } = { status: { kind: "in-progress" } };
  await waitUntil(
    async () => {
      last.status = await context.capacity.switchStatus(updateId);
      return last.status.kind !== "in-progress";
    },
    waitOptions(context, VERDICT_SECONDS),
  );
  if (last.status.kind !== "failed") return { kind: "done" };
  const failure: FailureInfo = {
    code: "resize-failed",
    message: `EKS could not switch the built-in pools ${word}: ${last.status.message}`,
    remedy: "Repair what it names, then run again; the saved pools are kept.",
  };
  return { kind: "stopped", failure };
}
