import type { DrainContext } from "./context.js";
import { silentNodes } from "./instances.js";
import { outcomeOf, POD_OUTCOMES, type PodOutcome } from "./outcome.js";
import { podId } from "./pod-kind.js";
import { reasonFor, type ReasonContext } from "./reasons.js";
import { stageOf, type Answer, type PodRecord } from "./record.js";
import type { DrainState } from "./state.js";
import { compareText } from "./wording.js";

/** One pod (safe-cycle 65). */
export interface PodReport {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  /** `Kind/name` of its controller; null when it has none. */
  readonly owner: string | null;
  readonly verdict: PodRecord["verdict"]["disposition"];
  readonly outcome: PodOutcome;
  readonly reason: string | null;
  readonly attempts: number;
  readonly lastAnswer: Answer | null;
  readonly budgets: readonly {
    readonly name: string;
    readonly needs: number;
    readonly has: number;
    readonly allows: number;
  }[];
  readonly forcedGraceSeconds: number | null;
  /** From the first call for it to its acceptance, and from there to its end; null when it did not come to that. */
  readonly acceptedAfterMs: number | null;
  readonly goneAfterMs: number | null;
}

/**
 * Every pod as it stands at `now`, but for those that are left to a later drain: what needs a person first, then by namespace
 * and name, so that two runs compare.
 */
export function reportPods({ state, request, deadlineAt }: DrainContext, now: number): readonly PodReport[] {
  const context = { now, deadlineAt, silentNodes: silentNodes(state.nodes.values(), state.instances) };
  const records = [...state.records.values()].filter(({ pod }) => request.isSpared?.(pod) !== true);
  return records.map((record) => reportPod(record, state, context)).sort(byUrgency);
}

function reportPod(record: PodRecord, state: DrainState, context: ReasonContext): PodReport {
  const { pod, verdict, budgets, firstAttemptAt, acceptedAt, goneAt } = record;
  const stage = stageOf(record, { ...state, now: context.now });
  return {
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    node: pod.nodeName,
    owner: pod.controller === null ? null : `${pod.controller.kind}/${pod.controller.name}`,
    verdict: verdict.disposition,
    outcome: outcomeOf(record, stage, state.owners),
    reason: reasonFor(record, stage, context),
    attempts: record.attempts,
    lastAnswer: record.lastAnswer,
    budgets: budgets.map((budget) => ({
      name: budget.name,
      needs: budget.desiredHealthy,
      has: budget.currentHealthy,
      allows: budget.disruptionsAllowed,
    })),
    forcedGraceSeconds: record.forcedGraceSeconds,
    acceptedAfterMs: span(firstAttemptAt, acceptedAt),
    goneAfterMs: span(acceptedAt, goneAt),
  };
}

function span(fromAt: number | null, toAt: number | null): number | null {
  return fromAt === null || toAt === null ? null : Math.max(0, toAt - fromAt);
}

function byUrgency(a: PodReport, b: PodReport): number {
  const urgency = POD_OUTCOMES.indexOf(a.outcome) - POD_OUTCOMES.indexOf(b.outcome);
  return urgency || compareText(podId(a), podId(b)) || compareText(a.uid, b.uid);
}

/** How many pods came to each outcome, all outcomes named. */
export function countOutcomes(pods: readonly PodReport[]): Readonly<Record<PodOutcome, number>> {
  const count = (outcome: PodOutcome) => pods.filter((pod) => pod.outcome === outcome).length;
  return Object.fromEntries(POD_OUTCOMES.map((outcome) => [outcome, count(outcome)])) as Record<PodOutcome, number>;
}
