import type { FailureInfo } from "../ports/index.js";
import type { TagExclusion } from "./request.js";

/** Excluded means excluded, here as in config, policy and IAM (design §3.8). */
export function excludedFailure(reason: string): FailureInfo {
  return {
    code: "cluster-excluded",
    message: `The cluster is excluded: ${reason.replace(/\.$/, "")}.`,
    remedy: "Excluded clusters are never touched. Take the exclusion out of the config if that is no longer meant.",
  };
}

/** The exclusion that the real cluster's tags bring about; null when none does. */
export function excludedByTags(
  exclusions: readonly TagExclusion[],
  tags: Readonly<Record<string, string>>,
): FailureInfo | null {
  const hit = exclusions.find(({ tags: wanted = {} }) => {
    const pairs = Object.entries(wanted);
    return pairs.length > 0 && pairs.every(([key, value]) => tags[key] === value);
  });
  return hit ? excludedFailure(hit.reason) : null;
}
