import type { MemoryCluster } from "../../runtime/adapters/memory/cluster.js";
import { createMemoryWorld } from "../../runtime/adapters/memory/world.js";
import { settingsSchema, takeSnapshot, type Observation } from "../../runtime/cycle/index.js";
import type { RunNotes, StepContext } from "../../runtime/run/context.js";
import type { Session } from "../../runtime/run/session.js";
import { fakeClock } from "../fakes/fake-clock.js";

const IDENTITY = { account: "111111111111", region: "eu-west-1", name: "pay" } as const;

/** One step's surroundings on a simulated cluster with a group of three nodes and one of two. */
export interface StepFixture {
  readonly cluster: MemoryCluster;
  /** Sees the cluster as it is now. */
  readonly observe: () => Promise<StepContext>;
  readonly nowMs: () => number;
}

/** Builds it; only the session's heartbeat may be used. */
export function stepFixture(): StepFixture {
  const clock = fakeClock();
  const cluster = createMemoryWorld({ clock }).addCluster({
    identity: IDENTITY,
    groups: [
      { name: "general", size: { min: 1, desired: 3, max: 6 } },
      { name: "batch", kind: "self-managed", size: { min: 0, desired: 2, max: 4 } },
    ],
  });
  const session = { heartbeat: () => Promise.resolve(), hasCycle: () => false } as Session;
  return {
    cluster,
    nowMs: () => clock.now(),
    async observe() {
      const { capacity, kubernetes } = cluster;
      const facts = await capacity.describeCluster();
      const groups = await capacity.listGroups();
      const instances = await capacity.readInstances(groups);
      const nodes = await kubernetes.listNodes();
      const observation: Observation = { cluster: facts, groups, instances, nodes, karpenterNodes: [], cycle: null };
      const notes: Partial<RunNotes> = { warnings: [], drift: [], failedGroups: new Set() };
      // All that these steps use.
      const context: Partial<StepContext> = {
        clock,
        random: { next: () => 0.5, id: () => "id" },
        settings: settingsSchema.parse({}),
        capacity,
        kubernetes,
        observation,
        snapshot: takeSnapshot({ clusterArn: facts.arn, groups, instances, nodes, pods: [] }, clock.now()),
        session,
        budget: { yieldAt: null, signal: new AbortController().signal },
        attemptDeadlineAt: clock.now() + 7_200_000,
        notes: notes as RunNotes,
        tell: () => undefined,
      };
      return context as StepContext;
    },
  };
}
