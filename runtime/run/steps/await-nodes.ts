import type { Step, WantedNodes } from "../../cycle/index.js";
import type { FailureInfo, GroupInstances } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { waitForCloud, waitOptions } from "../poll.js";
import { diagnose, judgeGroup, type GroupReadiness } from "./node-readiness.js";
import { failedResize } from "./resize-status.js";

/** A normal boot takes longer than half a minute. */
const HEALTH_AFTER_MS = 60_000;
/** Instances that are all in service are believed so long. */
const INSTANCES_FRESH_MS = 60_000;

/**
 * Waits until every group has its nodes and they have been usable for the settled time (safe-cycle W8, W9).
 * A group that cannot come up does not hold back the others: the outcome is then partial (W25). Only looks; repeating it is safe.
 */
export async function awaitNodesStep(
  step: Extract<Step, { kind: "await-nodes" }>,
  context: StepContext,
): Promise<StepOutcome> {
  const wanted = step.wanted.filter(({ group }) => !context.notes.failedGroups.has(group.id));
  const watch = startWatch(wanted, context);
  const end = await waitForCloud(() => watch.look(), waitOptions(context, context.settings.nodesReadyTimeoutSeconds));
  if (end === "yielded" || end === "cancelled") return { kind: end };
  if (end === "timed-out") watch.giveUp();
  return watch.conclude();
}

function startWatch(wanted: readonly WantedNodes[], context: StepContext) {
  const { clock, settings, notes } = context;
  const startedAt = clock.now();
  const failed = new Map<string, FailureInfo>();
  let readiness: readonly GroupReadiness[] = [];
  let usableSince: number | null = null;
  let healthAskedAt = startedAt;
  const wake = {
    firstInstanceMs: null as number | null,
    firstReadyNodeMs: null as number | null,
    allNodesUsableMs: null as number | null,
  };
  notes.wake = wake;
  const passed = () => clock.now() - startedAt;
  const pending = () => wanted.filter(({ group }) => !failed.has(group.id));
  const instances = instanceReader(context);

  async function look(): Promise<boolean> {
    readiness = await readReadiness(pending(), context, await instances.read(pending()));
    if (readiness.some((one) => one.inService > 0)) wake.firstInstanceMs ??= passed();
    if (readiness.some((one) => one.usable > 0)) wake.firstReadyNodeMs ??= passed();
    for (const one of readiness) if (one.failure) failed.set(one.groupId, one.failure);
    await askForHealth();
    const waiting = readiness.filter((one) => !failed.has(one.groupId) && one.usable < one.wanted);
    if (waiting.length > 0) {
      usableSince = null;
      context.tell(waiting.map((one) => `${one.groupId}: ${one.usable} of ${one.wanted} nodes usable`).join("; "));
      return false;
    }
    if (usableSince === null) context.tell("all nodes are usable; waiting whether they stay so");
    usableSince ??= clock.now();
    return clock.now() - usableSince >= settings.nodesStableSeconds * 1000;
  }

  /** Health issues cost a call per group, so they are asked for only when instances are late. */
  async function askForHealth(): Promise<void> {
    const late = readiness.filter((one) => one.inService < one.wanted && !failed.has(one.groupId));
    if (late.length === 0 || clock.now() - healthAskedAt < HEALTH_AFTER_MS) return;
    healthAskedAt = clock.now();
    const groups = await context.capacity.listGroups();
    for (const { groupId } of late) {
      const issues = groups.find((group) => group.id === groupId)?.healthIssues ?? [];
      const failure = issues.length > 0 ? unhealthy(groupId, issues) : await failedResize([groupId], context);
      if (failure) failed.set(groupId, failure);
    }
  }

  return {
    look,
    giveUp() {
      for (const one of readiness) {
        if (one.usable < one.wanted && !failed.has(one.groupId)) failed.set(one.groupId, diagnose(one));
      }
    },
    conclude(): StepOutcome {
      if (failed.size === 0) {
        wake.allNodesUsableMs = passed();
        return { kind: "done" };
      }
      return { kind: "partial", failure: together([...failed.values()]) };
    },
  };
}

/** Reads instances until all that are wanted are in service; from then on only now and then (aws.md §12). */
function instanceReader({ capacity, clock }: StepContext) {
  let seen: readonly GroupInstances[] = [];
  let completeAt: number | null = null;
  return {
    async read(wanted: readonly WantedNodes[]): Promise<readonly GroupInstances[]> {
      if (wanted.length === 0) return [];
      if (completeAt !== null && clock.now() - completeAt < INSTANCES_FRESH_MS) return seen;
      seen = await capacity.readInstances(wanted.map(({ group }) => group));
      completeAt = wanted.every((one) => isComplete(one, seen)) ? clock.now() : null;
      return seen;
    },
  };
}

function isComplete({ group, nodes }: WantedNodes, seen: readonly GroupInstances[]): boolean {
  const instances = seen.find(({ groupId }) => groupId === group.id)?.instances ?? [];
  return instances.filter(({ state }) => state === "InService").length >= nodes;
}

async function readReadiness(
  wanted: readonly WantedNodes[],
  context: StepContext,
  instances: readonly GroupInstances[],
): Promise<readonly GroupReadiness[]> {
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

function together(failures: readonly FailureInfo[]): FailureInfo {
  const [first, ...rest] = failures;
  if (!first) throw new Error("no failure to report");
  if (rest.length === 0) return first;
  return { ...first, message: failures.map((failure) => failure.message).join(" ") };
}
