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
  const scheduled = fleet.clusters.filter((cluster) => cluster.exclusion === null);
  const names = resourceNames(scheduled.map(({ identity }) => identity));
  return scheduled.flatMap((cluster, index) => {
    const name = names[index];
    const isHere = fleet.shard === null || fleet.shard.has(cluster.id);
    return name === undefined || !isHere ? [] : [declareCluster(cluster, name, { statePath: fleet.state, store })];
  });
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
