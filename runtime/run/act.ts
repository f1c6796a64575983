import {
  beginAttempt,
  endAttempt,
  hasScaledDown,
  noteAmendments,
  noteHoldings,
  openJournal,
  planFor,
  type Decision,
  type Plan,
  type Snapshot,
  type Step,
  type Wish,
} from "../cycle/index.js";
import type { FailureInfo } from "../ports/index.js";
import { carryOut, type PlanEnd } from "./carry-out.js";
import type { StepContext } from "./context.js";
import type { ObservedCluster } from "./observe.js";
import { findAmendments, makeOpening, openCycle } from "./opening.js";
import { preflight } from "./preflight.js";
import type { ReportBuilder } from "./report-builder.js";
import type { RunReport } from "./report.js";
import type { RunScope } from "./scope.js";
import type { Session } from "./session.js";
import { undoHibernate } from "./undo.js";
import { findWakeFacts } from "./wake-facts.js";
import { workloadLooks } from "./workload-looks.js";

type LeasedScope = RunScope & { readonly session: Session };
type Act = Exclude<Decision, { action: "nothing" | "stop" }>;

/** Carries a decision out under the lease: opens or continues the cycle, plans, performs. */
export async function act(decision: Act, wish: Wish, cluster: ObservedCluster, scope: LeasedScope): Promise<RunReport> {
  const { ports, session, report } = scope;
  const { observation } = cluster;
  let snapshot: Snapshot | null = observation.cycle?.snapshot ?? null;
  if (decision.action === "hibernate" && !decision.isResume) {
    const failure = await preflight(scope.request.cluster, cluster, ports, report.notes);
    if (failure) return report.finish("blocked", { failure, reached: "running" });
    snapshot = await openFreshCycle(cluster, scope);
  } else if (decision.action !== "wake-to-minimum") {
    await continueCycle(decision.action, cluster, scope);
  }
  report.cycle(session.cycleId());
  const journal = session.hasCycle() ? session.journal() : openJournal(ports.clock.now());
  const { settings } = scope.request.cluster;
  const coming = { settings, snapshot, journal, notes: report.notes };
  const wakeFacts = decision.action === "wake" ? await findWakeFacts(coming, cluster.kubernetes) : null;
  const plan = planFor(decision, { wish, observation, snapshot, journal, settings, wake: wakeFacts });
  report.planned(plan);
  return decision.action === "hibernate"
    ? hibernate(plan, snapshot, cluster, scope)
    : wake(plan, snapshot, cluster, scope);
}

/** Retires a hibernate that was taken back, then saves what is true now. */
async function openFreshCycle(
  cluster: ObservedCluster,
  { session, ports, request, report }: LeasedScope,
): Promise<Snapshot> {
  await session.retire();
  const opening = await makeOpening(request.cluster.settings, cluster, ports.clock.now(), report.notes);
  await openCycle(opening, session, ports);
  return opening.snapshot;
}

/** Goes on in the open cycle. What appeared since it was opened is held still as well: a CronJob made at midnight. */
async function continueCycle(
  action: "hibernate" | "wake",
  cluster: ObservedCluster,
  { session, ports, request, report }: LeasedScope,
): Promise<void> {
  const phase = action === "hibernate" ? "hibernating" : "waking";
  const found = action === "hibernate" ? await findAmendments(request.cluster.settings, cluster, report.notes) : [];
  const { settings } = request.cluster;
  await session.update((journal) => {
    const begun = noteAmendments(beginAttempt(journal, phase, ports.clock.now()), found);
    return action === "hibernate" ? noteHoldings(begun, cluster.observation, settings) : begun;
  });
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
    // Only now: as long as anything is missing, the record stays for the next run (safe-cycle W24).
    await session.retire();
    return report.finish("completed", { reached: "running" });
  }
  if (end.kind === "yielded") return report.finish("yielded");
  if (session.hasCycle()) await session.update((journal) => endAttempt(journal));
  if (end.kind === "partial")
    return report.finish("partial", { failure: end.failure, reached: reachedPartly(end.failure) });
  return report.fail(end.kind === "stopped" ? end.failure : CANCELLED);
}

/** With nothing but webhooks left to give back the cluster runs; the cycle stays open, so the next run tries again (safe-cycle W15). */
function reachedPartly({ code }: FailureInfo): "running" | null {
  return code === "webhooks-relaxed" ? "running" : null;
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
  const workloads = workloadLooks(cluster.kubernetes, ports.clock);
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
    workloads,
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
