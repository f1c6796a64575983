import { spawn, isRetryable, type DrainContext } from "./context.js";
import { backoffMs } from "./backoff.js";
import { failureInfo, type DeleteAnswer, type PodFacts } from "../ports/index.js";
import type { PodRecord } from "./record.js";
import { countAnswer, notCleared, type Census } from "./state.js";

/** Pods to clear now: those not under way and not waiting out a back-off. */
export function dueClearings({ state }: DrainContext, census: Census, now: number): readonly PodRecord[] {
  return notCleared(census).filter(({ pod, deleteRetryAt }) => deleteRetryAt <= now && !state.inFlight.has(pod.uid));
}

/**
 * Deletes the object of a pod whose instance has ended, with grace 0 and past every budget: nothing of it runs, and no
 * kubelet is left to confirm its end (safe-cycle 54). Best effort: pod garbage collection does the same once the Node is
 * gone, so a refusal is noted and the drain goes on.
 */
export function clearPod(context: DrainContext, pod: PodFacts): void {
  spawn(context, async () => {
    const { state, ports } = context;
    const { clock, random } = ports;
    state.counters.deletions += 1;
    const answer = await askAway(context, pod);
    state.inFlight.delete(pod.uid);
    countAnswer(state, `clear-${answer.kind}`);
    const record = state.records.get(pod.uid);
    if (record !== undefined) state.records.set(pod.uid, afterClearing(record, answer, clock.now(), random.next()));
  });
}

async function askAway({ ports }: DrainContext, { namespace, name, uid }: PodFacts): Promise<DeleteAnswer> {
  try {
    return await ports.kubernetes.deletePod({ namespace, name, uid }, 0, { isInstanceGone: true });
  } catch (error) {
    if (!isRetryable(error)) throw error;
    return { kind: "transient", message: failureInfo(error).message };
  }
}

/** The record after its object's deletion was answered; `chance` in [0, 1) places the next try within the back-off's jitter. */
function afterClearing(record: PodRecord, answer: DeleteAnswer, now: number, chance: number): PodRecord {
  const message = "message" in answer ? answer.message : null;
  const tried = { ...record, attempts: record.attempts + 1, firstAttemptAt: record.firstAttemptAt ?? now };
  switch (answer.kind) {
    case "accepted":
      return { ...tried, clearedAt: now, lastAnswer: { code: "delete-accepted", message } };
    case "gone":
      return { ...tried, clearedAt: now, goneAt: now, lastAnswer: { code: "gone", message } };
    case "transient": {
      const refusals = record.refusals + 1;
      const deleteRetryAt = now + backoffMs(refusals, chance);
      return { ...tried, refusals, deleteRetryAt, lastAnswer: { code: "transient", message } };
    }
    case "refused":
    case "forbidden":
      return { ...tried, clearedAt: now, lastAnswer: { code: "delete-refused", message } };
  }
}
