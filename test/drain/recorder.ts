import type { DeleteAnswer, EvictionAnswer, Kubernetes, PodRef } from "../../runtime/ports/index.js";

/** One attempt to make a pod leave, and what came of it; `at` in epoch ms when it was begun. */
export interface Attempt {
  readonly verb: "evict" | "delete";
  readonly pod: PodRef;
  readonly at: number;
  /** Of a deletion; null for an eviction. */
  readonly graceSeconds: number | null;
  readonly answer: (EvictionAnswer | DeleteAnswer)["kind"];
}

/**
 * `kubernetes` itself, and its attempts on pods so far in the order in which they ended; dry runs are none.
 * `beforeEviction` happens between the decision for an eviction and its call: what a race needs.
 */
export function recordAttempts(
  kubernetes: Kubernetes,
  beforeEviction: (answered: number) => Promise<void> = () => Promise.resolve(),
): { readonly kubernetes: Kubernetes; readonly attempts: readonly Attempt[] } {
  const attempts: Attempt[] = [];
  const recording: Kubernetes = {
    ...kubernetes,
    evict: async (pod, options) => {
      await beforeEviction(attempts.length);
      const at = Date.now();
      const answer = await kubernetes.evict(pod, options);
      if (options?.dryRun !== true) attempts.push({ verb: "evict", pod, at, graceSeconds: null, answer: answer.kind });
      return answer;
    },
    deletePod: async (pod, graceSeconds, options) => {
      const at = Date.now();
      const answer = await kubernetes.deletePod(pod, graceSeconds, options);
      attempts.push({ verb: "delete", pod, at, graceSeconds, answer: answer.kind });
      return answer;
    },
  };
  return { kubernetes: recording, attempts };
}
