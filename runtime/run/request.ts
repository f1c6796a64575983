import type { Origin, Settings } from "../cycle/index.js";
import type { ClusterAccess, ClusterIdentity } from "../ports/index.js";
import type { DesiredState } from "../schedule/index.js";

/** A cluster as far as a run needs it: the declared spec without its calendar. */
export interface RunTarget {
  readonly id: string;
  readonly identity: ClusterIdentity;
  readonly access: ClusterAccess;
  readonly settings: Settings;
  /** Set when the declaration excludes the cluster: then no call is made at all (design §3.8). */
  readonly exclusion: { readonly reason: string } | null;
  /** Exclusions that hang on the tags the real cluster carries: asked as soon as these are read. */
  readonly exclusionsByTag: readonly TagExclusion[];
}

/** Excludes a cluster that carries all of these tags. */
export interface TagExclusion {
  readonly tags?: Readonly<Record<string, string>>;
  readonly reason: string;
}

/** One wish about one cluster. */
export interface RunRequest {
  readonly cluster: RunTarget;
  readonly desired: DesiredState;
  readonly origin: Origin;
  /** Why, for the report: the calendar's rule or the person's words. */
  readonly reason: string;
  /** Owner of the lease: the same over restarts and continuations of one operation. */
  readonly operationId: string;
  /** Stop after the plan and show it; makes no lease, no write, no change. */
  readonly dryRun?: boolean;
  readonly minNodes?: number;
  /** On wake: set an unreadable record aside and use `minNodes` (safe-cycle H5). */
  readonly forget?: boolean;
  /** Wait for a lease once, until the expiry seen first: a dead holder's runs out, a live one's is renewed. */
  readonly waitForLease?: boolean;
}

/** What a run may use up. */
export interface RunBudget {
  /** Instant at which to stop at the next safe point with `yielded`; null: none. */
  readonly yieldAt: number | null;
  /** Aborts when a person or the platform asks to stop. */
  readonly signal: AbortSignal;
}
