import type { PodFacts } from "../ports/index.js";

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

/** Facts that filters need beside the pod; fetched before, so that filters stay pure. */
export interface JudgeContext {
  readonly settings: DrainSettings;
  readonly now: number;
  /** `namespace/name` of DaemonSets that pods name but that no longer exist. */
  readonly orphanedDaemonSets: ReadonlySet<string>;
  readonly isSpared: (pod: PodFacts) => boolean;
}

/** One rule about pods; no opinion: the next filter is asked. */
export type PodFilter = (pod: PodFacts, context: JudgeContext) => readonly Opinion[];
