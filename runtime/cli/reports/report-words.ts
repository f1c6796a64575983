import type { RunReport } from "../../run/index.js";
import { podHits } from "../pod-hits.js";

/** Which command a run amounts to. */
export function verbOf({ desired }: Pick<RunReport, "desired">): "hibernate" | "wake" {
  return desired === "hibernated" ? "hibernate" : "wake";
}

/** `the calendar (end of window …)`, `a person (ana ran curfew wake)`. */
export function askerOf({ origin, requestReason }: Pick<RunReport, "origin" | "requestReason">): string {
  return `${origin === "schedule" ? "the calendar" : "a person"} (${requestReason})`;
}

/** `92.1 s`. */
export function tookOf({ startedAt, finishedAt }: Pick<RunReport, "startedAt" | "finishedAt">): string {
  return `${((finishedAt - startedAt) / 1000).toFixed(1)} s`;
}

/** `2 forced`, `1 blocked`: one entry per kind of which there are any. */
export function podHitWords(report: Pick<RunReport, "drain">): readonly string[] {
  const hits = Object.entries(podHits(report)) as readonly [string, number][];
  return hits.filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
}
