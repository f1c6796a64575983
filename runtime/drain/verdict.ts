import type { PodFacts } from "../ports/index.js";

import { FILTERS } from "./filters.js";
import type { DrainSettings } from "./settings.js";

/**
 * What shall become of a pod: `skip` stays until its node goes, `leaving` terminates already, `wait` asked
 * to be left alone, `refuse` may not be evicted under these settings and holds its whole node (safe-cycle 3).
 */
export type Disposition = "skip" | "leaving" | "evict" | "wait" | "refuse";

/** What one filter says of a pod. */
export interface Opinion {
  readonly disposition: Disposition;
  readonly severity: "ok" | "warning" | "error";
  /** Without the pod's name, so that equal warnings merge. */
  readonly message: string;
  /** Nothing will recreate the pod (safe-cycle 8). */
  readonly isLoss?: boolean;
}

/** All opinions on a pod, weighed. */
export interface Verdict {
  readonly disposition: Disposition;
  /** Every reason for a refusal or a wait, not only the first. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  readonly isLoss: boolean;
}

/** Facts that filters need beside the pod; fetched before, so that filters stay pure. */
export interface JudgeContext {
  readonly settings: DrainSettings;
  readonly now: number;
  /** `namespace/name` of DaemonSets that pods name but that no longer exist. */
  readonly orphanedDaemonSets: ReadonlySet<string>;
  readonly isOwnPod: (pod: PodFacts) => boolean;
}

/** One rule about pods; no opinion: the next filter is asked. */
export type PodFilter = (pod: PodFacts, context: JudgeContext) => readonly Opinion[];

/**
 * Asks the filters in their fixed order (safe-cycle 2). The first that says the pod stays or leaves by itself
 * ends it; refusals are all collected, so that a person mends a pod once and not reason by reason.
 */
export function judgePod(pod: PodFacts, context: JudgeContext): Verdict {
  const opinions: Opinion[] = [];
  for (const filter of FILTERS) {
    const found = filter(pod, context);
    opinions.push(...found);
    const last = found.find(({ disposition }) => disposition === "skip" || disposition === "leaving");
    if (last) return weigh(last.disposition, found);
  }
  return weigh(heaviest(opinions), opinions);
}

function heaviest(opinions: readonly Opinion[]): Disposition {
  const said = new Set(opinions.map(({ disposition }) => disposition));
  return said.has("refuse") ? "refuse" : said.has("wait") ? "wait" : "evict";
}

function weigh(disposition: Disposition, opinions: readonly Opinion[]): Verdict {
  const deciding = opinions.filter((opinion) => opinion.disposition === disposition && disposition !== "evict");
  return {
    disposition,
    reasons: deciding.map(({ message }) => message),
    warnings: opinions.filter(({ severity }) => severity === "warning").map(({ message }) => message),
    isLoss: opinions.some(({ isLoss }) => isLoss === true),
  };
}
