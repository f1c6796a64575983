import type { PodFacts } from "../ports/index.js";

import { FILTERS } from "./filters.js";
import type { Disposition, JudgeContext, Opinion } from "./opinion.js";

/** All opinions on a pod, weighed. */
export interface Verdict {
  readonly disposition: Disposition;
  /** Every reason for a refusal or a wait, not only the first. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  readonly isLoss: boolean;
}

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
