import { podId } from "./pod-kind.js";
import type { PodRecord } from "./record.js";
import { compareText } from "./wording.js";

/** One warning and whom it concerns. */
export interface WarningReport {
  /** Second half of a sentence that begins with a pod's name. */
  readonly message: string;
  readonly count: number;
  /** The first of them by name, at most 5 `namespace/name`. */
  readonly examples: readonly string[];
}

const MAX_EXAMPLES = 5;

/** Warnings of all pods, one entry per message (safe-cycle 3), sorted by message. */
export function mergeWarnings(records: readonly Pick<PodRecord, "pod" | "verdict">[]): readonly WarningReport[] {
  const all = records.flatMap(({ pod, verdict }) => verdict.warnings.map((message) => ({ message, id: podId(pod) })));
  return [...Map.groupBy(all, ({ message }) => message)]
    .map(([message, entries]) => {
      const ids = entries.map(({ id }) => id).sort();
      return { message, count: ids.length, examples: ids.slice(0, MAX_EXAMPLES) };
    })
    .sort((a, b) => compareText(a.message, b.message));
}
