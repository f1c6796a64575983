import type { PodRecord, Stage } from "./record.js";
import type { OwnerNote } from "./state.js";

/** What became of a pod, in the order in which reports list them: what needs a person first. */
export const POD_OUTCOMES = [
  "blocked",
  "stuck",
  "refused",
  "not-attempted",
  "forced",
  "lost",
  "terminating",
  "evicted",
  "scaled",
  "cleared",
  "gone",
  "skipped",
] as const;

/** One of {@link POD_OUTCOMES}; every pod ends in exactly one (safe-cycle 65). */
export type PodOutcome = (typeof POD_OUTCOMES)[number];

/**
 * What became of a pod in `stage`. `gone` left without us; `lost` left and nothing recreates it; `cleared` had ended with
 * its instance, and only its object was removed.
 */
export function outcomeOf(record: PodRecord, stage: Stage, owners: ReadonlyMap<string, OwnerNote>): PodOutcome {
  switch (stage) {
    case "gone":
      return departure(record, owners);
    case "skipped":
      return "skipped";
    case "lifeless":
      return "cleared";
    case "refused":
      return "refused";
    case "left-alone":
    case "untried":
      return "not-attempted";
    case "held":
    case "looping":
    case "waiting":
      return "blocked";
    case "leaving":
      return record.forcedGraceSeconds === null ? "terminating" : "forced";
    case "stuck":
      return "stuck";
  }
}

function departure(
  { pod, verdict, forcedGraceSeconds, acceptedAt, clearedAt }: PodRecord,
  owners: ReadonlyMap<string, OwnerNote>,
): PodOutcome {
  if (clearedAt !== null) return "cleared";
  if (forcedGraceSeconds !== null) return "forced";
  if (acceptedAt !== null) return verdict.isLoss ? "lost" : "evicted";
  return owners.get(pod.controller?.uid ?? pod.uid)?.kind === "scaled" ? "scaled" : "gone";
}
