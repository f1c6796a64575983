import assert from "node:assert/strict";

import { createMemoryAnnouncer } from "../../runtime/adapters/memory/announcer.js";
import { createMemoryDatabase, createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createMemoryTelemetry } from "../../runtime/adapters/memory/telemetry.js";
import { createMemoryWorkQueue } from "../../runtime/adapters/memory/work-queue.js";
import { createBreaker } from "../../runtime/fleet/breaker/index.js";
import { DEFAULT_WAVE_OPTIONS } from "../../runtime/fleet/planner/index.js";
import { createPlannerHandler, type Planner } from "../../runtime/lambda/planner-handler.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { seededRandom } from "./seeded-random.js";

const SHARDS = 4;
const MINUTE_MS = 60_000;

function hub() {
  const clock = fakeClock();
  const store = createMemoryStore(createMemoryDatabase(SHARDS));
  const queue = createMemoryWorkQueue({ clock });
  const telemetry = createMemoryTelemetry();
  const lines: string[] = [];
  let flushes = 0;
  const planner: Planner = {
    ports: {
      clock,
      queue,
      fleet: store,
      ledger: store,
      random: seededRandom(1),
      announcer: createMemoryAnnouncer(),
      telemetry: {
        ...telemetry,
        flush: () => {
          flushes += 1;
          return Promise.resolve();
        },
      },
    },
    options: DEFAULT_WAVE_OPTIONS,
    partitions: 2,
    log: (level, message) => void lines.push(`${level}: ${message}`),
  };
  return {
    clock,
    store,
    queue,
    planner,
    lines,
    flushes: () => flushes,
    register: (clusterId: string) => store.registerCluster({ clusterId, declaration: "{}", registeredAt: clock.now() }),
    reading: (name: string) =>
      telemetry
        .readings()
        .filter((each) => each.name === name)
        .at(-1)?.value,
  };
}

const ids = Array.from({ length: 20 }, (_, index) => `${100_000_000_000 + index}/eu-west-1/c`);

describe("the planner function", () => {
  it("hands out what is due in its partition, and its twin the rest", async () => {
    const { clock, queue, planner, register } = hub();
    await Promise.all(ids.map(register));
    const handle = createPlannerHandler(() => Promise.resolve(planner));
    const receive = async () => {
      await clock.sleep(15 * MINUTE_MS);
      return queue.receive(100).map(({ item }) => item.clusterId);
    };
    await handle({ partition: 0 });
    const first = await receive();
    await handle({ partition: 1 });
    const second = (await receive()).filter((id) => !first.includes(id));
    assert.ok(first.length > 0 && second.length > 0);
    assert.deepEqual([...first, ...second].sort(), ids);
  });

  it("tells how late the fleet is, and that it is no longer", async () => {
    const { clock, store, planner, register, reading } = hub();
    const handle = createPlannerHandler(() => Promise.resolve(planner));
    const [clusterId = ""] = ids;
    await register(clusterId);
    const entry = await store.readEntry(clusterId);
    assert(entry);
    const settlement = { ...entry, wanted: "hibernated" as const, dueAt: clock.now() + 600 * MINUTE_MS };
    await store.settle(clusterId, entry.generation, { ...settlement, unconvergedSince: clock.now() - 40 * MINUTE_MS });
    await handle({ partition: 0 });
    assert.equal(reading("curfew.fleet.lag"), 40 * MINUTE_MS);
    assert.equal(reading("curfew.fleet.past-target"), 1);
    await store.settle(clusterId, entry.generation, { ...settlement, unconvergedSince: null });
    await handle({ partition: 0 });
    assert.deepEqual([reading("curfew.fleet.lag"), reading("curfew.fleet.past-target")], [0, 0]);
  });

  it("tells how many accounts are kept away from", async () => {
    const { clock, store, planner, reading } = hub();
    const breaker = createBreaker({ ledger: store, clock, random: seededRandom(1) });
    for (let attempt = 0; attempt < 20; attempt++) await breaker.note("111111111111", "auth");
    await createPlannerHandler(() => Promise.resolve(planner))({ partition: 0 });
    assert.equal(reading("curfew.fleet.open-circuits"), 1);
  });

  it("tells of the day in its first partition, where an hour is set", async () => {
    const { planner } = hub();
    const announcer = createMemoryAnnouncer();
    const told = async (partition: number, summaryHour: number | undefined): Promise<readonly string[]> => {
      const ports = { ...planner.ports, announcer };
      await createPlannerHandler(() => Promise.resolve({ ...planner, ports, summaryHour }))({ partition });
      return announcer.announcements().map(({ kind }) => kind);
    };
    assert.deepEqual(await told(0, undefined), []);
    assert.deepEqual(await told(1, 6), []);
    assert.deepEqual(await told(0, 20), []);
    assert.deepEqual(await told(0, 6), ["daily-summary"]);
    assert.deepEqual(await told(0, 6), ["daily-summary"]);
  });

  it("fails when a shard failed, after it has worked on the others and sent its telemetry", async () => {
    const { clock, queue, planner, register, lines, flushes } = hub();
    await Promise.all(ids.map(register));
    const { fleet } = planner.ports;
    const listDue: typeof fleet.listDue = (shard, ...rest) =>
      shard === 0 ? Promise.reject(new Error("the table is throttled")) : fleet.listDue(shard, ...rest);
    const handle = createPlannerHandler(() =>
      Promise.resolve({ ...planner, ports: { ...planner.ports, fleet: { ...fleet, listDue } } }),
    );
    await assert.rejects(handle({ partition: 0 }), /the table is throttled/);
    await clock.sleep(15 * MINUTE_MS);
    assert.ok(queue.receive(100).length > 0);
    assert.ok(lines.includes("error: the table is throttled"));
    assert.equal(flushes(), 1);
  });

  it("fails when the queue takes nothing", async () => {
    const { planner, register } = hub();
    await Promise.all(ids.map(register));
    const queue = { send: () => Promise.reject(new Error("no such queue")) };
    // A batch at a time is given up; the rest of a wave is not even tried.
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => register(`100000000000/eu-west-1/more-${String(index)}`)),
    );
    const handle = createPlannerHandler(() =>
      Promise.resolve({ ...planner, partitions: 1, ports: { ...planner.ports, queue } }),
    );
    await assert.rejects(handle({ partition: 0 }), /clusters are left to the next tick/);
  });

  it("refuses an event that names no partition", async () => {
    const { planner } = hub();
    await assert.rejects(createPlannerHandler(() => Promise.resolve(planner))({}), /partition/);
  });

  it("is put together once, and again when that failed", async () => {
    const { planner } = hub();
    let calls = 0;
    const handle = createPlannerHandler(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error("the environment is wrong")) : Promise.resolve(planner);
    });
    await assert.rejects(handle({ partition: 0 }), /the environment is wrong/);
    await handle({ partition: 0 });
    await handle({ partition: 0 });
    assert.equal(calls, 2);
  });
});
