import type { ScalableOwner } from "../ports/index.js";

import type { DrainContext } from "./context.js";
import type { Ending } from "./ending.js";
import { outcomeOf, POD_OUTCOMES, type PodOutcome } from "./outcome.js";
import { podId } from "./pod-kind.js";
import { reasonFor } from "./reasons.js";
import { stageOf, type Answer, type PodRecord } from "./record.js";
import { reportNodes, type NodeReport } from "./report-nodes.js";
import { sentenceOf } from "./sentence.js";
import type { Counters } from "./state.js";
import { mergeWarnings, type WarningReport } from "./warnings.js";
import { compareText } from "./wording.js";

/** A drain's end, as plain JSON-able data; instants are epoch ms. */
export interface DrainReport {
  readonly outcome: Ending | "drained-with-force";
  /** The whole result in one sentence for a person. */
  readonly sentence: string;
  /** The cycle's first drain step, this process's beginning and end, and the deadline. */
  readonly startedAt: number;
  readonly begunAt: number;
  readonly finishedAt: number;
  readonly deadlineAt: number;
  /** What needs a person first, then by namespace and name; at most 200 (safe-cycle 66). */
  readonly pods: readonly PodReport[];
  /** How many more pods there were. */
  readonly podsCut: number;
  /** All pods, those cut included. */
  readonly counts: Readonly<Record<PodOutcome, number>>;
  readonly nodes: readonly NodeReport[];
  readonly warnings: readonly WarningReport[];
  /** `namespace/name` of every pod that was deleted past its budget or mark, and of every pod that nothing recreates. */
  readonly forced: readonly string[];
  readonly lost: readonly string[];
  /** Owners scaled to 0, with the replicas that they had. */
  readonly scaledOwners: readonly ScalableOwner[];
  readonly calls: Readonly<Omit<Counters, "answers">>;
  /** Answers to evictions and deletions, counted apart by kind. */
  readonly answers: Readonly<Record<string, number>>;
}

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

const MAX_PODS = 200;

/** The report of a drain that ended with `ending` now. */
export function buildReport(context: DrainContext, ending: Ending): DrainReport {
  const { request, state, ports, begunAt, deadlineAt } = context;
  const now = ports.clock.now();
  const records = [...state.records.values()];
  const pods = records.map((record) => reportPod(record, context, now)).sort(byUrgency);
  const forced = namesOf(records.filter(({ forcedGraceSeconds }) => forcedGraceSeconds !== null));
  const lost = namesOf(records.filter(({ verdict, acceptedAt }) => verdict.isLoss && acceptedAt !== null));
  const nodes = reportNodes(state);
  const outcome = ending === "drained" && forced.length > 0 ? "drained-with-force" : ending;
  const { answers, ...calls } = state.counters;
  return {
    outcome,
    sentence: sentenceOf({ outcome, pods, nodes, forced, scaledOwners: state.scaledOwners }),
    startedAt: request.startedAt,
    begunAt,
    finishedAt: now,
    deadlineAt,
    pods: pods.slice(0, MAX_PODS),
    podsCut: Math.max(0, pods.length - MAX_PODS),
    counts: countOutcomes(pods),
    nodes,
    warnings: mergeWarnings(records),
    forced,
    lost,
    scaledOwners: state.scaledOwners.toSorted((a, b) => compareText(podId(a), podId(b))),
    calls: { ...calls },
    answers: Object.fromEntries([...answers].sort(([a], [b]) => compareText(a, b))),
  };
}

function reportPod(record: PodRecord, { state, deadlineAt }: DrainContext, now: number): PodReport {
  const { pod, verdict, budgets, firstAttemptAt, acceptedAt, goneAt } = record;
  const stage = stageOf(record, { ...state, now });
  return {
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    node: pod.nodeName,
    owner: pod.controller === null ? null : `${pod.controller.kind}/${pod.controller.name}`,
    verdict: verdict.disposition,
    outcome: outcomeOf(record, stage, state.owners),
    reason: reasonFor(record, stage, { now, deadlineAt }),
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

function namesOf(records: readonly PodRecord[]): readonly string[] {
  return records.map(({ pod }) => podId(pod)).sort(compareText);
}

function countOutcomes(pods: readonly PodReport[]): Readonly<Record<PodOutcome, number>> {
  const count = (outcome: PodOutcome) => pods.filter((pod) => pod.outcome === outcome).length;
  return Object.fromEntries(POD_OUTCOMES.map((outcome) => [outcome, count(outcome)])) as Record<PodOutcome, number>;
}
