import type { FleetEntry } from "../ports/index.js";
import { missedAt } from "./planner/outlook.js";
import { DEFAULT_RHYTHM } from "./planner/rhythm.js";

/**
 * How a cluster stands to the state that is wanted of it, from well to ill.
 * - `converging`: not there (yet), or not looked at so far, and nothing is wrong with that.
 * - `late`: it has missed its target, by the rule by which people are told so.
 * - `failed`: the last attempt came to nothing, with a code.
 */
export const STANDINGS = ["in-state", "converging", "late", "failed"] as const;
export type Standing = (typeof STANDINGS)[number];

/** How many clusters there are of each standing. */
export type StandingCounts = Readonly<Record<Standing, number>>;

/** What is asked of the fleet. */
export interface OverviewQuestion {
  readonly now: number;
  /** Which clusters are listed one by one; null: whatever a person may have to look at. */
  readonly standing: Standing | null;
  /** How many of them at most. */
  readonly limit: number;
}

/** A cluster that is listed. */
export interface ListedCluster {
  readonly entry: FleetEntry;
  readonly standing: Standing;
}

/** The fleet in numbers, and those of its clusters that are listed. Its size follows from accounts and limit, not from the clusters. */
export interface FleetOverview {
  readonly totals: StandingCounts;
  /** By `account/region`. */
  readonly places: ReadonlyMap<string, StandingCounts>;
  /** The worst first, then those that are not where they should be for longest. */
  readonly listed: readonly ListedCluster[];
  /** How many more there are than `limit`. */
  readonly omitted: number;
}

const NONE: StandingCounts = { "in-state": 0, converging: 0, late: 0, failed: 0 };

/** A fleet without clusters. */
export const EMPTY_OVERVIEW: FleetOverview = { totals: NONE, places: new Map(), listed: [], omitted: 0 };

/** How one cluster stands. Pure. */
export function standingOf(entry: FleetEntry, now: number): Standing {
  const missed = missedAt(entry, DEFAULT_RHYTHM);
  if (missed === null) return entry.wanted === null ? "converging" : "in-state";
  if (entry.attempts > 0 && entry.lastCode !== null) return "failed";
  return missed <= now ? "late" : "converging";
}

/** The overview with a page of further clusters. Pure. */
export function addToOverview(
  overview: FleetOverview,
  page: readonly FleetEntry[],
  { now, standing, limit }: OverviewQuestion,
): FleetOverview {
  const clusters = page.map((entry) => ({ entry, standing: standingOf(entry, now) }));
  const isAsked = (one: ListedCluster) => (standing === null ? needsALook(one) : one.standing === standing);
  const listed = [...overview.listed, ...clusters.filter(isAsked)].sort(byUrgency);
  const places = new Map(overview.places);
  for (const [place, those] of Map.groupBy(clusters, placeOf)) places.set(place, plus(places.get(place), those));
  return {
    totals: plus(overview.totals, clusters),
    places,
    listed: listed.slice(0, limit),
    omitted: overview.omitted + Math.max(0, listed.length - limit),
  };
}

/** Also one that is left alone for a reason: it is settled, and its code says why. */
function needsALook({ entry, standing }: ListedCluster): boolean {
  return standing !== "in-state" || entry.lastCode !== null;
}

function plus(counts: StandingCounts = NONE, clusters: readonly ListedCluster[]): StandingCounts {
  const sum = { ...counts };
  for (const { standing } of clusters) sum[standing] += 1;
  return sum;
}

function placeOf({ entry: { clusterId } }: ListedCluster): string {
  return clusterId.slice(0, clusterId.lastIndexOf("/"));
}

function byUrgency(a: ListedCluster, b: ListedCluster): number {
  const worse = STANDINGS.indexOf(b.standing) - STANDINGS.indexOf(a.standing);
  return worse || sinceOf(a) - sinceOf(b) || (a.entry.clusterId < b.entry.clusterId ? -1 : 1);
}

/** Never looked at comes last of its standing. */
function sinceOf({ entry }: ListedCluster): number {
  return entry.unconvergedSince ?? Number.MAX_SAFE_INTEGER;
}
