import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { openDynamoStore } from "../../runtime/adapters/dynamodb/store.js";
import { createMemoryAnnouncer } from "../../runtime/adapters/memory/announcer.js";
import { createMemoryTelemetry } from "../../runtime/adapters/memory/telemetry.js";
import { createMemoryWorkQueue } from "../../runtime/adapters/memory/work-queue.js";
import { createSystemRandom } from "../../runtime/adapters/system/random.js";
import { tick } from "../../runtime/fleet/planner/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { meterCapacity, type Capacity, type CapacityMeter } from "../lab/consumed-capacity.js";
import { startDynamoDbLocal, whyNoDynamoDbLocal } from "../lab/dynamodb-local.js";
import { createHubTable } from "../lab/hub-table.js";
import { startProcessGroup } from "../lab/process/process-group.js";
import { seedFleet, type Seed } from "./planner/seed-fleet.js";

const SIZES = [1_000, 10_000, 100_000] as const;
const SHARDS = 16;
const REGION = "eu-west-1";
/** Clusters of one account and Region. */
const PER_ACCOUNT = 20;
/** Who is due is the same in every fleet: a wave of four in each of 25 accounts. */
const DUE = 100;
const DUE_PER_ACCOUNT = 4;

const NOW = Date.UTC(2026, 10, 2, 19);
const LATER = NOW + 86_400_000;
const WARM_UPS = 6;
const ROUNDS = 24;

/** A fleet of one size in its table. */
interface Fleet {
  readonly clusters: number;
  /** One tick over 100 due clusters: how long it took and what it cost. */
  measure(): Promise<Capacity & { readonly ms: number }>;
}

/**
 * One tick of the real planner with 100 clusters due among a thousand, ten thousand and a hundred thousand, over DynamoDB
 * Local. Fleets take turns, and the quickest tick of each counts: what else this computer does can only add to one.
 */
export async function runPlannerBench(): Promise<object> {
  const whyNot = await whyNoDynamoDbLocal();
  if (whyNot !== undefined) throw new Error(whyNot);
  await using running = new AsyncDisposableStack();
  const processes = await startProcessGroup();
  running.defer(() => processes.stop());
  const client = (await startDynamoDbLocal(processes)).client();
  running.defer(() => client.destroy());
  const meter = meterCapacity(client);
  const fleets: Fleet[] = [];
  for (const size of SIZES) fleets.push(await prepareFleet(client, meter, size));
  for (let round = 0; round < WARM_UPS; round++) for (const fleet of fleets) await fleet.measure();
  const results = fleets.map(({ clusters }) => ({ clusters, ticks: [] as Awaited<ReturnType<Fleet["measure"]>>[] }));
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, fleet] of fleets.entries()) results[index]?.ticks.push(await fleet.measure());
  return figures(
    results.map(({ clusters, ticks }) => ({
      clusters,
      tickMs: Math.min(...ticks.map(({ ms }) => ms)),
      medianMs: median(ticks.map(({ ms }) => ms)),
      readUnits: median(ticks.map(({ readUnits }) => readUnits)),
      writeUnits: median(ticks.map(({ writeUnits }) => writeUnits)),
    })),
  );
}

interface Row extends Capacity {
  readonly clusters: number;
  readonly tickMs: number;
  readonly medianMs: number;
}

function figures(fleets: readonly Row[]): object {
  const [small, large] = [fleets[0], fleets.at(-1)];
  if (small === undefined || large === undefined) throw new Error("nothing was measured");
  const timeRatio = large.tickMs / small.tickMs;
  const capacityRatio = (large.readUnits + large.writeUnits) / (small.readUnits + small.writeUnits);
  return {
    due: DUE,
    fleets: fleets.map((row) => ({ ...row, tickMs: round(row.tickMs), medianMs: round(row.medianMs) })),
    timeRatio: round(timeRatio),
    capacityRatio: round(capacityRatio),
    ratio: round(Math.max(timeRatio, capacityRatio)),
  };
}

async function prepareFleet(client: DynamoDBClient, meter: CapacityMeter, clusters: number): Promise<Fleet> {
  const table = `planner-${clusters}`;
  console.error(`registering ${clusters} clusters …`);
  await createHubTable(client, table);
  await seedFleet(
    client,
    table,
    SHARDS,
    Array.from({ length: clusters }, (_, index) => settled(index)),
  );
  const due = Array.from({ length: DUE }, (_, index) => dueSeed(index));
  const store = openDynamoStore({ region: REGION, table, shards: SHARDS, client });
  return {
    clusters,
    async measure() {
      await seedFleet(client, table, SHARDS, due);
      const ports = {
        fleet: store,
        queue: createMemoryWorkQueue({ clock: fakeClock(NOW) }),
        random: createSystemRandom(),
        telemetry: createMemoryTelemetry(),
        announcer: createMemoryAnnouncer(),
      };
      meter.take();
      const startedAt = performance.now();
      const report = await tick({ partition: 0, partitions: 1, now: NOW }, ports);
      const ms = performance.now() - startedAt;
      if (report.sent !== DUE) throw new Error(`a tick sent ${report.sent} of ${DUE}: ${JSON.stringify(report)}`);
      return { ms, ...meter.take() };
    },
  };
}

/** Awake, with nothing to do before tomorrow. */
function settled(index: number): Seed {
  const account = 100_000_000_000 + Math.floor(index / PER_ACCOUNT);
  const clusterId = `${account}/${REGION}/c${index % PER_ACCOUNT}`;
  return { clusterId, dueAt: LATER, wanted: "running", transitionAt: LATER };
}

/** Its evening begins now. */
function dueSeed(index: number): Seed {
  const place = Math.floor(index / DUE_PER_ACCOUNT) * PER_ACCOUNT + (index % DUE_PER_ACCOUNT);
  return { ...settled(place), dueAt: NOW, transitionAt: NOW };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
