import type { PodFacts } from "../ports/index.js";

/** A mark by which a pod asks to be left alone (safe-cycle 12). */
export type Protection =
  /** Holds until `untilAt` (epoch ms), or for the pod's whole life when that is null. */
  | { readonly kind: "holds"; readonly mark: string; readonly untilAt: number | null }
  | { readonly kind: "invalid"; readonly mark: string };

const DO_NOT_DISRUPT = "karpenter.sh/do-not-disrupt";
const SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict";
const DRAIN = "cluster.x-k8s.io/drain";

/** Every mark on the pod that counts at `now`; marks that have run out are left out. */
export function protectionsOf(pod: PodFacts, now: number): readonly Protection[] {
  return [...doNotDisrupt(pod, now), ...safeToEvict(pod), ...drainLabel(pod)];
}

/** Karpenter's mark: "true", or how long from the pod's start it wants to be left alone; anything else is ignored. */
function doNotDisrupt(pod: PodFacts, now: number): readonly Protection[] {
  const value = pod.annotations[DO_NOT_DISRUPT];
  if (value === undefined || value === "false") return [];
  const mark = `${DO_NOT_DISRUPT}=${value}`;
  if (value === "true") return [{ kind: "holds", mark, untilAt: null }];
  const durationMs = parseDurationMs(value);
  if (durationMs === undefined) return [{ kind: "invalid", mark }];
  const untilAt = (pod.startedAt ?? now) + durationMs;
  return now < untilAt ? [{ kind: "holds", mark, untilAt }] : [];
}

function safeToEvict(pod: PodFacts): readonly Protection[] {
  if (pod.annotations[SAFE_TO_EVICT] !== "false") return [];
  return [{ kind: "holds", mark: `${SAFE_TO_EVICT}=false`, untilAt: null }];
}

/** Cluster API writes it as a label; an annotation means the same to whoever set it. */
function drainLabel(pod: PodFacts): readonly Protection[] {
  const value = pod.labels[DRAIN] ?? pod.annotations[DRAIN];
  if (value !== "skip" && value !== "wait-completed") return [];
  return [{ kind: "holds", mark: `${DRAIN}=${value}`, untilAt: null }];
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's duration text ("1h30m"), as Karpenter reads it; undefined when it is none. */
function parseDurationMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
}
