import assert from "node:assert/strict";

import { createMemoryAnnouncer } from "../../runtime/adapters/memory/announcer.js";
import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { tellOnce, type TellOncePorts } from "../../runtime/fleet/tell-once.js";
import type { Announcement } from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { seededRandom } from "../lambda/seeded-random.js";

const MINUTE = 60_000;

const NEWS: Announcement = { kind: "warning", clusterId: null, at: 0, message: "Rain.", data: {} };
const describeRain = () => NEWS;

function table() {
  const clock = fakeClock();
  const announcer = createMemoryAnnouncer();
  const ledger = createMemoryStore();
  const ports: TellOncePorts = { clock, announcer, ledger, random: seededRandom(1) };
  const tell = (what: string, changes: Partial<TellOncePorts> = {}) =>
    tellOnce({ topic: "weather", what }, describeRain, { ...ports, ...changes });
  return { clock, ledger, tell, told: () => announcer.announcements().length };
}

describe("telling once", () => {
  it("tells one occasion once, whoever asks, and the next one again", async () => {
    const { tell, told } = table();
    assert.deepEqual(await Promise.all([tell("monday"), tell("monday"), tell("monday")]), [true, false, false]);
    assert.equal(await tell("monday"), false);
    assert.equal(await tell("tuesday"), true);
    assert.equal(told(), 2);
  });

  it("keeps one page however many occasions there were", async () => {
    const { tell, ledger } = table();
    for (const day of ["monday", "tuesday", "wednesday"]) await tell(day);
    assert.deepEqual(
      (await ledger.list("")).map(({ key }) => key),
      ["told/weather"],
    );
  });

  it("is taken up by the next one who asks, five minutes after somebody died of it", async () => {
    const { clock, tell, told } = table();
    const dying = { announce: () => Promise.reject(new Error("the process is dead")) };
    await assert.rejects(tell("monday", { announcer: dying }), /dead/);
    assert.equal(await tell("monday"), false);
    await clock.sleep(5 * MINUTE);
    assert.equal(await tell("monday"), true);
    assert.equal(await tell("monday"), false);
    assert.equal(told(), 1);
  });

  it("tells rather twice than never when its page cannot be read", async () => {
    const { tell, ledger, told } = table();
    await ledger.write("told/weather", "{", null);
    assert.equal(await tell("monday"), true);
    assert.equal(told(), 1);
  });
});
