import { createMemoryWorld } from "../../runtime/adapters/memory/world.js";
import { fakeClock } from "../fakes/fake-clock.js";
import type { CapacityFixture, FixtureGroup } from "./capacity.js";
import { describeCapacity } from "./capacity.js";

const IDENTITY = { account: "222222222222", region: "eu-west-1", name: "payments-dev" };
const OTHER = { ...IDENTITY, name: "search-dev" };

function idOf({ kind, name }: Pick<FixtureGroup, "kind" | "name">): string {
  return `${kind === "managed" ? "managed" : "asg"}/${name}`;
}

async function openFixture(): Promise<CapacityFixture> {
  const clock = fakeClock();
  const world = createMemoryWorld({ clock });
  const cluster = world.addCluster({ identity: IDENTITY });
  const connector = world.connector();
  let launched = 0;
  return {
    identity: IDENTITY,
    capacity: await connector.capacity(IDENTITY, {}),
    missing: await connector.capacity({ ...IDENTITY, name: "no-such-cluster" }, {}),
    addGroup: (group) => cluster.addGroup(group),
    removeGroup: (group) => cluster.removeGroup(idOf(group)),
    addForeignGroup: (name) =>
      world
        .addCluster({ identity: OTHER })
        .addGroup({ kind: "self-managed", name, size: { min: 0, desired: 1, max: 1 } }),
    startForeignUpdate: (name) => void cluster.startForeignUpdate(`managed/${name}`, 5_000),
    suspendProcesses: (group, processes) => cluster.suspendProcesses(idOf(group), processes),
    resumeProcesses: (group, processes) => cluster.resumeProcesses(idOf(group), processes),
    enableAutoMode: (autoMode) => cluster.setFacts({ autoMode }),
    launchKarpenterInstance: () => {
      launched += 1;
      const instanceId = `i-0${launched}`;
      cluster.addNode({ name: instanceId, instanceId, labels: { "karpenter.sh/nodepool": "default" } });
      return instanceId;
    },
    wait: (ms) => clock.sleep(ms),
    dispose: () => undefined,
  };
}

describeCapacity("memory", () => ({
  open: openFixture,
  close: () => Promise.resolve(),
}));
