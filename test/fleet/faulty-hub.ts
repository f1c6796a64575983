import { createMemoryAnnouncer, type MemoryAnnouncer } from "../../runtime/adapters/memory/announcer.js";
import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createMemoryTelemetry } from "../../runtime/adapters/memory/telemetry.js";
import {
  createMemoryWorkQueue,
  type MemoryWorkQueue,
  type ReceivedWork,
} from "../../runtime/adapters/memory/work-queue.js";
import type { MemoryWorld } from "../../runtime/adapters/memory/world.js";
import { parseWorkItem } from "../../runtime/adapters/sqs/message.js";
import { serialiseCluster } from "../../runtime/config/index.js";
import { createBreaker } from "../../runtime/fleet/breaker/index.js";
import { tick } from "../../runtime/fleet/planner/index.js";
import { rememberDeclarations, type WorkerPorts } from "../../runtime/fleet/worker/index.js";
import { createWorkerHandler } from "../../runtime/lambda/worker-handler.js";
import {
  parseClusterId,
  type Clock,
  type ClusterConnector,
  type ClusterIdentity,
  type FleetEntry,
  type FleetStore,
  type Ledger,
  type StateStore,
  type WorkItem,
} from "../../runtime/ports/index.js";
import { executeRun } from "../../runtime/run/index.js";
import { config, fleetOf } from "../config/declared.js";
import { eventOf, rawRecord, recordOf } from "../lambda/hub-events.js";
import { seededRandom } from "../lambda/seeded-random.js";
import { MINUTE } from "./planner/entry.js";

export type HubStore = StateStore & FleetStore & Ledger;

/** What is wrong with a hub; nothing unless told. */
export interface Faults {
  /** The error with which AWS answers whoever wants to work on a cluster. */
  readonly refuse?: (identity: ClusterIdentity) => Error | undefined;
  /** Whether a message arrives as something that is no work item. */
  readonly corrupts?: (item: WorkItem) => boolean;
  /** How far ahead of the true time the clock of the worker is that gets an item. */
  readonly skewMs?: (item: WorkItem) => number;
  /** The table as planner and workers see it. */
  readonly table?: (store: HubStore) => HubStore;
}

/** A hub's real planner, workers and runs over memory; its world and clock may be shared with another hub. */
export interface FaultyHub {
  /** The table itself, without fault. */
  readonly store: HubStore;
  readonly queue: MemoryWorkQueue;
  readonly announcer: MemoryAnnouncer;
  readonly declare: (clusterId: string, schedule: object) => Promise<void>;
  readonly entry: (clusterId: string) => Promise<FleetEntry>;
  /** How many runs were begun on a cluster. */
  readonly runs: (clusterId: string) => number;
  /** A tick, if it is time for one, and whatever lies on the queue. */
  readonly step: (round: number) => Promise<void>;
}

const ROUNDS_PER_TICK = 2;
const REMAINING_MS = 900_000;

export function faultyHub({ clock, world }: { clock: Clock; world: MemoryWorld }, faults: Faults = {}): FaultyHub {
  const store = createMemoryStore();
  const table = faults.table?.(store) ?? store;
  const queue = createMemoryWorkQueue({ clock });
  const announcer = createMemoryAnnouncer();
  const telemetry = createMemoryTelemetry();
  const random = seededRandom(7);
  const runs = new Map<string, number>();
  const base = { clock, random, queue, announcer, telemetry, fleet: table };
  const ports: WorkerPorts = {
    ...base,
    store: table,
    connector: refusing(world.connector(), faults.refuse ?? (() => undefined)),
    progress: { emit: () => undefined },
    breaker: createBreaker({ ledger: table, clock, random }),
    execute: (request, ...rest) => {
      runs.set(request.cluster.id, (runs.get(request.cluster.id) ?? 0) + 1);
      return executeRun(request, ...rest);
    },
    parseDeclaration: rememberDeclarations(),
  };
  const handle = createWorkerHandler(() =>
    Promise.resolve({
      portsFor: (item) => ({ ...ports, clock: skewed(clock, faults.skewMs?.(item) ?? 0) }),
      options: {},
      telemetry,
      parseItem: parseWorkItem,
      log: () => undefined,
    }),
  );

  /** All that lies there comes in one batch: what is wrong with one must not be its neighbours' harm. */
  async function work(received: readonly ReceivedWork[]): Promise<void> {
    const records = received.map(({ item }, index) =>
      faults.corrupts?.(item) ? rawRecord(String(index), '{"clusterId":') : recordOf(String(index), item),
    );
    const { batchItemFailures } = await handle(eventOf(records), { getRemainingTimeInMillis: () => REMAINING_MS });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    received.filter((_, index) => !failed.has(String(index))).forEach(({ remove }) => remove());
  }

  return {
    store,
    queue,
    announcer,
    async declare(clusterId, schedule) {
      const identity = parseClusterId(clusterId)!;
      const [spec] = fleetOf(
        config({ schedules: { its: schedule }, clusters: [{ ...identity, schedule: "its" }] }),
      ).clusters;
      await store.registerCluster({ clusterId, declaration: serialiseCluster(spec!), registeredAt: clock.now() });
    },
    entry: async (clusterId) => (await store.readEntry(clusterId))!,
    runs: (clusterId) => runs.get(clusterId) ?? 0,
    async step(round) {
      if (round % ROUNDS_PER_TICK === 0) await tick({ partition: 0, partitions: 1, now: clock.now() }, base);
      const received = queue.receive(10);
      if (received.length > 0) await work(received);
    },
  };
}

/** Lets hubs work beside each other until an instant, half a minute at a time; what is in hand then is waited for. */
export async function drive(clock: Clock, hubs: readonly FaultyHub[], until: number): Promise<void> {
  const working: Promise<void>[] = [];
  for (let round = 0; clock.now() < until; round += 1) {
    for (const hub of hubs) working.push(hub.step(round));
    await clock.sleep(MINUTE / ROUNDS_PER_TICK);
  }
  await Promise.all(working);
}

function refusing(connector: ClusterConnector, refuse: (identity: ClusterIdentity) => Error | undefined) {
  const guard = (identity: ClusterIdentity): void => {
    const error = refuse(identity);
    if (error !== undefined) throw error;
  };
  return {
    ...connector,
    capacity: async (...[identity, access]: Parameters<ClusterConnector["capacity"]>) => {
      guard(identity);
      return connector.capacity(identity, access);
    },
  };
}

function skewed(clock: Clock, skewMs: number): Clock {
  return skewMs === 0 ? clock : { ...clock, now: () => clock.now() + skewMs };
}
