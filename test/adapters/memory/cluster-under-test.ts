import type { MemoryCluster, MemoryClusterSpec } from "../../../runtime/adapters/memory/cluster.js";
import type { MemoryWorld } from "../../../runtime/adapters/memory/world.js";
import { createMemoryWorld } from "../../../runtime/adapters/memory/world.js";
import type { Clock, NodeGroup, PodFacts } from "../../../runtime/ports/index.js";
import { fakeClock } from "../../fakes/fake-clock.js";

/** A world with one cluster under virtual time. */
export interface ClusterUnderTest {
  readonly clock: Clock;
  readonly world: MemoryWorld;
  readonly cluster: MemoryCluster;
}

/** A new world with one ordinary cluster that has these groups. */
export function clusterWith(groups: MemoryClusterSpec["groups"] = []): ClusterUnderTest {
  const clock = fakeClock(0);
  const world = createMemoryWorld({ clock });
  const identity = { account: "222222222222", region: "eu-west-1", name: "payments-dev" };
  return { clock, world, cluster: world.addCluster({ identity, groups }) };
}

/** The first group by id; fails the test when there is none. */
export async function firstGroup({ capacity }: MemoryCluster): Promise<NodeGroup> {
  const [group] = await capacity.listGroups();
  if (group === undefined) throw new Error("no group");
  return group;
}

/** All bound pods. */
export async function boundPods({ kubernetes }: MemoryCluster): Promise<readonly PodFacts[]> {
  const nodes = await kubernetes.listNodes();
  return kubernetes.listPods(nodes.map(({ name }) => name));
}
