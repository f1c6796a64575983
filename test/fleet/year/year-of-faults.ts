import { createMemoryDatabase, createMemoryStore } from "../../../runtime/adapters/memory/state-store.js";
import { serialiseCluster } from "../../../runtime/config/index.js";
import { createBreaker } from "../../../runtime/fleet/breaker/index.js";
import { DEFAULT_WAVE_OPTIONS, tick, type PlannerPorts, type Rhythm } from "../../../runtime/fleet/planner/index.js";
import { handleWork, rememberDeclarations, type WorkerPorts } from "../../../runtime/fleet/worker/index.js";
import type { Telemetry, WorkItem, WorkParcel } from "../../../runtime/ports/index.js";
import type { Schedule } from "../../../runtime/schedule/index.js";
import { fleetOf } from "../../config/declared.js";
import { dice } from "./dice.js";
import { doomed } from "./doomed.js";
import { eventClock } from "./event-clock.js";
import { LEASE_MS, modelClusters, type Change } from "./model-clusters.js";

const MINUTE = 60_000;
const SHARDS = 4;
/** Ticks come some time within their minute, not at its beginning. */
const TICK_PHASE_MS = 37_000;
/** A message that a worker took and did not finish comes back (SQS). */
const VISIBILITY_MS = 12 * MINUTE;
const INVOCATION_MS = 5 * MINUTE;

/** Shares of what goes wrong. */
export interface Faults {
  readonly ticks: { readonly lost: number; readonly late: number; readonly doubled: number };
  readonly messages: { readonly lost: number; readonly late: number; readonly doubled: number };
  readonly deaths: number;
}

/** A fault that kept the hub from a cluster (null: from all) until `overAt`. */
export interface Disturbance {
  readonly clusterId: string | null;
  readonly at: number;
  readonly overAt: number;
}

/** What a year left. */
export interface Year {
  readonly clusters: readonly {
    readonly id: string;
    readonly schedule: Schedule;
    readonly changes: readonly Change[];
  }[];
  readonly disturbances: readonly Disturbance[];
  readonly counts: Readonly<Record<"ticks" | "ticksWithWork" | "messages" | "runs" | "deaths", number>>;
}

export interface YearOptions {
  readonly seed: number;
  readonly startAt: number;
  readonly minutes: number;
  readonly fleet: Readonly<Record<string, unknown>>;
  readonly rhythm: Rhythm;
  readonly faults: Faults;
}

/**
 * Drives the real planner and the real worker through a year of minutes on a clock that jumps. Ticks at which nothing is due are not
 * carried out: such a tick reads one index and does nothing, which the planner's own tests show.
 */
export async function yearOfFaults({ seed, startAt, minutes, fleet, rhythm, faults }: YearOptions): Promise<Year> {
  const chance = dice(seed);
  const clock = eventClock(startAt);
  const database = createMemoryDatabase(SHARDS);
  const store = createMemoryStore(database);
  const model = modelClusters(dice(seed + 1));
  const disturbances: Disturbance[] = [];
  const counts = { ticks: 0, ticksWithWork: 0, messages: 0, deaths: 0 };
  let ids = 0;
  const random = { next: chance.next, id: () => `op-${(ids += 1)}` };

  const { clusters } = fleetOf(fleet);
  for (const cluster of clusters) {
    const declaration = serialiseCluster(cluster);
    await store.registerCluster({ clusterId: cluster.id, declaration, registeredAt: startAt });
  }

  const workerPorts: WorkerPorts = {
    clock,
    random,
    store,
    fleet: store,
    queue: { send: deliver },
    announcer: { announce: () => Promise.resolve() },
    telemetry: SILENT,
    connector: NO_CLOUD,
    progress: { emit: () => undefined },
    breaker: createBreaker({ ledger: store, clock, random }),
    execute: model.execute,
    parseDeclaration: rememberDeclarations(clusters.length),
  };

  /** The queue: at least once, in any order, and sometimes not at all. */
  function deliver(parcels: readonly WorkParcel[]): Promise<readonly WorkParcel[]> {
    for (const { item, delaySeconds } of parcels) {
      counts.messages += 1;
      const at = clock.now() + delaySeconds * 1000;
      const { lost, late, doubled } = faults.messages;
      const isLost = chance.chance(lost);
      const lateMs = chance.chance(late) ? chance.between(0, 10 * MINUTE) : 0;
      if (isLost || lateMs > 0) disturb(item.clusterId, at, isLost ? Infinity : at + lateMs);
      if (!isLost) clock.at(at + lateMs, () => receive(item));
      if (chance.chance(doubled)) clock.at(at + chance.between(0, 30 * MINUTE), () => receive(item));
    }
    return Promise.resolve([]);
  }

  /**
   * How long the hub may wait for a message of a cluster: a minute, or as long as that has been in the wrong state, a quarter of an
   * hour at most. A cluster in the state wanted is only rechecked: that a message of its is missing excuses nothing.
   */
  function patienceMs(clusterId: string): number {
    const since = database.fleet.get(clusterId)?.unconvergedSince ?? null;
    return since === null ? 0 : Math.min(Math.max(clock.now() - since, MINUTE), 15 * MINUTE);
  }

  /** A message is missing until it comes, or until the hub has waited long enough. */
  function disturb(clusterId: string, sentFor: number, arrivesAt: number): void {
    disturbances.push({ clusterId, at: clock.now(), overAt: Math.min(arrivesAt, sentFor + patienceMs(clusterId)) });
  }

  function receive(item: WorkItem): void {
    const dieAt = chance.chance(faults.deaths) ? Math.ceil(chance.between(0, 16)) : 0;
    const ports = dieAt === 0 ? workerPorts : doomed(workerPorts, dieAt, () => die(item));
    void handleWork(item, ports, { remainingMs: INVOCATION_MS, rhythm });
  }

  /** A dead worker's lease has to run out, or the patience with one that never took it. */
  function die(item: WorkItem): void {
    counts.deaths += 1;
    const now = clock.now();
    const overAt = now + Math.max(LEASE_MS, patienceMs(item.clusterId));
    disturbances.push({ clusterId: item.clusterId, at: now, overAt });
    clock.at(now + VISIBILITY_MS, () => receive(item));
  }

  const plannerPorts: PlannerPorts = { ...workerPorts, fleet: store };
  const waveOptions = { ...DEFAULT_WAVE_OPTIONS, rhythm };
  const isAnythingDue = (): boolean =>
    Array.from({ length: SHARDS }, (_, shard) => shard).some(
      (shard) => database.fleet.due(shard).upTo(clock.now(), 1).length > 0,
    );
  const carryOutTick = (): void => {
    if (!isAnythingDue()) return;
    counts.ticksWithWork += 1;
    void tick({ partition: 0, partitions: 1, now: clock.now() }, plannerPorts, waveOptions);
  };

  for (let minute = 0; minute < minutes; minute += 1) {
    counts.ticks += 1;
    const at = startAt + minute * MINUTE + TICK_PHASE_MS;
    const { lost, late, doubled } = faults.ticks;
    const isLost = chance.chance(lost);
    const lateMs = chance.chance(late) ? chance.between(0, 5 * MINUTE) : 0;
    if (isLost || lateMs > 0) disturbances.push({ clusterId: null, at, overAt: isLost ? at : at + lateMs });
    if (!isLost) clock.at(at + lateMs, carryOutTick);
    if (chance.chance(doubled)) clock.at(at + chance.between(0, MINUTE), carryOutTick);
    await clock.runUntil(startAt + (minute + 1) * MINUTE - 1);
  }
  return {
    clusters: clusters.flatMap(({ id, schedule }) =>
      schedule === null ? [] : [{ id, schedule, changes: model.changesOf(id) }],
    ),
    disturbances,
    counts: { ...counts, runs: model.runs() },
  };
}

const SILENT: Telemetry = {
  span: (_name, _options, work) => work({ traceparent: "", set: () => undefined, event: () => undefined }),
  count: () => undefined,
  record: () => undefined,
  flush: () => Promise.resolve(),
};

const NO_CLOUD: WorkerPorts["connector"] = {
  capacity: () => Promise.reject(new Error("there is no cloud")),
  kubernetes: () => Promise.reject(new Error("there is no cloud")),
};
