import assert from "node:assert/strict";

import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { beginTarget, groupsOf, lookAtTarget, parseOrder, watchGroups } from "../../runtime/fleet/campaign/index.js";
import { activeHold, holdAt, serialiseHold } from "../../runtime/fleet/index.js";
import { isFailure, type Settlement } from "../../runtime/ports/index.js";
import type { Hold } from "../../runtime/schedule/index.js";
import { fakeClock } from "../fakes/fake-clock.js";

const HOUR_MS = 3_600_000;
const PAY = "111111111111/eu-west-1/pay";
const ADS = "222222222222/us-east-1/ads";

const AWAKE: Settlement = {
  dueAt: 0,
  wanted: "running",
  transitionAt: null,
  leadMs: 0,
  unconvergedSince: null,
  attempts: 0,
  lastCode: null,
};
const ASLEEP: Settlement = { ...AWAKE, wanted: "hibernated" };

/** A hub with two clusters that are awake, and a campaign that wants them asleep. */
async function fixture() {
  const clock = fakeClock();
  const store = createMemoryStore();
  const hold: Hold = { state: "hibernated", until: clock.now() + 8 * HOUR_MS, reason: "power cut", owner: "ana" };
  const ports = { clock, store, fleet: store };
  const settle = async (clusterId: string, settlement: Settlement) => {
    const entry = await store.readEntry(clusterId);
    assert.equal(await store.settle(clusterId, entry?.generation ?? "", settlement), "settled");
  };
  for (const clusterId of [PAY, ADS]) {
    await store.registerCluster({ clusterId, declaration: "{}", registeredAt: clock.now() });
    await settle(clusterId, { ...AWAKE, dueAt: clock.now() + HOUR_MS });
  }
  let begunAt = clock.now();
  return {
    clock,
    store,
    ports,
    hold,
    settle,
    begin: async () => {
      ({ begunAt } = await beginTarget({ clusterId: PAY, hold }, ports));
    },
    look: (redrivenAt: number | null = null) =>
      lookAtTarget({ clusterId: PAY, hold, begunAt, redrivenAt, deadlineSeconds: 3600 }, ports),
  };
}

const withCode = (code: string) => (error: unknown) => isFailure(error) && error.code === code;

describe("a cluster of a campaign", () => {
  it("is held and due at once, and is there when the hub has settled it so", async () => {
    const { begin, look, store, clock, hold, settle } = await fixture();
    await begin();
    assert.deepEqual(activeHold((await store.readCluster(PAY))?.hold, clock.now()), hold);
    assert.equal((await store.readEntry(PAY))?.dueAt, 0);
    assert.deepEqual(await look(), { isThere: false });
    await settle(PAY, { ...ASLEEP, unconvergedSince: clock.now() });
    assert.deepEqual(await look(), { isThere: false });
    await settle(PAY, ASLEEP);
    assert.deepEqual(await look(), { isThere: true });
  });

  it("is there at once when the hub has found it so already, and is kept so until the hold ends", async () => {
    const { begin, look, settle, store, hold, clock } = await fixture();
    await settle(PAY, ASLEEP);
    await begin();
    assert.deepEqual(await look(), { isThere: true });
    assert.deepEqual(activeHold((await store.readCluster(PAY))?.hold, clock.now()), hold);
  });

  it("is begun twice without harm", async () => {
    const { begin, look, settle } = await fixture();
    await begin();
    await begin();
    await settle(PAY, ASLEEP);
    assert.deepEqual(await look(), { isThere: true });
  });

  it("is waited for through failures that the hub tries again, and given up with the hub's code", async () => {
    const { begin, look, settle } = await fixture();
    await begin();
    await settle(PAY, { ...ASLEEP, unconvergedSince: 1, attempts: 4, lastCode: "throttled" });
    assert.deepEqual(await look(), { isThere: false });
    await settle(PAY, { ...ASLEEP, unconvergedSince: 1, attempts: 5, lastCode: "throttled" });
    await assert.rejects(look(), withCode("throttled"));
  });

  it("is not waited for when the hub may not touch it", async () => {
    const { begin, look, settle } = await fixture();
    await begin();
    await settle(PAY, { ...AWAKE, wanted: null, lastCode: "cluster-excluded" });
    await assert.rejects(look(), withCode("cluster-excluded"));
  });

  it("is given up at its deadline, with what kept it", async () => {
    const { begin, look, settle, clock } = await fixture();
    await begin();
    await settle(PAY, { ...ASLEEP, unconvergedSince: 1, attempts: 1, lastCode: "drain-blocked" });
    await clock.sleep(HOUR_MS - 1);
    assert.deepEqual(await look(), { isThere: false });
    await clock.sleep(1);
    await assert.rejects(look(), (error) => withCode("timed-out")(error) && String(error).includes("drain-blocked"));
  });

  it("is given its attempts and its whole time anew when it is redriven", async () => {
    const { begin, look, settle, store, clock } = await fixture();
    await begin();
    await settle(PAY, { ...ASLEEP, unconvergedSince: 1, attempts: 5, lastCode: "throttled" });
    await clock.sleep(2 * HOUR_MS);
    const redrivenAt = clock.now();
    await clock.sleep(1000);
    assert.deepEqual(await look(redrivenAt), { isThere: false });
    const entry = await store.readEntry(PAY);
    assert.deepEqual([entry?.dueAt, entry?.attempts, entry?.lastCode], [0, 0, null]);
    const revision = entry?.revision;
    await clock.sleep(1000);
    assert.deepEqual(await look(redrivenAt), { isThere: false });
    assert.equal((await store.readEntry(PAY))?.revision, revision);
    await settle(PAY, ASLEEP);
    assert.deepEqual(await look(redrivenAt), { isThere: true });
  });

  it("is left to whoever holds it otherwise meanwhile, or releases it", async () => {
    const { begin, look, store, hold, clock } = await fixture();
    await begin();
    await store.putHold(PAY, serialiseHold({ ...hold, state: "running", owner: "ben" }, clock.now()));
    await assert.rejects(look(), withCode("cancelled"));
    assert.equal(holdAt((await store.readCluster(PAY))?.hold, clock.now())?.owner, "ben");
    await store.removeHold(PAY);
    await assert.rejects(look(), withCode("cancelled"));
  });

  it("is over with its hold", async () => {
    const { begin, look, clock } = await fixture();
    await begin();
    await clock.sleep(8 * HOUR_MS);
    await assert.rejects(look(), withCode("timed-out"));
    await assert.rejects(begin(), withCode("timed-out"));
  });

  it("is not held when it is not registered, nor waited for", async () => {
    const { begin, look, store } = await fixture();
    await begin();
    await store.removeCluster(PAY);
    await assert.rejects(look(), withCode("cluster-unknown"));
    await assert.rejects(begin(), withCode("cluster-unknown"));
    assert.equal((await store.readCluster(PAY))?.hold ?? null, null);
  });
});

describe("what a campaign is begun with", () => {
  const WISH = { state: "running", until: "2026-02-01T08:00:00+01:00", reason: "sale", owner: "ana" };

  it("may be lists of clusters, which have numbers for names then", () => {
    const { groups, toleratedFailurePercentage, deadlineSeconds } = parseOrder({ ...WISH, groups: [[PAY], [ADS]] });
    assert.deepEqual(groups, [
      { name: "1", clusters: [PAY] },
      { name: "2", clusters: [ADS] },
    ]);
    assert.deepEqual([toleratedFailurePercentage, deadlineSeconds], [0, 7200]);
  });

  it("may be a filter instead, which stands for every cluster of the hub that it fits", async () => {
    const { store } = await fixture();
    const groupsFor = (filter: object) => groupsOf(parseOrder({ ...WISH, filter }), store);
    assert.deepEqual(await groupsFor({ regions: ["eu-*"] }), [{ name: "all", clusters: [PAY] }]);
    assert.deepEqual(await groupsFor({ accounts: ["222222222222", "3*"] }), [{ name: "all", clusters: [ADS] }]);
    assert.deepEqual(await groupsFor({}), [{ name: "all", clusters: [PAY, ADS] }]);
    await assert.rejects(groupsFor({ regions: ["eu-*"], accounts: ["2*"] }), withCode("cluster-unknown"));
  });

  const wrong: readonly [what: string, order: unknown, says: RegExp][] = [
    ["nothing", {}, /state.*until/],
    ["neither groups nor a filter", WISH, /groups of clusters or a filter/],
    ["both", { ...WISH, groups: [[PAY]], filter: {} }, /groups of clusters or a filter/],
    ["names that are no ids", { ...WISH, groups: [["pay"]] }, /groups\.0/],
    ["an instant without a zone", { ...WISH, groups: [[PAY]], until: "2026-02-01T08:00:00" }, /until/],
    ["a cluster twice", { ...WISH, groups: [[PAY], [PAY]] }, /twice/],
    ["a key that nobody knows", { ...WISH, groups: [[PAY]], tolerate: 5 }, /tolerate/],
  ];
  for (const [what, order, says] of wrong) {
    it(`is refused when it is ${what}`, () => {
      assert.throws(
        () => parseOrder(order),
        (error) => withCode("config-invalid")(error) && says.test(String(error)),
      );
    });
  }
});

describe("watching the groups of a campaign", () => {
  it("counts who is there and names who failed, and does not ask again for those who were there", async () => {
    const { store, settle } = await fixture();
    const asked: string[] = [];
    const fleet = { readEntry: (id: string) => (asked.push(id), store.readEntry(id)) };
    const look = watchGroups([{ name: "all", clusters: [PAY, ADS, "3/x/gone"] }], "hibernated", fleet);
    await settle(PAY, ASLEEP);
    await settle(ADS, { ...ASLEEP, unconvergedSince: 1, attempts: 1, lastCode: "throttled" });
    const failing = [{ cluster: ADS, code: "throttled" }];
    assert.deepEqual(await look(), [{ name: "all", total: 3, there: 1, failing }]);
    await settle(ADS, ASLEEP);
    asked.length = 0;
    assert.deepEqual(await look(), [{ name: "all", total: 3, there: 2, failing: [] }]);
    assert.deepEqual(asked, [ADS, "3/x/gone"]);
  });
});
