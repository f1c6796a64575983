import assert from "node:assert/strict";

import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createBreaker } from "../../runtime/fleet/breaker/index.js";
import { createPacer } from "../../runtime/fleet/pace/index.js";
import { readOverview, type FleetQuestion } from "../../runtime/fleet/read-overview.js";
import type { FleetEntry, PaceKey } from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { entry } from "./planner/entry.js";

const QUESTION: FleetQuestion = { now: 0, accounts: [], standing: null, limit: 5 };

const IDS = Array.from({ length: 100 }, (_, account) =>
  Array.from({ length: 100 }, (_, name) => `${111_111_111_100 + account}/eu-west-1/c-${String(name).padStart(3, "0")}`),
).flat();

/** Ten thousand clusters, none of which has been looked at; notes how many were handed out at once. */
function largeFleet() {
  const pages: number[] = [];
  return {
    pages,
    listEntries(after = "", limit = 100): Promise<readonly FleetEntry[]> {
      const page = IDS.filter((id) => id > after).slice(0, limit);
      pages.push(page.length);
      return Promise.resolve(page.map((clusterId) => entry({ clusterId, wanted: null })));
    },
  };
}

const nothing = () => undefined;

describe("reading a fleet", () => {
  it("goes through ten thousand clusters in pages, keeps what fits into the limit, and says how far it is", async () => {
    const fleet = largeFleet();
    const heard: number[] = [];
    const view = await readOverview(QUESTION, { fleet, ledger: createMemoryStore() }, (count) => heard.push(count));
    assert.equal(view.totals.converging, 10_000);
    assert.deepEqual([view.places.size, view.listed.length, view.omitted], [100, 5, 9_995]);
    assert.ok(Math.max(...fleet.pages) <= 500);
    assert.deepEqual([heard.length, heard.at(-1)], [20, 10_000]);
  });

  it("reads little more than the accounts that are asked for, each once", async () => {
    const fleet = largeFleet();
    const accounts = ["111111111150", "111111111199", "111111111150", "999999999999"];
    const view = await readOverview({ ...QUESTION, accounts }, { fleet, ledger: createMemoryStore() }, nothing);
    assert.deepEqual([...view.places.keys()], ["111111111150/eu-west-1", "111111111199/eu-west-1"]);
    assert.equal(view.totals.converging, 200);
    assert.ok(fleet.pages.length <= 5);
  });

  it("goes on behind a page of which some clusters went away while it was read", async () => {
    const fleet = largeFleet();
    const listEntries = async (after?: string, limit?: number) =>
      (await fleet.listEntries(after, limit)).filter(({ clusterId }) => !clusterId.endsWith("c-050"));
    const view = await readOverview(QUESTION, { fleet: { listEntries }, ledger: createMemoryStore() }, nothing);
    assert.equal(view.totals.converging, 9_900);
  });

  it("tells of accounts that are left alone or slowed down, of those asked for alone", async () => {
    const clock = fakeClock();
    const ledger = createMemoryStore();
    const ports = { ledger, clock, random: { next: () => 0.5, id: () => "id" } };
    const slow = async (key: PaceKey) => {
      const pacer = createPacer(ports);
      pacer.throttled(key);
      await pacer.admit(key);
    };
    for (const account of ["111111111111", "222222222222"]) {
      const breaker = createBreaker(ports);
      for (let refusal = 0; refusal < 5; refusal += 1) await breaker.note(account, "auth");
      await slow({ account, region: "eu-west-1", service: "eks", kind: "write" });
      await slow({ account, region: "eu-west-1", service: "sts", kind: "read" });
    }
    const question = { ...QUESTION, now: clock.now(), accounts: ["222222222222"] };
    const view = await readOverview(question, { fleet: largeFleet(), ledger }, nothing);
    assert.deepEqual(
      view.circuits.map(({ account, trouble }) => [account, trouble]),
      [["222222222222", "auth"]],
    );
    assert.deepEqual(
      view.slowed.map(({ account, region, bucket, shard }) => [account, region, bucket, shard]),
      [
        ["222222222222", "eu-west-1", "eks/write", null],
        ["222222222222", "eu-west-1", "sts", 8],
      ],
    );
    assert.ok(view.slowed.every(({ perSecond, startPerSecond }) => perSecond < startPerSecond));
    const later = await readOverview(
      { ...question, now: clock.now() + 3_600_000 },
      { fleet: largeFleet(), ledger },
      nothing,
    );
    assert.deepEqual(later.slowed, []);
  });

  it("skips rates that another version of Curfew keeps", async () => {
    const ledger = createMemoryStore();
    await ledger.write("pace/111111111111/eu-west-1/rds/read", "{}", null);
    const { slowed } = await readOverview(QUESTION, { fleet: largeFleet(), ledger }, nothing);
    assert.deepEqual(slowed, []);
  });
});
