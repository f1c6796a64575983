import type { Settings } from "../cycle/settings.js";
import type { ClusterAccess, ClusterIdentity } from "../ports/index.js";
import type { Schedule } from "../schedule/index.js";
import type { Exclusion, Tags } from "./exclusions.js";

/** One declared cluster: a frozen value with everything that a run of it needs to know. */
export type ClusterSpec = ScheduledCluster | ExcludedCluster;

/** A cluster that Curfew puts to sleep and wakes. */
export interface ScheduledCluster extends ClusterFields {
  readonly exclusion: null;
  readonly scheduleName: string;
  readonly schedule: Schedule;
}

/** A cluster that is listed, but that nothing may touch. It has no schedule. */
export interface ExcludedCluster extends ClusterFields {
  readonly exclusion: Exclusion;
  readonly scheduleName: null;
  readonly schedule: null;
}

interface ClusterFields {
  /** `account/region/name`. */
  readonly id: string;
  readonly identity: ClusterIdentity;
  readonly access: ClusterAccess;
  /** Defaults, below the fleet's, below the cluster's own, below environment variables. */
  readonly settings: Settings;
  /** Tags as declared; the real cluster may carry others. */
  readonly tags: Tags;
  /** Whether a sleeping cluster is woken when its declaration is deleted. */
  readonly onDelete: "wake" | "leave";
  /** US dollars an hour while it is awake, as declared; null when nobody said. */
  readonly costPerHour: number | null;
  /** false: `pulumi up` registers the cluster and does not touch it. */
  readonly converge: boolean;
  /** Exclusions by tag that fit the rest of this cluster: to be asked again with the tags it really has. */
  readonly exclusionsByTag: readonly Exclusion[];
}
