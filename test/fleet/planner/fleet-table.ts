import { createMemoryDatabase, createMemoryStore } from "../../../runtime/adapters/memory/state-store.js";
import { createMemoryAnnouncer, type MemoryAnnouncer } from "../../../runtime/adapters/memory/announcer.js";
import { createMemoryTelemetry, type MemoryTelemetry } from "../../../runtime/adapters/memory/telemetry.js";
import {
  DEFAULT_WAVE_OPTIONS,
  tick,
  type PlannerPorts,
  type TickReport,
} from "../../../runtime/fleet/planner/index.js";
import type { FleetEntry, FleetStore, WorkParcel } from "../../../runtime/ports/index.js";
import { entry } from "./entry.js";

/** A table with clusters, a planner over it and what it sent. */
export interface FleetTable {
  readonly fleet: FleetStore;
  readonly ports: PlannerPorts;
  readonly sent: WorkParcel[];
  readonly announcer: MemoryAnnouncer;
  readonly telemetry: MemoryTelemetry;
  /** Registers clusters as the table should have them. */
  readonly add: (...entries: readonly FleetEntry[]) => Promise<void>;
  readonly tick: (now: number, changes?: Partial<PlannerPorts>) => Promise<TickReport>;
}

/** `shards` of the due index; rechecks are out of the way unless a test puts one there. */
export function fleetTable(shards = 4): FleetTable {
  const store = createMemoryStore(createMemoryDatabase(shards));
  const sent: WorkParcel[] = [];
  const announcer = createMemoryAnnouncer();
  const telemetry = createMemoryTelemetry();
  let ids = 0;
  const ports: PlannerPorts = {
    fleet: store,
    queue: {
      send: (parcels) => {
        sent.push(...parcels);
        return Promise.resolve([]);
      },
    },
    random: { id: () => `op-${(ids += 1)}` },
    telemetry,
    announcer,
  };
  return {
    fleet: store,
    ports,
    sent,
    announcer,
    telemetry,
    async add(...entries) {
      for (const { clusterId, generation: _, revision: __, ...settlement } of entries) {
        await store.registerCluster({ clusterId, declaration: "{}", registeredAt: 0 });
        const { generation } = (await store.readEntry(clusterId))!;
        await store.settle(clusterId, generation, settlement);
      }
    },
    tick: (now, changes = {}) =>
      tick(
        { partition: 0, partitions: 1, now },
        { ...ports, ...changes },
        { ...DEFAULT_WAVE_OPTIONS, rhythm: { ...DEFAULT_WAVE_OPTIONS.rhythm, recheckSeconds: 86_400 * 365 } },
      ),
  };
}

/** `count` clusters of one account and Region, all due at one instant. */
export function herd(count: number, changes: Partial<FleetEntry> = {}): readonly FleetEntry[] {
  return Array.from({ length: count }, (_, index) =>
    entry({ clusterId: `111111111111/eu-west-1/c${String(index).padStart(3, "0")}`, ...changes }),
  );
}
