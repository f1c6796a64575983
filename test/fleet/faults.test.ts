import assert from "node:assert/strict";

import { translateAwsError } from "../../runtime/adapters/aws/translate-error.js";
import type { MemoryCluster } from "../../runtime/adapters/memory/cluster.js";
import { createMemoryWorld } from "../../runtime/adapters/memory/world.js";
import { standingOf } from "../../runtime/fleet/overview.js";
import {
  Failure,
  parseClusterId,
  type Clock,
  type ClusterIdentity,
  type FailureCode,
  type FleetEntry,
} from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { seededRandom } from "../lambda/seeded-random.js";
import { drive, faultyHub, type Faults, type FaultyHub, type HubStore } from "./faulty-hub.js";
import { at, HOUR, MINUTE } from "./planner/entry.js";

/** The one that has the trouble, one of its account and one of another beside it. */
const PAY = "222222222222/eu-west-1/pay";
const API = "222222222222/eu-west-1/api";
const ADS = "333333333333/eu-west-1/ads";

const OFFICE = { timezone: "UTC", awake: ["Mon-Fri 07:00-19:00"] };
const NIGHT = at("23:00");
const NEXT_DAY = at("00:00") + 36 * HOUR;
/** Two wishes of five attempts each, and a recheck an hour. */
const RUNS_A_DAY = 40;

const ASLEEP = [0, 0, 6];
const AWAKE = [1, 3, 6];

interface Place {
  readonly clock: Clock;
  readonly hub: FaultyHub;
  readonly pay: MemoryCluster;
  readonly world: ReturnType<typeof createMemoryWorld>;
  readonly until: (instant: number) => Promise<void>;
}

/** Five to seven on a Monday evening, all clusters running. */
async function evening(faults: Faults = {}): Promise<Place> {
  const clock = fakeClock(at("18:55"));
  const world = createMemoryWorld({ clock });
  const hub = faultyHub({ clock, world }, faults);
  const [pay] = [PAY, API, ADS].map((id) => {
    const groups = [{ name: "general", size: { min: 1, desired: 3, max: 6 } }];
    const cluster = world.addCluster({ identity: parseClusterId(id)!, groups });
    cluster.addDeployment({ name: "web", replicas: 3, graceSeconds: 5 });
    return cluster;
  });
  for (const id of [PAY, API, ADS]) await hub.declare(id, OFFICE);
  return { clock, hub, pay: pay!, world, until: (instant) => drive(clock, [hub], instant) };
}

async function sizeOf({ world }: Place, clusterId: string): Promise<readonly number[]> {
  const [group] = await world.cluster(parseClusterId(clusterId)!).capacity.listGroups();
  assert.ok(group);
  return [group.size.min, group.size.desired, group.size.max];
}

/** What the table says of a cluster that should sleep or run, and does. */
async function assertThere(place: Place, clusterId: string, size: readonly number[]): Promise<void> {
  assert.deepEqual(await sizeOf(place, clusterId), size);
  const { wanted, unconvergedSince, attempts, lastCode } = await place.hub.entry(clusterId);
  const expected = {
    wanted: size === AWAKE ? "running" : "hibernated",
    unconvergedSince: null,
    attempts: 0,
    lastCode: null,
  };
  assert.deepEqual({ wanted, unconvergedSince, attempts, lastCode }, expected);
}

async function assertNeighboursThere(place: Place, size: readonly number[]): Promise<void> {
  for (const id of [API, ADS]) await assertThere(place, id, size);
}

/** The table names the trouble, and people were told. */
async function assertStated(place: Place, code: FailureCode): Promise<void> {
  const { hub } = place;
  const entry = await hub.entry(PAY);
  assert.equal(entry.lastCode, code);
  assert.ok(entry.unconvergedSince !== null && entry.dueAt > place.clock.now() - 2 * MINUTE);
  const told = hub.announcer.announcements().filter(({ clusterId }) => clusterId === PAY);
  assert.ok(told.some(({ kind, data }) => kind === "failure" && data["code"] === code));
}

/** A day with a fault that stays: stated, bounded, harmless to others; and mended, it is over by itself. */
async function standingFault(code: FailureCode, fault: (identity: ClusterIdentity) => Error): Promise<Place> {
  let isMended = false;
  const place = await evening({
    refuse: (identity) => (identity.account.startsWith("2") && !isMended ? fault(identity) : undefined),
  });
  await place.until(NIGHT);
  await assertStated(place, code);
  await assertThere(place, ADS, ASLEEP);
  await place.until(NEXT_DAY);
  await assertStated(place, code);
  await assertThere(place, ADS, AWAKE);
  assert.deepEqual(await sizeOf(place, PAY), AWAKE);
  assertBounded(place);
  isMended = true;
  await place.until(NEXT_DAY + 90 * MINUTE);
  await assertThere(place, PAY, AWAKE);
  return place;
}

function assertBounded({ hub }: Place, runs: number = RUNS_A_DAY): void {
  assert.ok(hub.runs(PAY) <= runs, `${String(hub.runs(PAY))} runs`);
  assert.equal(hub.announcer.announcements().filter(({ clusterId }) => clusterId === ADS).length, 0);
}

/** An error as the SDK throws it, through the adapter's own translation. */
function awsAnswer(name: string, message: string, httpStatusCode: number, action = "eks:DescribeCluster") {
  return (cluster: ClusterIdentity): Failure => {
    const error = Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
    const access = { roleArn: `arn:aws:iam::${cluster.account}:role/spoke` };
    return translateAwsError(error, { action, access, cluster });
  };
}

const throttledTable = () =>
  Promise.reject(new Failure({ code: "store-unavailable", message: "The table is throttled.", remedy: "Wait." }));

describe("a hub in trouble", function () {
  this.timeout(60_000);

  describe("by its messages", () => {
    it("puts a poison message aside after five deliveries, works on its batch, and sends the cluster another", async () => {
      const place = await evening({
        corrupts: ({ clusterId, claimedAt }) => clusterId === PAY && claimedAt < at("19:03"),
      });
      await place.until(at("19:20"));
      await assertThere(place, PAY, ASLEEP);
      await assertNeighboursThere(place, ASLEEP);
      await place.until(NIGHT);
      assert.ok(place.hub.queue.deadLetters().length > 0);
      assert.ok(place.hub.queue.deadLetters().every(({ clusterId }) => clusterId === PAY));
    });

    it("says that a target is missed when every message of a cluster is poison, and sends it four an hour", async () => {
      const place = await evening({ corrupts: ({ clusterId }) => clusterId === PAY });
      await place.until(NEXT_DAY);
      assert.equal(place.hub.runs(PAY), 0);
      const missed = place.hub.announcer.announcements().filter(({ kind }) => kind === "missed-target");
      assert.deepEqual(
        missed.map(({ clusterId }) => clusterId),
        [PAY],
      );
      assert.equal(standingOf(await place.hub.entry(PAY), place.clock.now()), "late");
      assert.ok(place.hub.queue.deadLetters().length <= 4 * 24);
      await assertNeighboursThere(place, AWAKE);
    });

    it("names a declaration that nobody can read, and asks for it once an hour", async () => {
      const place = await evening();
      await place.hub.store.registerCluster({ clusterId: PAY, declaration: "{", registeredAt: 0 });
      await place.until(NEXT_DAY);
      assert.equal((await place.hub.entry(PAY)).lastCode, "config-invalid");
      assert.equal(place.hub.runs(PAY), 0);
      assert.deepEqual(await sizeOf(place, PAY), AWAKE);
      await assertNeighboursThere(place, AWAKE);
    });
  });

  describe("by an account", () => {
    it("whose spoke role is gone says role-refused", async () => {
      const gone = awsAnswer(
        "AccessDenied",
        "User is not authorized to perform: sts:AssumeRole",
        403,
        "sts:AssumeRole",
      );
      const { hub } = await standingFault("role-refused", gone);
      const circuits = hub.announcer.announcements().filter(({ kind }) => kind.startsWith("circuit"));
      assert.deepEqual([circuits[0]?.kind, circuits.at(-1)?.kind], ["circuit-open", "circuit-closed"]);
    });

    it("that is suspended says permission-denied", async () => {
      const suspended = "This account is currently blocked and not recognized as a valid account.";
      await standingFault("permission-denied", awsAnswer("Blocked", suspended, 403));
    });

    const offs: readonly [code: FailureCode, name: string, message: string, status: number][] = [
      ["credentials-missing", "InvalidClientTokenId", "The security token included in the request is invalid.", 403],
      ["permission-denied", "OptInRequired", "You are not subscribed to this service.", 401],
    ];
    for (const [code, name, message, status] of offs) {
      it(`whose Region is not enabled (${name}) says ${code}, and which Region`, async () => {
        const { hub } = await standingFault(code, awsAnswer(name, message, status));
        const reports = await hub.store.listReports(PAY, { limit: 500 });
        assert.ok(reports.some(({ body }) => body.includes(code) && body.includes("Region eu-west-1 ")));
      });
    }

    it("whose session expires in the middle of a run says credentials-expired; a later run ends what was begun", async () => {
      const place = await evening();
      const { faults } = place.pay;
      const stop = place.world.onMutation(({ clusterId }) => {
        if (clusterId !== PAY) return;
        faults.begin("credentials-expired");
        stop();
      });
      await place.until(at("19:40"));
      await assertStated(place, "credentials-expired");
      await assertNeighboursThere(place, ASLEEP);
      faults.end("credentials-expired");
      await place.until(NIGHT);
      await assertThere(place, PAY, ASLEEP);
      assertBounded(place, 12);
      await place.until(NEXT_DAY);
      await assertThere(place, PAY, AWAKE);
    });
  });

  describe("by a cluster that is deleted behind its back", () => {
    it("says cluster-not-found, looks once an hour, and forgets it with its declaration", async () => {
      const place = await evening();
      await place.until(NIGHT);
      await assertThere(place, PAY, ASLEEP);
      place.world.removeCluster(parseClusterId(PAY)!);
      const before = place.hub.runs(PAY);
      await place.until(NEXT_DAY);
      await assertStated(place, "cluster-not-found");
      await assertNeighboursThere(place, AWAKE);
      assertBounded(place);
      assert.ok(place.hub.runs(PAY) > before);
      await place.hub.store.removeCluster(PAY);
      const ended = place.hub.runs(PAY);
      await place.until(NEXT_DAY + 3 * HOUR);
      assert.equal(place.hub.runs(PAY), ended);
    });
  });

  describe("by its clocks", () => {
    for (const [minutes, word] of [
      [7, "ahead"],
      [-7, "behind"],
    ] as const) {
      it(`of which all workers' are minutes ${word} does everything once and is not late`, async () => {
        const place = await evening({ skewMs: () => minutes * MINUTE });
        await place.until(at("19:10"));
        await assertThere(place, PAY, ASLEEP);
        await place.until(NEXT_DAY);
        await assertThere(place, PAY, AWAKE);
        await assertNeighboursThere(place, AWAKE);
        assertBounded(place);
        assert.equal(place.world.mutations().filter(({ call }) => call === "resize").length, 6);
      });
    }

    it("of which no two workers have the same keeps every cluster's sizes through the night", async () => {
      const dice = seededRandom(11);
      const place = await evening({ skewMs: () => Math.round((dice.next() - 0.5) * 14 * MINUTE) });
      await place.until(NIGHT);
      await assertThere(place, PAY, ASLEEP);
      await place.until(NEXT_DAY);
      await assertThere(place, PAY, AWAKE);
      await assertNeighboursThere(place, AWAKE);
      assertBounded(place);
    });
  });

  describe("by a second hub on its cluster", () => {
    it("of the same calendar: both sleep and wake it, and its sizes come back", async () => {
      const { hub, second, until, place } = await rivals(OFFICE);
      await until(NIGHT);
      assert.deepEqual(await sizeOf(place, PAY), ASLEEP);
      await until(NEXT_DAY);
      assert.deepEqual(await sizeOf(place, PAY), AWAKE);
      for (const each of [hub, second]) {
        const { lastCode, unconvergedSince } = await each.entry(PAY);
        assert.deepEqual([lastCode, unconvergedSince], [null, null]);
        assert.ok(each.runs(PAY) <= RUNS_A_DAY);
      }
    });

    it("that wants it asleep: the other says snapshot-missing in the morning, and nobody wakes and sleeps it in turns", async () => {
      const { hub, second, until, place } = await rivals({ timezone: "UTC", awake: "never" });
      await until(NEXT_DAY);
      assert.deepEqual(await sizeOf(place, PAY), ASLEEP);
      assert.equal((await second.entry(PAY)).lastCode, null);
      const resizes = place.world.mutations().filter(({ call, clusterId }) => call === "resize" && clusterId === PAY);
      assert.equal(resizes.length, 1);
      await assertStated(place, "snapshot-missing");
      assert.ok(hub.runs(PAY) <= RUNS_A_DAY);
    });

    it("that wants it awake: the one that sleeps it goes on, the other says snapshot-missing and changes nothing", async () => {
      const { hub, second, until, place } = await rivals({ timezone: "UTC", awake: "always" });
      await until(NIGHT);
      assert.deepEqual(await sizeOf(place, PAY), ASLEEP);
      assert.equal((await hub.entry(PAY)).lastCode, null);
      const { lastCode, unconvergedSince } = await second.entry(PAY);
      assert.equal(lastCode, "snapshot-missing");
      assert.notEqual(unconvergedSince, null);
      assert.ok(
        second.announcer.announcements().some(({ kind, clusterId }) => kind === "failure" && clusterId === PAY),
      );
      await until(NEXT_DAY);
      assert.deepEqual(await sizeOf(place, PAY), AWAKE);
      for (const each of [hub, second]) {
        assert.equal((await each.entry(PAY)).lastCode, null);
        assert.ok(each.runs(PAY) <= RUNS_A_DAY);
      }
    });
  });

  describe("by its table", () => {
    it("that is throttled on one call in ten loses nothing", async () => {
      const dice = seededRandom(3);
      let isThrottled = true;
      const place = await evening({ table: (store) => unreliable(store, () => isThrottled && dice.next() < 0.1) });
      await place.until(at("21:00"));
      isThrottled = false;
      await place.until(NIGHT);
      await assertThere(place, PAY, ASLEEP);
      await assertNeighboursThere(place, ASLEEP);
      await place.until(NEXT_DAY);
      await assertThere(place, PAY, AWAKE);
      await assertNeighboursThere(place, AWAKE);
    });

    it("that throttles one cluster's items says store-unavailable, touches nothing there, and ends by itself", async () => {
      let isThrottled = true;
      const place = await evening({
        table: (store) => ({
          ...store,
          openCycle: (lease, cycle) =>
            isThrottled && lease.clusterId === PAY ? throttledTable() : store.openCycle(lease, cycle),
        }),
      });
      await place.until(NIGHT);
      await assertStated(place, "store-unavailable");
      assert.deepEqual(await sizeOf(place, PAY), AWAKE);
      await assertNeighboursThere(place, ASLEEP);
      assertBounded(place, 10);
      isThrottled = false;
      await place.until(NIGHT + 75 * MINUTE);
      await assertThere(place, PAY, ASLEEP);
    });

    it("whose index lags by minutes sends nothing twice and is only late", async () => {
      const place = await evening({ table: lagging });
      await place.until(at("19:30"));
      await assertThere(place, PAY, ASLEEP);
      assert.ok(place.hub.runs(PAY) <= 4, `${String(place.hub.runs(PAY))} runs`);
      await place.until(NEXT_DAY);
      await assertThere(place, PAY, AWAKE);
      await assertNeighboursThere(place, AWAKE);
      assertBounded(place);
      assert.equal(place.world.mutations().filter(({ call }) => call === "resize").length, 6);
    });
  });
});

/** A second hub, which knows pay alone, over the same world. */
async function rivals(schedule: object) {
  const place = await evening();
  const { hub, world, clock } = place;
  const second = faultyHub({ clock, world });
  await second.declare(PAY, schedule);
  return { place, hub, second, until: (instant: number) => drive(clock, [hub, second], instant) };
}

/** Every call of the table may be refused. */
function unreliable(store: HubStore, isRefused: () => boolean): HubStore {
  return new Proxy(store, {
    get(target, name, receiver) {
      const call: unknown = Reflect.get(target, name, receiver);
      if (typeof call !== "function") return call;
      return (...args: unknown[]): unknown => (isRefused() ? throttledTable() : Reflect.apply(call, target, args));
    },
  });
}

/** The due index shows what it held three ticks ago. */
function lagging(store: HubStore): HubStore {
  const seen = new Map<number, readonly (readonly FleetEntry[])[]>();
  return {
    ...store,
    async listDue(shard, until, limit) {
      const readings = [...(seen.get(shard) ?? []), await store.listDue(shard, until, limit)].slice(-4);
      seen.set(shard, readings);
      return readings.length === 4 ? (readings[0] ?? []) : [];
    },
  };
}
