import type { Discovery, Failure, FoundCluster } from "../../ports/index.js";
import { parseClusterId } from "../../ports/index.js";
import type { MemoryCluster } from "./cluster.js";

/** Discovery over clusters by their ids. `faults` (by `account/region`) stand for accounts that cannot be looked at. */
export function createMemoryDiscovery(
  clusters: ReadonlyMap<string, MemoryCluster>,
  faults: ReadonlyMap<string, Failure> = new Map(),
): Discovery {
  return {
    async findClusters({ account, region }) {
      const ground = `${account}/${region}`;
      const fault = faults.get(ground);
      if (fault) throw fault;
      const there = [...clusters].filter(([id]) => id.startsWith(`${ground}/`));
      const found = await Promise.all(there.map(([id, cluster]) => describe(id, cluster)));
      return found.toSorted((one, other) => (one.identity.name < other.identity.name ? -1 : 1));
    },
  };
}

async function describe(id: string, cluster: MemoryCluster): Promise<FoundCluster> {
  const identity = parseClusterId(id);
  if (identity === undefined) throw new Error(`${id} is no account/region/name`);
  const { status, tags } = await cluster.capacity.describeCluster();
  return { identity, status, tags };
}
