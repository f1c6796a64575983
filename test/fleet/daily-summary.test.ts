import assert from "node:assert/strict";

import { createMemoryAnnouncer } from "../../runtime/adapters/memory/announcer.js";
import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createBreaker } from "../../runtime/fleet/breaker/index.js";
import { tellDailySummary, type SummaryPorts } from "../../runtime/fleet/daily-summary.js";
import type { FailureCode, FleetEntry, Settlement } from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { seededRandom } from "../lambda/seeded-random.js";
import { at, entry, HOUR, MINUTE } from "./planner/entry.js";

const HOUR_OF_DAY = 6;

function fleet() {
  const clock = fakeClock(at("05:00"));
  const store = createMemoryStore();
  const announcer = createMemoryAnnouncer();
  const random = seededRandom(1);
  const ports: SummaryPorts = { clock, random, announcer, ledger: store, fleet: store };
  return {
    clock,
    store,
    breaker: createBreaker({ ledger: store, clock, random }),
    told: () => announcer.announcements(),
    tell: (time: string, changes: Partial<SummaryPorts> = {}) =>
      tellDailySummary(at(time), HOUR_OF_DAY, { ...ports, ...changes }),
    tellAt: (instant: number) => tellDailySummary(instant, HOUR_OF_DAY, ports),
    add: async (name: string, changes: Partial<FleetEntry>) => {
      const clusterId = `111111111111/eu-west-1/${name}`;
      const { clusterId: _, generation: __, revision: ___, ...settlement } = entry(changes);
      await store.registerCluster({ clusterId, declaration: "{}", registeredAt: 0 });
      const { generation } = (await store.readEntry(clusterId))!;
      await store.settle(clusterId, generation, settlement satisfies Settlement);
    },
  };
}

const failed = (lastCode: FailureCode) => ({ unconvergedSince: at("03:00"), attempts: 5, lastCode });

describe("the daily summary", () => {
  it("counts the fleet by how it stands, its failures by their codes, and the accounts that are left alone", async () => {
    const { add, breaker, tell, told } = fleet();
    await add("well", {});
    await add("well-too", { wanted: "running" });
    await add("on-its-way", { unconvergedSince: at("05:50") });
    await add("late", { unconvergedSince: at("04:00") });
    for (const name of ["locked-1", "locked-2"]) await add(name, failed("role-refused"));
    await add("ghost", failed("cluster-not-found"));
    for (let refusal = 0; refusal < 5; refusal += 1) await breaker.note("111111111111", "auth");
    assert.equal(await tell("06:00"), true);
    const [summary] = told();
    assert.equal(
      summary?.message,
      "Of 7 clusters 2 as wanted, 1 under way, 1 late, 3 failed (2 role-refused, 1 cluster-not-found). " +
        "Left alone for now: account 111111111111.",
    );
    assert.deepEqual(
      { ...summary, message: "" },
      {
        kind: "daily-summary",
        clusterId: null,
        at: at("06:00"),
        message: "",
        data: {
          clusters: 7,
          inState: 2,
          converging: 1,
          late: 1,
          failed: 3,
          openCircuits: 1,
          slowedAccounts: 0,
          "failed.role-refused": 2,
          "failed.cluster-not-found": 1,
        },
      },
    );
  });

  it("is short of a fleet that is well, and says that a fleet is empty", async () => {
    const { tell, told } = fleet();
    await tell("06:00");
    assert.equal(told()[0]?.message, "Of 0 clusters 0 as wanted, 0 under way, 0 late, 0 failed.");
  });

  it("comes once a day from its hour on, however often and late it ticks", async () => {
    const { tell, tellAt, told } = fleet();
    assert.equal(await tell("05:59"), false);
    assert.deepEqual(await Promise.all([tell("06:00"), tell("06:00")]), [true, false]);
    for (let now = at("06:01"); now < at("05:59") + 24 * HOUR; now += 10 * MINUTE) await tellAt(now);
    assert.equal(told().length, 1);
    assert.equal(await tellAt(at("23:00") + 24 * HOUR), true);
    assert.equal(told().length, 2);
  });

  it("reads no cluster on a day on which it was told", async () => {
    const { tell } = fleet();
    await tell("06:00");
    const listEntries = () => assert.fail("the fleet was read");
    assert.equal(await tell("12:00", { fleet: { listEntries } }), false);
  });

  it("that could not be made is made later the same day", async () => {
    const { clock, tell } = fleet();
    const listEntries = () => Promise.reject(new Error("the table is throttled"));
    await assert.rejects(tell("06:00", { fleet: { listEntries } }), /throttled/);
    await clock.sleep(10 * MINUTE);
    assert.equal(await tell("06:10"), true);
  });
});
