import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { KUBELET_LABEL } from "./label.js";

/**
 * How a fake kubelet treats a pod or a node, read from its annotations. The same knobs as in kwok-stages.yaml.
 *
 * | on | annotation | meaning |
 * |---|---|---|
 * | pod | `lab/start: "3s"` | starts so much later |
 * | pod | `lab/never-ready: "true"` | runs, but is never Ready |
 * | pod | `lab/shutdown: fast` | is gone at once after it was told to end (the default), or after `lab/delete-delay: "2s"` |
 * | pod | `lab/shutdown: grace` | uses up its whole grace period |
 * | pod | `lab/shutdown: stuck` | never ends |
 * | pod | `lab/job-duration: "1s"` | a pod of a Job succeeds so much after it started (default: at once) |
 * | node | `lab/boot: "5s"` | becomes Ready so much later |
 * | node | `lab/dead: "true"` | never becomes Ready |
 */
export type Shutdown =
  { readonly kind: "after"; readonly delayMs: number } | { readonly kind: "at-deadline" } | { readonly kind: "never" };

/** Reads a duration such as "250ms", "3s" or "1m"; anything else counts as none. */
function durationMs(text: string | undefined): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text ?? "");
  if (!match) return 0;
  return Number(match[1]) * { ms: 1, s: 1_000, m: 60_000 }[match[2] as "ms" | "s" | "m"];
}

const annotation = (object: V1Pod | V1Node, name: string): string | undefined =>
  object.metadata?.annotations?.[`lab/${name}`];

export const startDelayMs = (pod: V1Pod): number => durationMs(annotation(pod, "start"));
export const jobDurationMs = (pod: V1Pod): number => durationMs(annotation(pod, "job-duration"));
export const becomesReady = (pod: V1Pod): boolean => annotation(pod, "never-ready") !== "true";
export const bootDelayMs = (node: V1Node): number => durationMs(annotation(node, "boot"));

/** True while the node's kubelet lives. */
export const isAlive = (node: V1Node): boolean =>
  node.metadata?.labels?.[KUBELET_LABEL] === "fake" && annotation(node, "dead") !== "true";

export const isReady = (node: V1Node): boolean =>
  node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;

/** True for the pod that brings the network of its node up, as `aws-node` does on EKS. */
export const isCni = (pod: V1Pod): boolean => pod.metadata?.labels?.["k8s-app"] === "aws-node";

export const isJobPod = (pod: V1Pod): boolean =>
  pod.metadata?.ownerReferences?.some(({ kind }) => kind === "Job") ?? false;

/** How the pod ends once it was told to. */
function shutdownOf(pod: V1Pod): Shutdown {
  const kind = annotation(pod, "shutdown");
  if (kind === "stuck") return { kind: "never" };
  if (kind === "grace") return { kind: "at-deadline" };
  return { kind: "after", delayMs: durationMs(annotation(pod, "delete-delay")) };
}

/** Milliseconds from `nowAt` until a terminating pod is gone; undefined when it never is. Never past its deadline. */
export function shutdownDelayMs(pod: V1Pod, nowAt: number): number | undefined {
  const shutdown = shutdownOf(pod);
  if (shutdown.kind === "never") return undefined;
  const deadlineAt = new Date(pod.metadata?.deletionTimestamp ?? 0).getTime();
  const leftMs = Math.max(0, deadlineAt - nowAt);
  return shutdown.kind === "at-deadline" ? leftMs : Math.min(shutdown.delayMs, leftMs);
}
