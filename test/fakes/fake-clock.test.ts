import assert from "node:assert/strict";

import { fakeClock } from "./fake-clock.js";

describe("the fake clock", () => {
  it("wakes sleepers in the order of their instants", async () => {
    const clock = fakeClock(0);
    const woken: string[] = [];
    const sleeper = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push(`${name}@${clock.now()}`);
    };
    await Promise.all([sleeper("late", 3000), sleeper("early", 1000), sleeper("middle", 2000)]);
    assert.deepEqual(woken, ["early@1000", "middle@2000", "late@3000"]);
  });

  it("does not run ahead of a sleeper that lies down again", async () => {
    const clock = fakeClock(0);
    const seen: number[] = [];
    const ticking = (async () => {
      for (let tick = 0; tick < 3; tick++) {
        await clock.sleep(10);
        seen.push(clock.now());
      }
    })();
    await Promise.all([ticking, clock.sleep(1_800_000)]);
    assert.deepEqual(seen, [10, 20, 30]);
    assert.equal(clock.now(), 1_800_000);
  });

  it("ends a sleep at once when its signal aborts, without moving time", async () => {
    const clock = fakeClock(0);
    const abort = new AbortController();
    const slept = clock.sleep(60_000, abort.signal);
    abort.abort();
    await slept;
    await clock.sleep(60_000, abort.signal);
    assert.equal(clock.now(), 0);
  });
});
