import type { PodRecord } from "./record.js";

const GENERATIONS = 3;

/**
 * Controllers (by UID) whose pods keep landing on cordoned nodes: three times as many came after the cordon as
 * were there at first. Such pods tolerate the cordon, and evicting them goes on for ever (safe-cycle 13).
 */
export function findLoopingControllers(records: Iterable<PodRecord>): ReadonlySet<string> {
  const counts = new Map<string, { first: number; late: number }>();
  for (const { pod, verdict, isLatecomer } of records) {
    if (pod.controller === null || verdict.disposition === "skip") continue;
    const count = counts.get(pod.controller.uid) ?? { first: 0, late: 0 };
    if (isLatecomer) count.late += 1;
    else count.first += 1;
    counts.set(pod.controller.uid, count);
  }
  const looping = [...counts].filter(([, { first, late }]) => late >= GENERATIONS * Math.max(1, first));
  return new Set(looping.map(([uid]) => uid));
}
