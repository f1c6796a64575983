import type { PodFacts } from "../ports/index.js";

import { daemonSetOf } from "./pod-kind.js";

/** 0 ordinary, 1 ordinary daemon, 2 critical, 3 critical daemon: the order in which pods leave (safe-cycle 42). */
export type Tier = 0 | 1 | 2 | 3;

const CRITICAL_CLASSES: readonly string[] = ["system-cluster-critical", "system-node-critical"];
const CRITICAL_PRIORITY = 2_000_000_000;

/** The tier of a pod: critical pods leave last, they are not skipped. */
export function tierOf(pod: PodFacts): Tier {
  const isDaemon = daemonSetOf(pod) !== null;
  if (isCritical(pod)) return isDaemon ? 3 : 2;
  return isDaemon ? 1 : 0;
}

/** Whether the cluster itself leans on the pod, by its priority. */
export function isCritical(pod: PodFacts): boolean {
  return CRITICAL_CLASSES.includes(pod.priorityClassName) || pod.priority >= CRITICAL_PRIORITY;
}

/** The earliest tier among pods that have not left; later ones wait for it. */
export function openTier(remaining: Iterable<PodFacts>): Tier {
  let lowest: Tier = 3;
  for (const pod of remaining) {
    const tier = tierOf(pod);
    if (tier < lowest) lowest = tier;
  }
  return lowest;
}
