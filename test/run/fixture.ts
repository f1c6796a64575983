import { createMemoryDatabase, createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createMemoryWorld } from "../../runtime/adapters/memory/world.js";
import type { MemoryCluster, MemoryClusterSpec } from "../../runtime/adapters/memory/cluster.js";
import { settingsSchema, type SettingsInput } from "../../runtime/cycle/index.js";
import { clusterId, type Ports, type RunEvent, type StateStore } from "../../runtime/ports/index.js";
import { executeRun, type RunBudget, type RunReport, type RunRequest } from "../../runtime/run/index.js";
import { fakeClock } from "../fakes/fake-clock.js";

const IDENTITY = { account: "111111111111", region: "eu-west-1", name: "pay" } as const;

/** Two groups of three and two nodes, one of each kind. */
const GROUPS: NonNullable<MemoryClusterSpec["groups"]> = [
  { name: "general", size: { min: 1, desired: 3, max: 6 } },
  { name: "batch", kind: "self-managed", size: { min: 0, desired: 2, max: 4 } },
];

/** One simulated cluster, a store and a virtual clock. */
export interface RunFixture {
  readonly cluster: MemoryCluster;
  readonly world: ReturnType<typeof createMemoryWorld>;
  readonly ports: Ports;
  readonly store: StateStore;
  readonly events: readonly RunEvent[];
  /** Runs towards a state as a person would, unless told otherwise. */
  readonly run: (desired: RunRequest["desired"], options?: RunOptions) => Promise<RunReport>;
  /** `group id -> [min, desired, max]`, live. */
  readonly sizes: () => Promise<Readonly<Record<string, readonly number[]>>>;
}

/** What a test may say differently. */
export interface RunOptions extends Partial<RunRequest> {
  readonly settings?: SettingsInput;
  readonly budget?: Partial<RunBudget>;
  readonly ports?: Partial<Ports>;
}

/** Builds the fixture; `groups` replaces the usual two. */
export function runFixture(spec: Partial<MemoryClusterSpec> = {}): RunFixture {
  const clock = fakeClock();
  const world = createMemoryWorld({ clock });
  const cluster = world.addCluster({ identity: IDENTITY, groups: GROUPS, ...spec });
  const store = createMemoryStore(createMemoryDatabase());
  const events: RunEvent[] = [];
  let ids = 0;
  const ports: Ports = {
    clock,
    store,
    connector: world.connector(),
    progress: { emit: (event) => void events.push(event) },
    random: { next: () => 0.5, id: () => `id-${String((ids += 1)).padStart(6, "0")}` },
  };
  return {
    cluster,
    world,
    ports,
    store,
    events,
    run(desired, { settings = {}, budget = {}, ports: others = {}, ...request } = {}) {
      const target = {
        id: clusterId(IDENTITY),
        identity: IDENTITY,
        access: {},
        settings: settingsSchema.parse(settings),
        exclusion: null,
        exclusionsByTag: [],
      };
      return executeRun(
        { cluster: target, desired, origin: "person", reason: "a test asks", operationId: "op-1", ...request },
        { ...ports, ...others },
        { yieldAt: null, signal: new AbortController().signal, ...budget },
      );
    },
    async sizes() {
      const groups = await cluster.capacity.listGroups();
      return Object.fromEntries(groups.map(({ id, size }) => [id, [size.min, size.desired, size.max]]));
    },
  };
}
