import type { RunReport } from "../run/index.js";

/** One pod of a drain's report. */
export type PodReport = NonNullable<RunReport["drain"]>["pods"][number];

/** How many pods a drain's rules and the declared policy hit (safe-cycle 65); a pod that was forced may also be lost. */
export interface PodHits {
  /** Deleted past their budget or mark. */
  readonly forced: number;
  /** Gone, and nothing recreates them. */
  readonly lost: number;
  /** Gone with their workload, which was scaled to 0. */
  readonly scaled: number;
  /** Still there and in the way: held, stuck or refused. */
  readonly blocked: number;
}

/** Counts all of a drain's pods, those that its report has no room for included. */
export function podHits({ drain }: Pick<RunReport, "drain">): PodHits {
  if (drain === null) return { forced: 0, lost: 0, scaled: 0, blocked: 0 };
  const { forced, lost, counts } = drain;
  const blocked = counts.blocked + counts.stuck + counts.refused;
  return { forced: forced.length, lost: lost.length, scaled: counts.scaled, blocked };
}

/** Pods that a person has to see to. */
export function isInTheWay({ outcome }: PodReport): boolean {
  return outcome === "blocked" || outcome === "stuck" || outcome === "refused";
}

/** Pods that a report names one by one: those of {@link podHits}. */
export function isHit(pod: PodReport): boolean {
  return isInTheWay(pod) || pod.outcome === "forced" || pod.outcome === "lost" || pod.outcome === "scaled";
}
