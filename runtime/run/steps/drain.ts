import { beginDrain, drainClock, groupOf, noteCordoned, noteScaledOwner, settledCordons } from "../../cycle/index.js";
import { drain, type DrainHooks, type DrainReport } from "../../drain/index.js";
import type { FailureInfo, GroupInstances, NodeFacts, PodFacts } from "../../ports/index.js";
import type { StepContext, StepOutcome } from "../context.js";
import { joinDrains } from "../join-drains.js";

/** Cordons and drains the nodes of every group in the snapshot. */
export function drainStep(context: StepContext): Promise<StepOutcome> {
  return drainNodes(trackMembership(context), context);
}

/** Which nodes are to become empty, but for the pods that are spared. `refresh` is called every few seconds. */
export interface Membership {
  readonly isTarget: (node: NodeFacts) => boolean;
  readonly isSpared?: (pod: PodFacts) => boolean;
  readonly refresh: () => Promise<void>;
}

/**
 * Cordons and drains nodes. What it changes is in the journal before it is changed; repeating it, for the same nodes or
 * for others of the same attempt, continues the same deadline (safe-cycle 57).
 */
export async function drainNodes(membership: Membership, context: StepContext): Promise<StepOutcome> {
  const { clock, session, settings, snapshot } = context;
  await session.update((journal) => beginDrain(journal, clock.now()));
  const hooks: DrainHooks = {
    beforeCordon: (names, alreadyExcluded) =>
      session.update((journal) => noteCordoned(journal, names, alreadyExcluded)),
    beforeScaleOwner: (owner) => session.update((journal) => noteScaledOwner(journal, owner)),
    keepAlive: async () => {
      await session.heartbeat();
      await membership.refresh();
    },
    progress: ({ sentence, ...counts }) => context.tell(sentence, counts),
  };
  const journal = session.journal();
  const report = await drain(
    {
      settings: settings.drain,
      isTarget: membership.isTarget,
      ...(membership.isSpared && { isSpared: membership.isSpared }),
      cordonedBefore: new Set(snapshot?.cordonedNodes ?? []),
      cordonedByUs: new Set(journal.cordonedByUs),
      settledCordons: settledCordons(journal),
      startedAt: drainClock(journal, settings.drain.timeoutSeconds * 1000) ?? clock.now(),
      instanceStates: (ids) => context.capacity.instanceStates(ids),
    },
    context,
    hooks,
    context.budget,
  );
  context.notes.warnings.push(...report.notes);
  context.notes.drain = joinDrains(context.notes.drain, report);
  return judge(report);
}

/**
 * Tells which nodes belong to the groups. A node of a self-managed group is known by its instance only, so a
 * node that appears mid-drain makes one more read of the instances (safe-cycle 20).
 */
export function trackMembership(context: StepContext): Membership {
  const { capacity, observation, snapshot } = context;
  const saved = new Set(snapshot?.groups.map((group) => group.id));
  const groups = observation.groups.filter((group) => saved.has(group.id));
  let instances: readonly GroupInstances[] = observation.instances;
  const belongs = (node: NodeFacts) => {
    const id = groupOf(node, groups, instances);
    return id !== undefined && saved.has(id);
  };
  const strangers = new Set(observation.nodes.filter((node) => !belongs(node)).map((node) => node.name));
  const unknown = new Set<string>();
  return {
    isTarget: (node: NodeFacts): boolean => {
      if (belongs(node)) return true;
      if (!strangers.has(node.name)) unknown.add(node.name);
      return false;
    },
    async refresh(): Promise<void> {
      if (unknown.size === 0) return;
      const names = [...unknown];
      instances = await capacity.readInstances(groups);
      // Whoever is still nobody's after this read is a stranger: it is not asked about again.
      for (const name of names) strangers.add(name);
      unknown.clear();
    },
  };
}

function judge(report: DrainReport): StepOutcome {
  switch (report.outcome) {
    case "drained":
    case "drained-with-force":
      return { kind: "done", detail: report.sentence };
    case "yielded":
      return { kind: "yielded" };
    case "cancelled":
      return { kind: "cancelled" };
    case "refused":
      return { kind: "stopped", failure: refusedFailure(report.sentence) };
    case "blocked":
    case "partial":
      return { kind: "stopped", failure: blockedFailure(report.sentence) };
  }
}

/** Pods that may not be evicted at all without an opt-in (safe-cycle 3, 8, 9). */
export function refusedFailure(sentence: string): FailureInfo {
  return {
    code: "pods-refused",
    message: sentence,
    remedy:
      "Move these pods, or allow it for this cluster with settings.drain.deleteEmptyDirData, deleteUnmanagedPods or overrideProtection.",
  };
}

function blockedFailure(sentence: string): FailureInfo {
  return {
    code: "drain-blocked",
    message: sentence,
    remedy:
      "Give the budget room, raise settings.drain.timeoutSeconds, or declare what may happen at the deadline with settings.drain.policy (scale-owners, force-at-deadline).",
  };
}
