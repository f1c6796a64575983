import type { Step, WantedNodes } from "../../cycle/index.js";
import type { FailureInfo, NodeGroup } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { closeWaitOptions, waitForCloud, waitOptions } from "../poll.js";
import { markWake, startMarks, wakeStartedAt } from "../wake-marks.js";
import { explainUnready } from "./explain-nodes.js";
import { instanceReader } from "./instance-reader.js";
import { judgeGroup, type GroupReadiness } from "./node-readiness.js";
import { failedResize } from "./resize-status.js";

/** A normal boot takes longer than half a minute. */
const HEALTH_AFTER_MS = 60_000;
/** Events say whole seconds of the API server's clock. */
const CLOCK_SKEW_MS = 5_000;

/**
 * Waits until every group has its nodes and they have been usable for the settled time (safe-cycle W8, W9).
 * A group that cannot come up does not hold back the others: the outcome is then partial (W25). Of the first stage at least
 * one node must come, else the wake stops before anything more is spent (W6). Only looks; repeating it is safe.
 */
export async function awaitNodesStep(
  step: Extract<Step, { kind: "await-nodes" }>,
  context: StepContext,
): Promise<StepOutcome> {
  const wanted = step.wanted.filter(({ group }) => !context.notes.failedGroups.has(group.id));
  if (step.isFirstStage && wanted.length === 0 && step.wanted.length > 0) return nothingCame(context);
  const watch = startWatch(wanted, step, context);
  // Everything else waits for the first nodes, which a warm pool has within a second: that is worth one more look.
  const optionsOf = step.isFirstStage ? closeWaitOptions : waitOptions;
  const options = optionsOf(context, context.settings.nodesReadyTimeoutSeconds);
  const end = await waitForCloud(() => watch.look(), { ...options, dueAt: watch.stableAt });
  if (end === "yielded" || end === "cancelled") return { kind: end };
  if (end === "timed-out") await watch.giveUp();
  return watch.conclude();
}

function startWatch(
  wanted: readonly WantedNodes[],
  { isFirstStage }: Pick<Extract<Step, { kind: "await-nodes" }>, "isFirstStage">,
  context: StepContext,
) {
  const { clock, settings } = context;
  const startedAt = clock.now();
  const failed = new Map<string, FailureInfo>();
  const stableMs = isFirstStage ? 0 : settings.nodesStableSeconds * 1000;
  let readiness: readonly GroupReadiness[] = [];
  let usableSince: number | null = null;
  let healthAskedAt = startedAt;
  startMarks(context);
  const pending = () => wanted.filter(({ group }) => !failed.has(group.id));
  const waiting = () => readiness.filter((one) => !failed.has(one.groupId) && one.usable < one.wanted);
  const instances = instanceReader(context);

  async function look(): Promise<boolean> {
    readiness = await readReadiness(pending(), context, instances);
    if (readiness.some((one) => one.inService > 0)) markWake("firstInstanceMs", context);
    if (readiness.some((one) => one.usable > 0)) markWake("firstReadyNodeMs", context);
    for (const one of readiness) if (one.failure) failed.set(one.groupId, one.failure);
    await askWhy();
    if (waiting().length > 0) {
      usableSince = null;
      context.tell(
        waiting()
          .map((one) => `${one.groupId}: ${one.usable} of ${one.wanted} nodes usable`)
          .join("; "),
      );
      return false;
    }
    if (usableSince === null) context.tell("all nodes are usable; waiting whether they stay so");
    usableSince ??= clock.now();
    return clock.now() - usableSince >= stableMs;
  }

  /** Asking costs calls, so it is done only when nodes are late, and then once a minute. */
  async function askWhy(): Promise<void> {
    if (waiting().length === 0 || clock.now() - healthAskedAt < HEALTH_AFTER_MS) return;
    healthAskedAt = clock.now();
    await askForHealth(waiting().filter((one) => one.inService < one.wanted));
    if (readiness.some((one) => one.usable > 0)) return;
    // Not one node is Ready, so no backend of any webhook can be running either: what is refused now stays refused.
    const explained = await explainUnready(waiting().filter(isUp), context, wakeStartedAt(context) - CLOCK_SKEW_MS);
    for (const { groupId, failure, isRefused } of explained) if (isRefused) failed.set(groupId, failure);
  }

  async function askForHealth(late: readonly GroupReadiness[]): Promise<void> {
    if (late.length === 0) return;
    const groups = await context.capacity.listGroups();
    for (const { groupId } of late) {
      const group = groups.find(({ id }) => id === groupId);
      const issues = group === undefined ? [] : await launchIssues(group, context);
      const failure = issues.length > 0 ? unhealthy(groupId, issues) : await failedResize([groupId], context);
      if (failure) failed.set(groupId, failure);
    }
  }

  return {
    look,
    /** When they will have been usable long enough; null while some are not. */
    stableAt: () => (usableSince === null ? null : usableSince + stableMs),
    async giveUp() {
      for (const { groupId, failure } of await explainUnready(waiting(), context, 0)) failed.set(groupId, failure);
    },
    conclude(): StepOutcome {
      if (failed.size === 0) {
        if (!isFirstStage) markWake("allNodesUsableMs", context);
        return { kind: "done" };
      }
      const isNothingThere = readiness.every((one) => one.usable === 0);
      return { kind: isFirstStage && isNothingThere ? "stopped" : "partial", failure: together([...failed.values()]) };
    },
  };
}

/** EKS says it of its groups; of the others only the Auto Scaling activity does (safe-cycle W8, S47). */
async function launchIssues(group: NodeGroup, context: StepContext): Promise<readonly string[]> {
  if (group.kind === "managed") return group.healthIssues;
  const activities = await context.capacity.scalingActivities(group);
  const since = wakeStartedAt(context) - CLOCK_SKEW_MS;
  const failed = activities.filter(({ at, state }) => state === "failed" && at >= since);
  return [...new Set(failed.map(({ message }) => message))];
}

/** Its instances are there, so what is missing is on the nodes' side. */
function isUp({ inService, wanted }: GroupReadiness): boolean {
  return inService >= wanted;
}

async function readReadiness(
  wanted: readonly WantedNodes[],
  context: StepContext,
  reader: ReturnType<typeof instanceReader>,
): Promise<readonly GroupReadiness[]> {
  const instances = await reader.read(wanted);
  const isAnyUp = instances.some((seen) => seen.instances.some((instance) => instance.state === "InService"));
  // Asking the API server before the first instance is up would only be answered with nothing.
  const nodes = isAnyUp ? await context.kubernetes.listNodes() : [];
  const ours = context.session.hasCycle() ? context.session.journal().cordonedByUs : [];
  const mayBeCordoned = new Set([...ours, ...(context.snapshot?.cordonedNodes ?? [])]);
  return wanted.map((one) =>
    judgeGroup(
      one,
      instances.find((seen) => seen.groupId === one.group.id),
      nodes,
      mayBeCordoned,
    ),
  );
}

function unhealthy(groupId: string, issues: readonly string[]): FailureInfo {
  return {
    code: "group-unhealthy",
    message: `${groupId} cannot launch its nodes: ${issues.join("; ")}.`,
    remedy:
      "Repair what EKS names (quota, free addresses, launch template), then wake again: only this group is retried.",
  };
}

/** Every resize of the first stage was refused; the refusals are in the report of their steps. */
function nothingCame({ notes }: StepContext): StepOutcome {
  return {
    kind: "stopped",
    failure: {
      code: "resize-failed",
      message: `None of the groups that hold the cluster's own services could be resized: ${[...notes.failedGroups].join(", ")}.`,
      remedy: "Repair what the resize steps name, then wake again; nothing more was started.",
    },
  };
}

function together(failures: readonly FailureInfo[]): FailureInfo {
  const [first, ...rest] = failures;
  if (!first) throw new Error("no failure to report");
  if (rest.length === 0) return first;
  return { ...first, message: failures.map((failure) => failure.message).join(" ") };
}
