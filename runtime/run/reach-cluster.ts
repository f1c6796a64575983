import {
  beginAttempt,
  decide,
  endAttempt,
  hasScaledDown,
  planFor,
  type Decision,
  type Plan,
  type Snapshot,
  type Step,
  type Wish,
} from "../cycle/index.js";
import type { CycleRecord, FailureInfo, Ports, RunEvent } from "../ports/index.js";
import { carryOut, type PlanEnd } from "./carry-out.js";
import type { StepContext } from "./context.js";
import { excludedByTags } from "./exclusion.js";
import { observeCluster, type ObservedCluster } from "./observe.js";
import { preflight } from "./preflight.js";
import type { ReportBuilder } from "./report-builder.js";
import type { RunReport } from "./report.js";
import type { RunBudget, RunRequest } from "./request.js";
import { makeSnapshot, saveSnapshot } from "./save-snapshot.js";
import { leaseLost, type Session } from "./session.js";
import { undoHibernate } from "./undo.js";

/** One run's belongings. `session` is null for a dry run. */
export interface RunScope {
  readonly request: RunRequest;
  readonly ports: Ports;
  readonly budget: RunBudget;
  readonly report: ReportBuilder;
  readonly session: Session | null;
  readonly emit: (event: Omit<RunEvent, "clusterId" | "at">) => void;
}

type LeasedScope = RunScope & { readonly session: Session };

/** Observes, decides and acts. Throws `Failure`s of the adapters and the store. */
export async function reachCluster(scope: RunScope): Promise<RunReport> {
  const { request, ports, report } = scope;
  const record = await readRecord(scope);
  const cluster = await observeCluster(request.cluster, ports.connector, record);
  try {
    report.observed(cluster.observation);
    report.cycle(record?.cycleId ?? null);
    const exclusion = excludedByTags(request.cluster.exclusionsByTag, cluster.observation.cluster.tags);
    if (exclusion) return report.fail(exclusion);
    const wish = wishOf(request);
    const decision = decide(wish, cluster.observation);
    report.decided(decision);
    if (decision.action === "stop") return report.fail(decision.failure);
    if (decision.action === "nothing") return report.finish("nothing-to-do", { reached: decision.state });
    if (scope.session === null) return await rehearse(decision, wish, cluster, scope);
    if (record) scope.session.adopt(record);
    return await act(decision, wish, cluster, { ...scope, session: scope.session });
  } finally {
    await cluster.kubernetes.close();
  }
}

function wishOf({ desired, origin, minNodes = 0, forget = false }: RunRequest): Wish {
  return { desired, origin, minNodes, forget };
}

/** Reads the open cycle; sets it aside, unread, when a person asked for that. */
async function readRecord({ request, ports, report, session }: RunScope): Promise<CycleRecord | undefined> {
  const record = await ports.store.readCycle(request.cluster.id);
  if (record === undefined || !request.forget || request.desired !== "running" || session === null) return record;
  const answer = await ports.store.retireCycle(session.lease, record.cycleId, ports.clock.now());
  if (answer === "fenced") throw leaseLost();
  report.notes.warnings.push(
    `The record of cycle ${record.cycleId} was set aside, as asked; it stays among the retired ones.`,
  );
  return undefined;
}

/** A dry run: everything up to the plan. */
async function rehearse(
  decision: Decision,
  wish: Wish,
  cluster: ObservedCluster,
  { request, ports, report }: RunScope,
): Promise<RunReport> {
  const { observation } = cluster;
  if (decision.action === "hibernate" && !decision.isResume) {
    const failure = await preflight(request.cluster, cluster, ports, report.notes);
    if (failure) return report.finish("blocked", { failure });
  }
  const isFresh = decision.action === "hibernate" && !decision.isResume;
  const snapshot = isFresh ? await makeSnapshot(cluster, ports.clock.now()) : (observation.cycle?.snapshot ?? null);
  report.planned(planFor(decision, wish, observation, snapshot));
  return report.finish("planned");
}

async function act(
  decision: Exclude<Decision, { action: "nothing" | "stop" }>,
  wish: Wish,
  cluster: ObservedCluster,
  scope: LeasedScope,
): Promise<RunReport> {
  const { ports, session, report } = scope;
  let snapshot: Snapshot | null = cluster.observation.cycle?.snapshot ?? null;
  if (decision.action === "hibernate" && !decision.isResume) {
    const failure = await preflight(scope.request.cluster, cluster, ports, report.notes);
    if (failure) return report.finish("blocked", { failure });
    snapshot = await openFreshCycle(cluster, scope);
  } else if (decision.action !== "wake-to-minimum") {
    const phase = decision.action === "hibernate" ? "hibernating" : "waking";
    await session.update((journal) => beginAttempt(journal, phase, ports.clock.now()));
  }
  report.cycle(session.cycleId());
  const plan = planFor(decision, wish, cluster.observation, snapshot);
  report.planned(plan);
  return decision.action === "hibernate"
    ? hibernate(plan, snapshot, cluster, scope)
    : wake(plan, snapshot, cluster, scope);
}

/** Retires a hibernate that was taken back, then saves what is true now. */
async function openFreshCycle(cluster: ObservedCluster, { session, ports }: LeasedScope): Promise<Snapshot> {
  await session.retire();
  const snapshot = await makeSnapshot(cluster, ports.clock.now());
  await saveSnapshot(snapshot, session, ports);
  return snapshot;
}

async function hibernate(
  plan: Plan,
  snapshot: Snapshot | null,
  cluster: ObservedCluster,
  scope: LeasedScope,
): Promise<RunReport> {
  const { session, report } = scope;
  const context = contextMaker(snapshot, cluster, scope);
  const end = await carryOut(plan, context, report, scope.emit);
  switch (end.kind) {
    case "done":
      await session.update((journal) => endAttempt(journal, "hibernated"));
      return report.finish("completed", { reached: "hibernated" });
    case "yielded":
      return report.finish("yielded");
    case "partial":
      // Every group refused: nothing has gone to zero, so this is a hibernate that stopped.
      if (!hasScaledDown(session.journal())) return takeBack(end.failure, context(null), report);
      await session.update((journal) => endAttempt(journal));
      return report.finish("partial", { failure: end.failure });
    case "stopped":
      return takeBack(end.failure, context(null), report);
    case "cancelled":
      return takeBack(CANCELLED, context(null), report);
  }
}

async function takeBack(failure: FailureInfo, context: StepContext, report: ReportBuilder): Promise<RunReport> {
  const undone = await undoHibernate(context);
  return { ...report.fail(failure), reached: undone === "undone" ? "running" : null };
}

async function wake(
  plan: Plan,
  snapshot: Snapshot | null,
  cluster: ObservedCluster,
  scope: LeasedScope,
): Promise<RunReport> {
  const { session, report } = scope;
  const end: PlanEnd = await carryOut(plan, contextMaker(snapshot, cluster, scope), report, scope.emit);
  if (end.kind === "done") {
    await session.retire();
    return report.finish("completed", { reached: "running" });
  }
  if (end.kind === "yielded") return report.finish("yielded");
  if (session.hasCycle()) await session.update((journal) => endAttempt(journal));
  if (end.kind === "partial") return report.finish("partial", { failure: end.failure });
  return report.fail(end.kind === "stopped" ? end.failure : CANCELLED);
}

function contextMaker(
  snapshot: Snapshot | null,
  cluster: ObservedCluster,
  scope: LeasedScope,
): (step: Step | null) => StepContext {
  const { ports, request, session, budget, report } = scope;
  const { settings } = request.cluster;
  const startedAt = session.hasCycle()
    ? (session.journal().attempt?.startedAt ?? ports.clock.now())
    : ports.clock.now();
  return (step) => ({
    clock: ports.clock,
    random: ports.random,
    settings,
    capacity: cluster.capacity,
    kubernetes: cluster.kubernetes,
    observation: cluster.observation,
    snapshot,
    session,
    budget,
    attemptDeadlineAt: startedAt + settings.runTimeoutSeconds * 1000,
    notes: report.notes,
    tell: (message, data) =>
      scope.emit({ kind: "step-progress", step: step?.id ?? "undo", message, ...(data === undefined ? {} : { data }) }),
  });
}

const CANCELLED: FailureInfo = {
  code: "cancelled",
  message: "The run was cancelled and stopped at a safe point.",
  remedy: "Run again to go on; the saved sizes are kept.",
};
