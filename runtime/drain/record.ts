import type { BudgetFacts, EvictionAnswer, PodFacts } from "../ports/index.js";

import { graceBoundMs, stuckAt } from "./deadline.js";
import type { End } from "./instances.js";
import type { DrainSettings } from "./settings.js";
import type { Verdict } from "./verdict.js";

/** What the API server said last: an {@link EvictionAnswer}'s kind, or how a forced deletion was refused. */
export interface Answer {
  readonly code: EvictionAnswer["kind"] | "delete-accepted" | "delete-refused";
  readonly message: string | null;
}

/** All that is known of one pod object (by UID) in this drain. Replaced, never changed. */
export interface PodRecord {
  /** As last seen. */
  readonly pod: PodFacts;
  readonly verdict: Verdict;
  /** The budgets that the server asks before it evicts the pod. */
  readonly budgets: readonly BudgetFacts[];
  readonly firstSeenAt: number;
  /** Landed on its node after our first look at it, hence after its cordon. */
  readonly isLatecomer: boolean;
  readonly goneAt: number | null;
  /** Calls made for it, evictions and deletions. */
  readonly attempts: number;
  /** Refusals in a row, transient faults included. */
  readonly refusals: number;
  readonly retryAt: number;
  readonly deleteRetryAt: number;
  readonly firstAttemptAt: number | null;
  /** When the server accepted to end it; null again when later looks show that nothing came of it. */
  readonly acceptedAt: number | null;
  readonly terminatingSinceAt: number | null;
  readonly lastAnswer: Answer | null;
  /** The refusal that holds it now; a fault that says nothing about the pod is none. */
  readonly refusal: Answer | null;
  /** Since when its budget's controller has been behind (safe-cycle 31). */
  readonly staleSinceAt: number | null;
  /** The grace of the last accepted forced deletion. */
  readonly forcedGraceSeconds: number | null;
  /** When the server answered the deletion of its object after its instance had ended (safe-cycle 54). */
  readonly clearedAt: number | null;
  /** Volumes that are attached to its node for it alone, by the last look that told; they outlive it (safe-cycle 44). */
  readonly volumes: readonly string[];
}

/** One look at a pod, judged. */
export interface Sighting {
  readonly pod: PodFacts;
  readonly verdict: Verdict;
  readonly budgets: readonly BudgetFacts[];
  /** Null when this look does not tell. */
  readonly volumes: readonly string[] | null;
  /** When the list was asked for. */
  readonly listedAt: number;
  readonly isLatecomer: boolean;
}

/** An accepted eviction shows as terminating at once; not showing after this long means it came to nothing (safe-cycle 41). */
const ACCEPTED_UNSEEN_MS = 5000;

/** The record of a pod seen for the first time. */
export function newRecord({ pod, verdict, budgets, volumes, listedAt, isLatecomer }: Sighting): PodRecord {
  return {
    pod,
    verdict,
    budgets,
    firstSeenAt: listedAt,
    isLatecomer,
    goneAt: null,
    attempts: 0,
    refusals: 0,
    retryAt: 0,
    deleteRetryAt: 0,
    firstAttemptAt: null,
    acceptedAt: null,
    terminatingSinceAt: pod.deletionAt === null ? null : listedAt,
    lastAnswer: null,
    refusal: null,
    staleSinceAt: null,
    forcedGraceSeconds: null,
    clearedAt: null,
    volumes: volumes ?? [],
  };
}

/** The record after another look. What was accepted or gone after the list was asked for is not undone by it. */
export function seenAgain(record: PodRecord, { pod, verdict, budgets, volumes, listedAt }: Sighting): PodRecord {
  const isTerminating = pod.deletionAt !== null;
  const wasLost = !isTerminating && record.acceptedAt !== null && listedAt >= record.acceptedAt + ACCEPTED_UNSEEN_MS;
  return {
    ...record,
    pod,
    // Why it was let go, and what was lost with it, stays known while it terminates.
    verdict: isTerminating ? record.verdict : verdict,
    // A terminating pod is under no budget any more; the report still names the one that it was under.
    budgets: isTerminating ? record.budgets : budgets,
    goneAt: record.goneAt !== null && listedAt > record.goneAt ? null : record.goneAt,
    acceptedAt: wasLost ? null : record.acceptedAt,
    terminatingSinceAt: isTerminating ? (record.terminatingSinceAt ?? listedAt) : null,
    volumes: volumes ?? record.volumes,
  };
}

/** Where a pod stands; the stages are disjoint and every pod is in one. */
export type Stage =
  | "gone"
  | "skipped"
  /** On a node whose instance has ended, proven: nothing of it runs any more (safe-cycle 54, 55). */
  | "lifeless"
  /** Terminating inside its bound. */
  | "leaving"
  /** Terminating beyond its bound (safe-cycle 49). */
  | "stuck"
  /** Refused by its own verdict. */
  | "refused"
  /** On a node that another pod's verdict refuses (safe-cycle 3). */
  | "left-alone"
  /** Its controller keeps landing pods on cordoned nodes (safe-cycle 13). */
  | "looping"
  /** Protected by a mark. */
  | "waiting"
  /** Refused by the API server, to be tried again. */
  | "held"
  | "untried";

/** What the stage of a pod depends on beside its record. */
export interface StageContext {
  readonly now: number;
  readonly settings: DrainSettings;
  readonly refusedNodes: ReadonlySet<string>;
  readonly loopingControllers: ReadonlySet<string>;
  readonly endedNodes: ReadonlyMap<string, End>;
}

/** The stage of a pod at `now`. */
export function stageOf(record: PodRecord, context: StageContext): Stage {
  const { pod, verdict } = record;
  if (record.goneAt !== null) return "gone";
  if (verdict.disposition === "skip") return "skipped";
  if (isLifeless(record, context)) return "lifeless";
  if (record.acceptedAt !== null || pod.deletionAt !== null) return leavingStage(record, context);
  if (verdict.disposition === "refuse") return "refused";
  if (context.refusedNodes.has(pod.nodeName)) return "left-alone";
  if (pod.controller !== null && context.loopingControllers.has(pod.controller.uid)) return "looping";
  if (verdict.disposition === "wait") return "waiting";
  return record.refusal === null ? "untried" : "held";
}

/** A stopped instance keeps its disks and may start again: what may not be evicted from it is still refused. */
function isLifeless({ pod, verdict }: PodRecord, { endedNodes, refusedNodes }: StageContext): boolean {
  const end = endedNodes.get(pod.nodeName);
  if (end === undefined) return false;
  return end === "terminated" || (verdict.disposition !== "refuse" && !refusedNodes.has(pod.nodeName));
}

function leavingStage(
  { pod, acceptedAt, terminatingSinceAt, firstSeenAt }: PodRecord,
  { now, settings }: StageContext,
): Stage {
  const sinceAt = terminatingSinceAt ?? acceptedAt ?? firstSeenAt;
  return now >= stuckAt(pod.deletionAt, sinceAt, settings) ? "stuck" : "leaving";
}

/** When a leaving pod should have stopped: its deletion instant, or, before that is seen, its grace after the acceptance. */
export function expectedEndAt(
  { pod, acceptedAt, firstSeenAt, forcedGraceSeconds }: PodRecord,
  settings: DrainSettings,
): number {
  const graceMs = forcedGraceSeconds === null ? graceBoundMs(pod, settings) : forcedGraceSeconds * 1000;
  return pod.deletionAt ?? (acceptedAt ?? firstSeenAt) + graceMs;
}
