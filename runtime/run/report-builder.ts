import type { Decision, Observation, Plan } from "../cycle/index.js";
import type { FailureInfo, Ports } from "../ports/index.js";
import type { DesiredState } from "../schedule/index.js";
import type { RunNotes } from "./context.js";
import {
  isBlocking,
  plannedStep,
  summarise,
  type GroupReport,
  type RunReport,
  type RunResult,
  type StepReport,
} from "./report.js";
import type { RunRequest } from "./request.js";
import { wakeBudgets } from "./wake-marks.js";

/** Collects what a run finds out; one per run. */
export interface ReportBuilder {
  readonly notes: RunNotes;
  decided(decision: Decision): void;
  observed(observation: Observation): void;
  planned(plan: Plan): void;
  stepStarted(index: number): void;
  stepFinished(index: number, outcome: StepReport["outcome"], detail?: string): void;
  cycle(cycleId: string | null): void;
  /** Ends the report; `reached` is the state that this run can vouch for. */
  finish(
    result: RunResult,
    options?: { readonly failure?: FailureInfo; readonly reached?: DesiredState | null },
  ): RunReport;
  /** Ends the report by a failure: blocked or failed, by its code. */
  fail(failure: FailureInfo): RunReport;
}

/** Starts a report. */
export function beginReport(request: RunRequest, { clock, random }: Pick<Ports, "clock" | "random">): ReportBuilder {
  const startedAt = clock.now();
  const reportId = random.id();
  const notes = emptyNotes();
  let decision: Decision | null = null;
  let groups: readonly GroupReport[] = [];
  let steps: StepReport[] = [];
  let sizes: readonly (Pick<GroupReport, "id" | "after"> | null)[] = [];
  let cycleId: string | null = null;

  /** What was asked for and accepted; in a dry run, what would be. */
  const noteSize = (size: (typeof sizes)[number] | undefined) => {
    groups = groups.map((group) => (group.id === size?.id ? { ...group, after: size.after } : group));
  };

  const finish: ReportBuilder["finish"] = (result, { failure, reached = null } = {}) => {
    const report: Omit<RunReport, "summary"> = {
      version: 1,
      reportId,
      operationId: request.operationId,
      clusterId: request.cluster.id,
      cycleId,
      origin: request.origin,
      desired: request.desired,
      requestReason: request.reason,
      action: decision?.action ?? null,
      decisionReason: decision && decision.action !== "stop" ? decision.reason : "",
      result,
      reached,
      startedAt,
      finishedAt: clock.now(),
      steps,
      groups,
      drain: notes.drain,
      wake: notes.wake,
      wakeBudgets: notes.wake === null ? null : wakeBudgets(request.cluster.settings),
      drift: notes.drift,
      warnings: notes.warnings,
      ...(notes.relaxedWebhooks.length > 0 ? { relaxedWebhooks: notes.relaxedWebhooks } : {}),
      failure: failure ?? null,
    };
    return { ...report, summary: summarise(report) };
  };

  return {
    notes,
    decided(made) {
      decision = made;
      if (made.action !== "stop") notes.drift.push(...made.notes);
    },
    observed(observation) {
      groups = observation.groups.map((group) => ({ id: group.id, before: group.size, after: null }));
    },
    planned(plan) {
      steps = plan.map((step) => plannedStep(step, request.dryRun ? "planned" : "not-reached"));
      sizes = plan.map((step) => (step.kind === "resize" ? { id: step.group.id, after: step.target } : null));
      if (request.dryRun) for (const size of sizes) noteSize(size);
    },
    stepStarted(index) {
      steps = steps.map((step, at) => (at === index ? { ...step, startedAt: clock.now() } : step));
    },
    stepFinished(index, outcome, detail) {
      const end = { outcome, finishedAt: clock.now(), ...(detail === undefined ? {} : { detail }) };
      steps = steps.map((step, at) => (at === index ? { ...step, ...end } : step));
      if (outcome === "done") noteSize(sizes[index]);
    },
    cycle(id) {
      cycleId = id;
    },
    finish,
    fail: (failure) => finish(isBlocking(failure) ? "blocked" : "failed", { failure }),
  };
}

function emptyNotes(): RunNotes {
  return {
    warnings: [],
    drift: [],
    failedGroups: new Set(),
    deferred: new Set(),
    relaxedWebhooks: [],
    drain: null,
    wake: null,
  };
}
