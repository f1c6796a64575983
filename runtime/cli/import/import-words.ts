import type { ClusterIdentity } from "../../ports/index.js";
import { unreadOf, type Sighting } from "./grounds.js";
import type { SortedClusters } from "./sort-clusters.js";

/** One line of progress for people. */
export function sightingLine(sighting: Sighting): string {
  const { account, region, failure } = sighting;
  if (failure !== null) return `${account} ${region}: [${failure.code}] ${failure.message} ${failure.remedy}`;
  return `${account} ${region}: ${sighting.clusters.length} found`;
}

/** How it went, in a line or two. */
export function summary(
  { imported, doubtful, declared }: SortedClusters,
  sightings: readonly Sighting[],
  file: string | null,
) {
  const unread = unreadOf(sightings).length;
  const counts = `with a schedule: ${imported.length}, to review: ${doubtful.length}, declared already: ${declared.length}`;
  const written = file === null ? "" : `\n${file} is written: review it, then name it in curfew:catalogue.`;
  return `${counts}${unread === 0 ? "" : `, not looked at: ${unread} of ${sightings.length}`}${written}`;
}

/** The same for programs. */
export function documentOf(
  { imported, doubtful, declared }: SortedClusters,
  sightings: readonly Sighting[],
  file: string | null,
) {
  const entry = ({ name, account, region }: ClusterIdentity) => ({ cluster: name, account, region });
  return {
    clusters: imported.map(({ identity, schedule }) => ({ ...entry(identity), schedule })),
    review: doubtful.map(({ identity, reason }) => ({ ...entry(identity), reason })),
    declared: declared.map(entry),
    unread: unreadOf(sightings),
    file,
  };
}
