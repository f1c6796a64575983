import { setImmediate } from "node:timers/promises";

import type { Output, Resource } from "@pulumi/pulumi";

import { ClusterSchedule } from "../dynamic-providers/cluster-schedule.js";
import { serialiseCluster, type Fleet, type ScheduledCluster } from "../runtime/config/index.js";
import { resourceNames, type ResourceName } from "./resource-names.js";

/** A line of the table that the stack exports. Instants are ISO texts in UTC. */
export interface ClusterRow {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly schedule: string;
  readonly state: Output<string>;
  readonly wanted: Output<string>;
  readonly nextTransitionAt: Output<string | null>;
  readonly rule: Output<string>;
}

/**
 * Declares one ClusterSchedule for every cluster of this stack that is not excluded, in the order of config. Names are the
 * same whichever of an environment's stacks a cluster stands in. They come after `store`
 * and go before it: deleting a schedule wakes its cluster, for which the store must still be there.
 */
export function declareClusters(fleet: Fleet, store?: Resource): readonly ClusterRow[] {
  return [...declareEach(fleet, store)];
}

/**
 * The same, with a pause after every few clusters in which the engine gets what is declared: it works on the first of
 * thousands while this process, which is busy with each of them for milliseconds, still declares the rest.
 */
export async function streamClusters(fleet: Fleet, store?: Resource): Promise<readonly ClusterRow[]> {
  const rows: ClusterRow[] = [];
  for (const row of declareEach(fleet, store)) {
    rows.push(row);
    if (rows.length % CLUSTERS_AT_ONCE === 0) await setImmediate();
  }
  return rows;
}

const CLUSTERS_AT_ONCE = 10;

function* declareEach(fleet: Fleet, store: Resource | undefined): Generator<ClusterRow> {
  const scheduled = fleet.clusters.filter((cluster) => cluster.exclusion === null);
  const names = resourceNames(scheduled.map(({ identity }) => identity));
  for (const [index, cluster] of scheduled.entries()) {
    const name = names[index];
    const isHere = fleet.shard === null || fleet.shard.has(cluster.id);
    if (name !== undefined && isHere) yield declareCluster(cluster, name, { statePath: fleet.state, store });
  }
}

function declareCluster(
  cluster: ScheduledCluster,
  { name, formerly }: ResourceName,
  { statePath, store }: { readonly statePath: string | null; readonly store: Resource | undefined },
): ClusterRow {
  const { account, region, name: clusterName } = cluster.identity;
  const declared = { cluster: clusterName, account, region, schedule: cluster.scheduleName };
  const { state, wanted, nextTransitionAt, rule } = new ClusterSchedule(
    name,
    { ...declared, declaration: serialiseCluster(cluster), ...(statePath === null ? {} : { statePath }) },
    { ...(formerly !== undefined && { aliases: [{ name: formerly }] }), ...(store && { dependsOn: [store] }) },
  );
  return { ...declared, state, wanted, nextTransitionAt, rule };
}
