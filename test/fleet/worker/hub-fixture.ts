import { createMemoryAnnouncer, type MemoryAnnouncer } from "../../../runtime/adapters/memory/announcer.js";
import type { MemoryCluster } from "../../../runtime/adapters/memory/cluster.js";
import { createMemoryStore } from "../../../runtime/adapters/memory/state-store.js";
import { createMemoryTelemetry, type MemoryTelemetry } from "../../../runtime/adapters/memory/telemetry.js";
import { createMemoryWorkQueue, type MemoryWorkQueue } from "../../../runtime/adapters/memory/work-queue.js";
import { createMemoryWorld, type MemoryWorld } from "../../../runtime/adapters/memory/world.js";
import { serialiseCluster } from "../../../runtime/config/index.js";
import { createBreaker } from "../../../runtime/fleet/breaker/index.js";
import { tick } from "../../../runtime/fleet/planner/index.js";
import {
  handleWork,
  rememberDeclarations,
  type WorkEnd,
  type WorkerPorts,
} from "../../../runtime/fleet/worker/index.js";
import type { FleetEntry, FleetStore, Ledger, StateStore, WorkItem } from "../../../runtime/ports/index.js";
import { executeRun } from "../../../runtime/run/index.js";
import { config, fleetOf } from "../../config/declared.js";
import { fakeClock } from "../../fakes/fake-clock.js";
import { at, MINUTE } from "../planner/entry.js";

export const PAY = "222222222222/eu-west-1/pay";

/** Weekdays 07:00 to 19:00. */
const OFFICE = { timezone: "UTC", awake: ["Mon-Fri 07:00-19:00"] };

/** A hub on memory adapters with one simulated cluster of two groups, three and two nodes. */
export interface HubFixture {
  readonly cluster: MemoryCluster;
  readonly world: MemoryWorld;
  readonly store: StateStore & FleetStore & Ledger;
  readonly queue: MemoryWorkQueue;
  readonly announcer: MemoryAnnouncer;
  readonly telemetry: MemoryTelemetry;
  readonly ports: WorkerPorts;
  readonly now: () => number;
  readonly entry: () => Promise<FleetEntry>;
  /** Group sizes: `[min, desired, max]` of each. */
  readonly sizes: () => Promise<readonly (readonly number[])[]>;
  /** Declares the cluster, with settings over the defaults. */
  readonly declare: (changes?: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly work: (changes?: Partial<WorkItem>, options?: WorkOptions) => Promise<WorkEnd>;
  /** Ticks each minute and works on everything that comes over the queue, until `until`; the process dies as `ports` say. */
  readonly drive: (until: number, ports?: (hop: WorkItem) => WorkerPorts) => Promise<void>;
}

export interface WorkOptions {
  readonly remainingMs?: number;
  readonly ports?: Partial<WorkerPorts>;
}

/** The time is `time` (UTC) of Monday, 2026-01-05. */
export async function hubFixture(time: string): Promise<HubFixture> {
  const clock = fakeClock(at(time));
  const world = createMemoryWorld({ clock });
  const cluster = world.addCluster({
    identity: { account: "222222222222", region: "eu-west-1", name: "pay" },
    groups: [
      { name: "general", size: { min: 1, desired: 3, max: 6 } },
      { name: "batch", kind: "self-managed", size: { min: 0, desired: 2, max: 4 } },
    ],
  });
  const store = createMemoryStore();
  const queue = createMemoryWorkQueue({ clock });
  const announcer = createMemoryAnnouncer();
  const telemetry = createMemoryTelemetry();
  let ids = 0;
  const random = { next: () => 0.5, id: () => `id-${String((ids += 1)).padStart(6, "0")}` };
  const ports: WorkerPorts = {
    clock,
    random,
    store,
    fleet: store,
    queue,
    announcer,
    telemetry,
    connector: world.connector(),
    progress: { emit: () => undefined },
    breaker: createBreaker({ ledger: store, clock, random }),
    execute: executeRun,
    parseDeclaration: rememberDeclarations(),
  };

  const hub: HubFixture = {
    cluster,
    world,
    store,
    queue,
    announcer,
    telemetry,
    ports,
    now: () => clock.now(),
    entry: async () => (await store.readEntry(PAY))!,
    async sizes() {
      const groups = await cluster.capacity.listGroups();
      return groups.map(({ size }) => [size.min, size.desired, size.max]);
    },
    async declare({ schedule = OFFICE, ...changes } = {}) {
      const entry = { name: "pay", account: "222222222222", region: "eu-west-1", schedule: "office", ...changes };
      const [spec] = fleetOf(config({ schedules: { office: schedule }, clusters: [entry] })).clusters;
      await store.registerCluster({ clusterId: PAY, declaration: serialiseCluster(spec!), registeredAt: clock.now() });
    },
    work: (changes = {}, { remainingMs = 900_000, ports: others = {} } = {}) =>
      handleWork(
        { clusterId: PAY, operationId: "op", claimedAt: clock.now(), hop: 0, traceparent: null, ...changes },
        { ...ports, ...others },
        { remainingMs },
      ),
    async drive(until, portsOf = () => ports) {
      const working: Promise<unknown>[] = [];
      for (let round = 0; clock.now() < until; round += 1) {
        const now = clock.now();
        if (round % 4 === 0) await tick({ partition: 0, partitions: 1, now }, { ...ports, fleet: store });
        for (const { item, remove } of queue.receive(10)) {
          // A worker that dies does not take its message off the queue.
          const work = handleWork(item, portsOf(item), { remainingMs: 900_000 });
          working.push(work.then(remove, () => undefined));
        }
        await clock.sleep(MINUTE / 4);
      }
      await Promise.all(working);
    },
  };
  await hub.declare();
  return hub;
}
