import assert from "node:assert/strict";

import { createSystemClock } from "../../../runtime/adapters/system/clock.js";

const clock = createSystemClock();

/** Whether `sleep` is over within a few turns of the event loop. */
function isOver(sleep: Promise<void>): Promise<boolean> {
  const soon = new Promise<boolean>((resolve) => setTimeout(resolve, 30, false));
  return Promise.race([sleep.then(() => true), soon]);
}

describe("system clock", () => {
  it("tells epoch milliseconds", () => {
    const before = Date.now();
    const now = clock.now();
    assert.ok(now >= before && now <= Date.now());
  });

  it("sleeps as long as told", async () => {
    const startedAt = performance.now();
    await clock.sleep(40);
    assert.ok(performance.now() - startedAt >= 38);
  });

  it("wakes at once, without an error, when the signal aborts", async () => {
    const controller = new AbortController();
    const sleep = clock.sleep(60_000, controller.signal);
    controller.abort(new Error("cancelled"));
    assert.equal(await isOver(sleep), true);
  });

  it("does not sleep at all on a signal that is aborted already", async () => {
    assert.equal(await isOver(clock.sleep(60_000, AbortSignal.abort())), true);
  });

  it("does not take more than Node's timers can hold for no time at all", async () => {
    const controller = new AbortController();
    const sleeps = [clock.sleep(2 ** 31, controller.signal), clock.sleep(Infinity, controller.signal)];
    for (const sleep of sleeps) assert.equal(await isOver(sleep), false);
    controller.abort();
    await Promise.all(sleeps);
  });

  it("lets others run even when told to sleep for no time", async () => {
    let hasRun = false;
    setImmediate(() => (hasRun = true));
    for (let turn = 0; turn < 5; turn++) await clock.sleep(0);
    assert.equal(hasRun, true);
  });
});
