import type { ScalableOwner } from "../ports/index.js";

import type { DrainContext } from "./context.js";
import type { DrainOutcome, Ending } from "./ending.js";
import type { PodOutcome } from "./outcome.js";
import { podId } from "./pod-kind.js";
import type { PodRecord } from "./record.js";
import { reportNodes, type NodeReport } from "./report-nodes.js";
import { countOutcomes, reportPods, type PodReport } from "./report-pods.js";
import { sentenceOf } from "./sentence.js";
import type { Counters, DrainState } from "./state.js";
import { nodesInWait } from "./volume-wait.js";
import { mergeWarnings, type WarningReport } from "./warnings.js";
import { compareText } from "./wording.js";

/** A drain's end, as plain JSON-able data; instants are epoch ms. */
export interface DrainReport {
  readonly outcome: DrainOutcome;
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
  /** What could not be learnt, and what was left out for it; whole sentences. */
  readonly notes: readonly string[];
  /** `namespace/name` of every pod that was deleted past its budget or mark, and of every pod that nothing recreates. */
  readonly forced: readonly string[];
  readonly lost: readonly string[];
  /** Owners scaled to 0, with the replicas that they had. */
  readonly scaledOwners: readonly ScalableOwner[];
  readonly calls: Readonly<Omit<Counters, "answers">>;
  /** Answers to evictions and deletions, counted apart by kind. */
  readonly answers: Readonly<Record<string, number>>;
}

const MAX_PODS = 200;

/** The report of a drain that ended with `ending` now. */
export function buildReport(context: DrainContext, ending: Ending): DrainReport {
  const { request, state, ports, begunAt, deadlineAt } = context;
  const now = ports.clock.now();
  const records = [...state.records.values()];
  const pods = reportPods(context, now);
  const forced = namesOf(records.filter(({ forcedGraceSeconds }) => forcedGraceSeconds !== null));
  const lost = namesOf(records.filter(({ verdict, acceptedAt }) => verdict.isLoss && acceptedAt !== null));
  const nodes = reportNodes(context, now);
  const isForced = forced.length > 0 || nodesInWait("over", context, now).length > 0;
  const outcome = ending === "drained" && isForced ? "drained-with-force" : ending;
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
    notes: notesOn(state),
    forced,
    lost,
    scaledOwners: state.scaledOwners.toSorted((a, b) => compareText(podId(a), podId(b))),
    calls: { ...calls },
    answers: Object.fromEntries([...answers].sort(([a], [b]) => compareText(a, b))),
  };
}

function notesOn({ volumeProblem, instanceProblem }: DrainState): readonly string[] {
  const notes: string[] = [];
  if (volumeProblem !== null)
    notes.push(`Volumes were not waited for, because they cannot be listed: ${volumeProblem}`);
  if (instanceProblem !== null)
    notes.push(`Whether the instances of silent nodes still run could not be learnt: ${instanceProblem}`);
  return notes;
}

function namesOf(records: readonly PodRecord[]): readonly string[] {
  return records.map(({ pod }) => podId(pod)).sort(compareText);
}
