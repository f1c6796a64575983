import type { Fleet } from "../../config/index.js";
import { findExclusion } from "../../config/index.js";
import { clusterId, type ClusterIdentity, type FoundCluster } from "../../ports/index.js";
import { closestOf } from "../../schedule/index.js";

/** A found cluster whose tag names a schedule. */
export interface ImportedCluster {
  readonly identity: ClusterIdentity;
  readonly schedule: string;
}

/** A found cluster that a person has to decide about, and why. */
export interface DoubtfulCluster {
  readonly identity: ClusterIdentity;
  readonly reason: string;
}

/** What becomes of clusters that were found. None is in two of the lists; each is by account, Region and name. */
export interface SortedClusters {
  readonly imported: readonly ImportedCluster[];
  readonly doubtful: readonly DoubtfulCluster[];
  /** Declared already, and so left as they are. */
  readonly declared: readonly ClusterIdentity[];
}

/** Whom a cluster with a schedule's name is checked against; without a fleet a tag's word is taken for a schedule. */
export interface SortOptions {
  readonly scheduleTag: string;
  readonly fleet: Fleet | null;
}

/** Sorts clusters by their tags. Nothing is scheduled that does not name a schedule which there is. Pure. */
export function sortClusters(found: readonly FoundCluster[], { scheduleTag, fleet }: SortOptions): SortedClusters {
  const known = new Set(fleet?.clusters.map(({ id }) => id));
  const ordered = found.toSorted((one, other) => compare(clusterId(one.identity), clusterId(other.identity)));
  const fresh = ordered.filter(({ identity }) => !known.has(clusterId(identity)));
  const judged = fresh.map((cluster) => judge(cluster, { scheduleTag, fleet }));
  return {
    imported: judged.filter((one) => "schedule" in one),
    doubtful: judged.filter((one) => "reason" in one),
    declared: ordered.map(({ identity }) => identity).filter((identity) => known.has(clusterId(identity))),
  };
}

function judge(found: FoundCluster, options: SortOptions): ImportedCluster | DoubtfulCluster {
  const { identity, tags } = found;
  const schedule = tags[options.scheduleTag]?.trim() ?? "";
  const reason = doubtAbout(found, schedule, options);
  return reason === null ? { identity, schedule } : { identity, reason };
}

/** Why a person has to decide about a cluster; null when nothing speaks against the schedule that its tag names. */
function doubtAbout(
  { identity, status, tags }: FoundCluster,
  schedule: string,
  { scheduleTag, fleet }: SortOptions,
): string | null {
  if (status === "DELETING") return "is being deleted";
  if (schedule === "") return `has no tag ${scheduleTag}`;
  if (fleet === null) return null;
  const exclusion = findExclusion(identity, tags, fleet.exclusions);
  if (exclusion !== undefined) return `is excluded: ${exclusion.reason}`;
  if (Object.hasOwn(fleet.schedules, schedule)) return null;
  const closest = closestOf(schedule, Object.keys(fleet.schedules));
  const hint = closest === undefined ? "" : `; did you mean "${closest}"?`;
  return `names no schedule that is declared: "${schedule}"${hint}`;
}

/** By code unit, so that the order is the same in every locale. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
