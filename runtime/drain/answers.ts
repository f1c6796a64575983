import type { DeleteAnswer, EvictionAnswer } from "../ports/index.js";

import { backoffMs } from "./backoff.js";
import type { Answer, PodRecord } from "./record.js";

/** When the server gave no hint for a budget whose controller is behind (safe-cycle 31). */
const STALE_RETRY_MS = 10_000;
/** Faults that mend slowly or by hand: a terminating namespace, a webhook (safe-cycle 34, 35). */
const SLOW_RETRY_MS = 10_000;
/** Permanent until a person removes a budget; one call in 30 s notices that they did (safe-cycle 33). */
const SEVERAL_BUDGETS_RETRY_MS = 30_000;

/**
 * The record after an eviction was answered. `chance` in [0, 1) places the next try within the back-off's jitter.
 * A throttled call says nothing about the pod: the pace of the whole drain deals with it (safe-cycle 32).
 */
export function afterEviction(record: PodRecord, answer: EvictionAnswer, now: number, chance: number): PodRecord {
  const tried = called(record, { code: answer.kind, message: messageOf(answer) }, now);
  switch (answer.kind) {
    case "accepted":
      return accepted(tried, now);
    case "gone":
      return { ...tried, goneAt: now };
    case "throttled":
      return tried;
    case "transient":
      return { ...tried, refusals: tried.refusals + 1, retryAt: now + backoffMs(tried.refusals + 1, chance) };
    case "budget-exhausted":
    case "budget-contention":
      return refused(tried, now + backoffMs(tried.refusals + 1, chance));
    case "budget-stale":
      return {
        ...refused(tried, now + (answer.retryAfterMs ?? STALE_RETRY_MS)),
        staleSinceAt: record.staleSinceAt ?? now,
      };
    case "several-budgets":
      return refused(tried, now + SEVERAL_BUDGETS_RETRY_MS);
    case "namespace-terminating":
    case "webhook-refused":
    case "forbidden":
      return refused(tried, now + SLOW_RETRY_MS);
  }
}

/** The record after a forced deletion with `graceSeconds` was answered. */
export function afterDeletion(record: PodRecord, answer: DeleteAnswer, call: DeletionCall): PodRecord {
  const { now, chance, graceSeconds } = call;
  const message = messageOf(answer);
  const deleteRetryAt = now + backoffMs(record.refusals + 1, chance);
  switch (answer.kind) {
    case "accepted":
      return {
        ...accepted(called(record, { code: "delete-accepted", message }, now), now),
        forcedGraceSeconds: graceSeconds,
        deleteRetryAt,
      };
    case "gone":
      return { ...called(record, { code: "gone", message }, now), goneAt: now };
    case "transient":
      return { ...called(record, { code: "transient", message }, now), refusals: record.refusals + 1, deleteRetryAt };
    case "refused":
    case "forbidden": {
      const tried = called(record, { code: "delete-refused", message }, now);
      return { ...refused(tried, tried.retryAt), deleteRetryAt };
    }
  }
}

/** What a forced deletion sent, and when it was answered. */
export interface DeletionCall {
  readonly now: number;
  readonly chance: number;
  readonly graceSeconds: number;
}

function messageOf(answer: EvictionAnswer | DeleteAnswer): string | null {
  return "message" in answer ? answer.message : null;
}

function called(record: PodRecord, lastAnswer: Answer, now: number): PodRecord {
  return { ...record, attempts: record.attempts + 1, firstAttemptAt: record.firstAttemptAt ?? now, lastAnswer };
}

function accepted(record: PodRecord, now: number): PodRecord {
  return {
    ...record,
    acceptedAt: now,
    terminatingSinceAt: record.terminatingSinceAt ?? now,
    refusals: 0,
    refusal: null,
    staleSinceAt: null,
  };
}

function refused(record: PodRecord, retryAt: number): PodRecord {
  return { ...record, refusals: record.refusals + 1, retryAt, refusal: record.lastAnswer, staleSinceAt: null };
}
