import pLimit from "p-limit";

import type { CampaignGroup, FleetEntry, FleetStore } from "../../ports/index.js";
import type { DesiredState } from "../../schedule/index.js";
import { isThere } from "./standing.js";

/** How far a group of a campaign is. */
export interface GroupProgress {
  readonly name: string;
  readonly total: number;
  readonly there: number;
  /** Clusters whose last attempt came to nothing, each with the hub's code. */
  readonly failing: readonly { readonly cluster: string; readonly code: string }[];
}

const READS_AT_ONCE = 16;

/**
 * Tells again and again how far each group is. Who was there once is not asked for again, so that watching a large campaign
 * costs less and less. Throws `Failure` store-unavailable.
 */
export function watchGroups(
  groups: readonly CampaignGroup[],
  state: DesiredState,
  fleet: Pick<FleetStore, "readEntry">,
): () => Promise<readonly GroupProgress[]> {
  const there = new Set<string>();
  const limit = pLimit(READS_AT_ONCE);
  async function look({ name, clusters }: CampaignGroup): Promise<GroupProgress> {
    const missing = clusters.filter((cluster) => !there.has(cluster));
    const entries = await limit.map(missing, (cluster) => fleet.readEntry(cluster));
    for (const entry of entries) if (entry !== undefined && isThere(entry, state)) there.add(entry.clusterId);
    const failing = entries.flatMap((entry) => failureOf(entry, there));
    return { name, total: clusters.length, there: clusters.length - countMissing(clusters, there), failing };
  }
  return () => Promise.all(groups.map(look));
}

function failureOf(entry: FleetEntry | undefined, there: ReadonlySet<string>): GroupProgress["failing"] {
  if (entry === undefined || entry.lastCode === null || there.has(entry.clusterId)) return [];
  return [{ cluster: entry.clusterId, code: entry.lastCode }];
}

function countMissing(clusters: readonly string[], there: ReadonlySet<string>): number {
  return clusters.filter((cluster) => !there.has(cluster)).length;
}
