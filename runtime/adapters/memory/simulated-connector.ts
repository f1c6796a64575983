import type { Clock, ClusterConnector, ClusterIdentity } from "../../ports/index.js";
import { clusterId } from "../../ports/index.js";
import { createMemoryWorld } from "./world.js";

/**
 * A connector for rehearsals without an account: every cluster that is asked for exists, is awake, and has one
 * small group with a workload on it. Nothing is kept beyond the process.
 */
export function createSimulatedConnector(clock: Clock): ClusterConnector {
  const world = createMemoryWorld({
    clock,
    timings: { bootMs: 1_000, readyMs: 1_000, terminateMs: 1_000, updateMs: 1_000 },
  });
  const known = new Set<string>();

  function ensure(identity: ClusterIdentity): void {
    if (known.has(clusterId(identity))) return;
    known.add(clusterId(identity));
    const cluster = world.addCluster({ identity, groups: [{ name: "general", size: { min: 1, desired: 2, max: 4 } }] });
    cluster.addDeployment({ name: "web", replicas: 3, graceSeconds: 1 });
  }

  const connector = world.connector();
  return {
    capacity(identity, access) {
      ensure(identity);
      return connector.capacity(identity, access);
    },
    kubernetes(identity, access, facts) {
      ensure(identity);
      return connector.kubernetes(identity, access, facts);
    },
  };
}
