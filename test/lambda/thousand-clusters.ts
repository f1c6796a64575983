import assert from "node:assert/strict";

import { createMemoryAnnouncer } from "../../runtime/adapters/memory/announcer.js";
import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createMemoryTelemetry } from "../../runtime/adapters/memory/telemetry.js";
import { createMemoryWorld } from "../../runtime/adapters/memory/world.js";
import { createBreaker } from "../../runtime/fleet/breaker/index.js";
import { DEFAULT_WAVE_OPTIONS } from "../../runtime/fleet/planner/index.js";
import { rememberDeclarations } from "../../runtime/fleet/worker/index.js";
import { createPlannerHandler } from "../../runtime/lambda/planner-handler.js";
import { clusterId, type Clock, type ClusterIdentity, type WorkQueue } from "../../runtime/ports/index.js";
import { executeRun } from "../../runtime/run/index.js";
import { seededRandom } from "./seeded-random.js";

const CLUSTERS = 1_000;
const ACCOUNTS = 250;
const AWAKE = { min: 1, desired: 2, max: 3 };

/** A thousand clusters in memory that should sleep, and all that planner and worker need except for the queue. */
export type ThousandClusters = ReturnType<typeof thousandClusters>;

export function thousandClusters(clock: Clock, queue: WorkQueue, seed: number) {
  const world = createMemoryWorld({ clock, timings: { bootMs: 0, readyMs: 0, terminateMs: 2_000, updateMs: 1_000 } });
  const store = createMemoryStore();
  const random = seededRandom(seed);
  const telemetry = createMemoryTelemetry();
  const identities: readonly ClusterIdentity[] = Array.from({ length: CLUSTERS }, (_, index) => ({
    account: String(100_000_000_000 + (index % ACCOUNTS)),
    region: "eu-west-1",
    name: `c${index}`,
  }));
  const base = { clock, random, store, telemetry, announcer: createMemoryAnnouncer(), fleet: store, queue };
  const ports = {
    ...base,
    connector: world.connector(),
    progress: { emit: () => undefined },
    breaker: createBreaker({ ledger: store, clock, random }),
    execute: executeRun,
    parseDeclaration: rememberDeclarations(),
  };
  const planner = createPlannerHandler(() =>
    Promise.resolve({
      ports: { ...base, ledger: store },
      options: DEFAULT_WAVE_OPTIONS,
      partitions: 1,
      log: () => undefined,
    }),
  );

  return {
    ports,
    random,
    tick: () => planner({ partition: 0 }),
    async register(): Promise<void> {
      for (const identity of identities) {
        world.addCluster({ identity, groups: [{ name: "general", size: AWAKE }] });
        await store.registerCluster({
          clusterId: clusterId(identity),
          declaration: declarationOf(identity),
          registeredAt: clock.now(),
        });
      }
    },
    /** Whether the table says that all are where they should be. */
    isConverged: async () =>
      (await store.listUnconverged(undefined, 1)).length === 0 &&
      (await store.listEntries(undefined, CLUSTERS)).every(({ wanted }) => wanted === "hibernated"),
    async assertAsleepOnce(): Promise<void> {
      for (const identity of identities) {
        const [group] = await world.cluster(identity).capacity.listGroups();
        assert.deepEqual([group?.size.min, group?.size.desired], [0, 0], `${identity.name} is awake`);
        const snapshot = (await store.readCycle(clusterId(identity)))?.snapshot ?? "";
        assert.match(snapshot, /"desired":2/, `${identity.name} would not wake with its nodes`);
      }
      const resizes = world.mutations().filter(({ call, outcome }) => call === "resize" && outcome === "accepted");
      const twice = resizes.filter(
        ({ clusterId: id }, index) => resizes.findIndex((each) => each.clusterId === id) < index,
      );
      assert.deepEqual(twice, [], "was resized twice");
      assert.equal(resizes.length, CLUSTERS);
    },
  };
}

function declarationOf(identity: ClusterIdentity): string {
  return JSON.stringify({
    version: 1,
    id: clusterId(identity),
    schedule: { name: "never", minimumWindowMinutes: 30, input: { timezone: "UTC", awake: "never" } },
  });
}
