import type { Observation, RelaxedWebhook, Settings, Snapshot } from "../cycle/index.js";
import type { DrainReport } from "../drain/index.js";
import type { Capacity, Clock, FailureInfo, Kubernetes, Random } from "../ports/index.js";
import type { RunBudget } from "./request.js";
import type { Session } from "./session.js";
import type { WakeTimings } from "./report.js";
import type { WorkloadLooks } from "./workload-looks.js";

/** What a step came to. `partial`: some groups failed, the others are fine and the plan goes on (safe-cycle W25). */
export type StepOutcome =
  | { readonly kind: "done"; readonly detail?: string }
  | { readonly kind: "partial"; readonly failure: FailureInfo }
  | { readonly kind: "stopped"; readonly failure: FailureInfo }
  | { readonly kind: "yielded" }
  | { readonly kind: "cancelled" };

/** What steps find out that only the report wants; filled as they go. */
export interface RunNotes {
  readonly warnings: string[];
  readonly drift: string[];
  /** Groups that failed by themselves; the others go on without them (safe-cycle W25). */
  readonly failedGroups: Set<string>;
  /** Members of tiers, by id, that found no room yet and are waited for when all nodes are there. */
  readonly deferred: Set<string>;
  /** Webhooks that this run could not give back (safe-cycle W15). */
  readonly relaxedWebhooks: RelaxedWebhook[];
  drain: DrainReport | null;
  wake: WakeTimings | null;
}

/** Everything a step may use. */
export interface StepContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  readonly capacity: Capacity;
  readonly kubernetes: Kubernetes;
  readonly observation: Observation;
  /** Null only when a wake goes to sizes that a person gave. */
  readonly snapshot: Snapshot | null;
  readonly session: Session;
  readonly budget: RunBudget;
  /** What the cluster's workloads say, read once for all tiers that ask at the same time. */
  readonly workloads: WorkloadLooks;
  /** End of the whole attempt; kept over restarts. */
  readonly attemptDeadlineAt: number;
  readonly notes: RunNotes;
  /** Tells watchers how the step is doing. */
  readonly tell: (message: string, data?: Readonly<Record<string, string | number | boolean | null>>) => void;
}
