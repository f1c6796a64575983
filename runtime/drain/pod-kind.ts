import type { PodFacts } from "../ports/index.js";

/** A pod that has run to its end: no budget counts it and nothing of it can be lost (safe-cycle 7). */
export function isFinished(pod: PodFacts): boolean {
  return pod.phase === "Succeeded" || pod.phase === "Failed";
}

/** `namespace/name` of the DaemonSet that controls the pod; null when none does (safe-cycle 4). */
export function daemonSetOf(pod: PodFacts): string | null {
  const { controller } = pod;
  const isDaemonSet = controller?.kind === "DaemonSet" && controller.apiVersion.startsWith("apps/");
  return isDaemonSet ? `${pod.namespace}/${controller.name}` : null;
}

/** `namespace/name`, for sentences. */
export function podId({ namespace, name }: Pick<PodFacts, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}
