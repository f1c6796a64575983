import assert from "node:assert/strict";
import { createMemoryStore } from "../../../runtime/adapters/memory/state-store.js";
import { createBreaker, listOpenCircuits } from "../../../runtime/fleet/breaker/index.js";
import type { Ledger } from "../../../runtime/ports/index.js";
import { fakeClock } from "../../fakes/fake-clock.js";

const ACCOUNT = "111111111111";
const MINUTE = 60_000;

function startBreakers(count: number, ledger: Ledger = createMemoryStore()) {
  const clock = fakeClock();
  const random = { next: () => 0.5, id: () => "id" };
  return { clock, ledger, breakers: Array.from({ length: count }, () => createBreaker({ ledger, clock, random })) };
}

describe("a breaker", () => {
  it("is opened by refusals that several processes meet, and says so to one of them", async () => {
    const { breakers } = startBreakers(5);
    const notes = await Promise.all(breakers.map((breaker) => breaker.note(ACCOUNT, "auth")));
    assert.equal(notes.filter(({ opened }) => opened).length, 1);
    assert.equal((await breakers[0]!.check(ACCOUNT)).kind, "open");
    assert.deepEqual(await breakers[0]!.check("222222222222"), { kind: "closed" });
  });

  it("lets one of many processes probe, and all of them again once that went well", async () => {
    const { breakers, clock } = startBreakers(5);
    await Promise.all(breakers.map((breaker) => breaker.note(ACCOUNT, "auth")));
    await clock.sleep(MINUTE);
    const told = await Promise.all(breakers.map((breaker) => breaker.check(ACCOUNT)));
    assert.deepEqual(told.map(({ kind }) => kind).sort(), ["open", "open", "open", "open", "probe"]);
    assert.deepEqual(await breakers[0]!.note(ACCOUNT, "ok"), { opened: false, closed: true });
    assert.deepEqual(await breakers[1]!.check(ACCOUNT), { kind: "closed" });
  });

  it("does not announce again what stays open after a failed probe", async () => {
    const { breakers, clock } = startBreakers(1);
    const [breaker] = breakers;
    for (let index = 0; index < 5; index += 1) await breaker!.note(ACCOUNT, "auth");
    await clock.sleep(MINUTE);
    await breaker!.check(ACCOUNT);
    assert.deepEqual(await breaker!.note(ACCOUNT, "auth"), { opened: false, closed: false });
    assert.deepEqual(await breaker!.check(ACCOUNT), { kind: "open", until: clock.now() + 2 * MINUTE });
  });

  it("has people told of wakes that it puts off once in each opening, which a failed probe does not end", async () => {
    const { breakers, clock } = startBreakers(5);
    const [breaker] = breakers;
    const open = () => Promise.all(breakers.map((each) => each.note(ACCOUNT, "auth")));
    await open();
    const told = await Promise.all(breakers.map((each) => each.putOff(ACCOUNT)));
    assert.equal(told.filter((isFirst) => isFirst).length, 1);
    await clock.sleep(MINUTE);
    await breaker!.check(ACCOUNT);
    await breaker!.note(ACCOUNT, "auth");
    assert.equal(await breaker!.putOff(ACCOUNT), false);
    await clock.sleep(2 * MINUTE);
    await breaker!.check(ACCOUNT);
    await breaker!.note(ACCOUNT, "ok");
    await open();
    assert.equal(await breaker!.putOff(ACCOUNT), true);
  });

  it("says since when an account is kept away from, whatever probes have failed since", async () => {
    const { breakers, ledger, clock } = startBreakers(1);
    const [breaker] = breakers;
    const openedAt = clock.now();
    for (let refusal = 0; refusal < 5; refusal += 1) await breaker!.note(ACCOUNT, "auth");
    await clock.sleep(MINUTE);
    await breaker!.check(ACCOUNT);
    await breaker!.note(ACCOUNT, "auth");
    assert.deepEqual(
      (await listOpenCircuits(ledger)).map((circuit) => [circuit.openedAt, circuit.openings]),
      [[openedAt, 2]],
    );
  });

  it("lists the accounts that are kept away from, and why", async () => {
    const { breakers, ledger, clock } = startBreakers(5);
    assert.deepEqual(await listOpenCircuits(ledger), []);
    await Promise.all(breakers.map((breaker) => breaker.note(ACCOUNT, "throttled")));
    await breakers[0]!.note("222222222222", "auth");
    const open = await listOpenCircuits(ledger);
    assert.deepEqual(
      open.map(({ account, trouble, until }) => ({ account, trouble, minutes: (until - clock.now()) / MINUTE })),
      [{ account: ACCOUNT, trouble: "throttled", minutes: 1 }],
    );
  });

  it("stops no work when its ledger fails", async () => {
    const fail = () => Promise.reject(new Error("the table is gone"));
    const { breakers } = startBreakers(1, { read: fail, write: fail, list: fail });
    assert.deepEqual(await breakers[0]!.check(ACCOUNT), { kind: "closed" });
    assert.deepEqual(await breakers[0]!.note(ACCOUNT, "auth"), { opened: false, closed: false });
    assert.equal(await breakers[0]!.putOff(ACCOUNT), true);
  });
});
