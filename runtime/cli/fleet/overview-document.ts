import type { FleetView, ListedCluster, Standing, StandingCounts } from "../../fleet/index.js";
import { parseClusterId, type FailureCode } from "../../ports/index.js";
import type { DesiredState } from "../../schedule/index.js";
import { isoOf } from "../instant.js";

/** Numbers of clusters, as JSON has them. */
interface Counts {
  readonly clusters: number;
  readonly inState: number;
  readonly converging: number;
  readonly late: number;
  readonly failed: number;
}

/** One listed cluster of `curfew fleet --json`; instants are ISO 8601 in UTC. */
export interface ClusterRow {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly standing: Standing;
  /** Null before the first look. */
  readonly wanted: DesiredState | null;
  /** Since when it is not in the state wanted; in the future for a wake that begins ahead. */
  readonly since: string | null;
  readonly attempts: number;
  readonly lastCode: FailureCode | null;
  /** When the hub looks at it next; null: at once. */
  readonly dueAt: string | null;
}

/** What `curfew fleet` found, ready to be printed as JSON or as tables. */
export interface FleetDocument {
  readonly at: string;
  readonly totals: Counts;
  readonly accounts: readonly (Counts & { readonly account: string; readonly region: string })[];
  readonly clusters: readonly ClusterRow[];
  /** How many more clusters there are than the list may have. */
  readonly omitted: number;
  /** Accounts that are left alone until an instant. */
  readonly openCircuits: readonly {
    readonly account: string;
    readonly trouble: "auth" | "throttled";
    readonly openedAt: string;
    readonly until: string;
  }[];
  /** Accounts that are asked more slowly than usual. */
  readonly slowedDown: readonly {
    readonly account: string;
    readonly region: string;
    readonly service: string;
    readonly callsPerSecond: number;
    readonly usualCallsPerSecond: number;
    readonly throttledAt: string | null;
  }[];
}

/** Pure. */
export function fleetDocument(
  { totals, places, listed, omitted, circuits, slowed }: FleetView,
  now: number,
): FleetDocument {
  return {
    at: isoOf(now),
    totals: countsOf(totals),
    accounts: [...places].map(([place, counts]) => ({ ...placeOf(place), ...countsOf(counts) })),
    clusters: listed.map((one) => clusterRow(one, now)),
    omitted,
    openCircuits: circuits.map(({ account, trouble, openedAt, until }) => ({
      account,
      trouble,
      openedAt: isoOf(openedAt),
      until: isoOf(until),
    })),
    slowedDown: slowed.map(({ account, region, bucket, perSecond, startPerSecond, slowedAt }) => ({
      account,
      region,
      service: bucket,
      callsPerSecond: perSecond,
      usualCallsPerSecond: startPerSecond,
      throttledAt: slowedAt === null ? null : isoOf(slowedAt),
    })),
  };
}

function countsOf({ "in-state": inState, converging, late, failed }: StandingCounts): Counts {
  return { clusters: inState + converging + late + failed, inState, converging, late, failed };
}

function placeOf(place: string): { readonly account: string; readonly region: string } {
  const [account = "", region = ""] = place.split("/");
  return { account, region };
}

function clusterRow({ entry, standing }: ListedCluster, now: number): ClusterRow {
  const { clusterId, wanted, unconvergedSince, attempts, lastCode, dueAt } = entry;
  const { name: cluster, account, region } = parseClusterId(clusterId) ?? { name: clusterId, account: "", region: "" };
  return {
    ...{ cluster, account, region, standing, wanted, attempts, lastCode },
    since: unconvergedSince === null ? null : isoOf(unconvergedSince),
    dueAt: dueAt <= now ? null : isoOf(dueAt),
  };
}
