import { clusterId, failureInfo, outOfReach, type Ports, type RunEvent } from "../ports/index.js";
import { acquireLease } from "./acquire-lease.js";
import { excludedFailure } from "./exclusion.js";
import { reachCluster } from "./reach-cluster.js";
import { parseReached, reachedAfter } from "./reached.js";
import { beginReport, type ReportBuilder } from "./report-builder.js";
import type { RunReport } from "./report.js";
import type { RunBudget, RunRequest } from "./request.js";
import { openSession, type Session } from "./session.js";

/**
 * Takes one cluster towards one state, whoever asks: lease -> observe -> decide -> save the snapshot -> plan -> step by step,
 * each noted durably, until done, blocked or out of budget (design §2). Never throws: every end is a report.
 *
 * Safe to call again at any time, also after a crash at any line: the next call observes, finds its marks and goes on,
 * with the same deadlines. Two calls at once: one works, the other reports `lease-held`.
 */
export async function executeRun(request: RunRequest, ports: Ports, budget: RunBudget): Promise<RunReport> {
  const report = beginReport(request, ports);
  const emit = emitter(request, ports);
  emit({
    kind: "run-started",
    message: `${request.desired === "hibernated" ? "hibernate" : "wake"}: ${request.reason}`,
  });
  const reached = await endReport(request, ports, budget, report);
  const ended = request.dryRun ? reached : await keepReport(reached, ports);
  for (const warning of ended.warnings) emit({ kind: "warning", message: warning });
  emit({ kind: "run-finished", message: ended.summary, data: endOf(ended) });
  return ended;
}

/** What programs count and sort runs by. */
function endOf({ desired, result, startedAt, finishedAt, failure }: RunReport): NonNullable<RunEvent["data"]> {
  return { desired, result, durationMs: finishedAt - startedAt, ...(failure && { code: failure.code }) };
}

async function endReport(
  request: RunRequest,
  ports: Ports,
  budget: RunBudget,
  report: ReportBuilder,
): Promise<RunReport> {
  const { cluster } = request;
  if (cluster.exclusion) return report.fail(excludedFailure(cluster.exclusion.reason));
  if (cluster.access.reach === "api-only") {
    return report.finish("blocked", { failure: outOfReach(cluster.identity.name) });
  }
  if (cluster.id !== clusterId(cluster.identity)) throw new Error("a cluster's id must be made from its identity");
  try {
    if (request.dryRun)
      return await reachCluster({ request, ports, budget, report, session: null, emit: emitter(request, ports) });
    return await runUnderLease(request, ports, budget, report);
  } catch (error) {
    return report.fail(failureInfo(error));
  }
}

async function runUnderLease(
  request: RunRequest,
  ports: Ports,
  budget: RunBudget,
  report: ReportBuilder,
): Promise<RunReport> {
  const emit = emitter(request, ports);
  const lease = await acquireLease(request, ports, budget, (message) =>
    emit({ kind: "step-progress", step: "lease", message }),
  );
  const session = openSession(lease, request.cluster.settings.leaseSeconds * 1000, ports);
  try {
    const ended = await reachCluster({ request, ports, budget, report, session, emit });
    return await remember(ended, session, ports);
  } catch (error) {
    return await remember(report.fail(failureInfo(error)), session, ports);
  } finally {
    await ports.store.releaseLease(lease).catch(() => undefined);
  }
}

/** Notes what was reached, fenced, for `status` and the next run. A store that fails now cannot undo it, so it only warns. */
async function remember(report: RunReport, session: Session, { store }: Ports): Promise<RunReport> {
  try {
    const before = parseReached((await store.readCluster(report.clusterId))?.reached ?? null);
    await store.saveReached(session.lease, { body: JSON.stringify(reachedAfter(report, before)) });
    return report;
  } catch (error) {
    return warn(report, `What was reached could not be stored: ${failureInfo(error).message}`);
  }
}

/** Every run leaves one report, also one that was refused before it had the lease. */
async function keepReport(report: RunReport, { store }: Ports): Promise<RunReport> {
  try {
    const { clusterId: id, reportId, finishedAt } = report;
    await store.addReport({ clusterId: id, reportId, finishedAt, body: JSON.stringify(report) });
    return report;
  } catch (error) {
    return warn(report, `The report could not be stored: ${failureInfo(error).message}`);
  }
}

function warn(report: RunReport, warning: string): RunReport {
  return { ...report, warnings: [...report.warnings, warning] };
}

function emitter({ cluster }: RunRequest, { progress, clock }: Ports) {
  return (event: Omit<RunEvent, "clusterId" | "at">) =>
    progress.emit({ clusterId: cluster.id, at: clock.now(), ...event });
}
