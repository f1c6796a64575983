import assert from "node:assert/strict";

import fc from "fast-check";

import { evaluate, sleepShare } from "../../runtime/schedule/index.js";
import { scheduleOf, windowsIn } from "./build.js";

const HOUR_MS = 3_600_000;
const between = (from: string, to: string) => ({ fromAt: Date.parse(from), toAt: Date.parse(to) });
const office = windowsIn("Europe/Berlin", "Mon-Fri 07:00-19:00");

describe("the share of sleep", () => {
  it("of an office week is all but five days' hours, in five sleeps", () => {
    const week = between("2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z");
    assert.deepEqual(sleepShare(office, week), { sleepingMs: (168 - 60) * HOUR_MS, sleeps: 5 });
  });

  it("loses an hour where clocks go forward in the night, and gains one where they go back", () => {
    const spring = sleepShare(office, between("2026-03-23T00:00:00Z", "2026-03-30T00:00:00Z"));
    const gap = sleepShare(office, between("2026-03-27T18:00:00Z", "2026-03-30T05:00:00Z"));
    assert.equal(spring.sleepingMs, (168 - 60) * HOUR_MS);
    assert.deepEqual(gap, { sleepingMs: 59 * HOUR_MS, sleeps: 1 });
    const back = sleepShare(office, between("2026-10-23T17:00:00Z", "2026-10-26T06:00:00Z"));
    assert.deepEqual(back, { sleepingMs: 61 * HOUR_MS, sleeps: 1 });
  });

  it("counts no sleep that began before", () => {
    const night = between("2026-01-05T19:00:00Z", "2026-01-05T20:00:00Z");
    assert.deepEqual(sleepShare(office, night), { sleepingMs: HOUR_MS, sleeps: 0 });
  });

  it("is everything, nothing, or none at all", () => {
    const day = between("2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z");
    const whole = (awake: "always" | "never") => sleepShare(scheduleOf({ timezone: "UTC", awake }), day);
    assert.deepEqual(whole("never"), { sleepingMs: 24 * HOUR_MS, sleeps: 0 });
    assert.deepEqual(whole("always"), { sleepingMs: 0, sleeps: 0 });
    assert.deepEqual(sleepShare(office, { fromAt: day.toAt, toAt: day.fromAt }), { sleepingMs: 0, sleeps: 0 });
  });

  it("adds up over stretches that follow each other, and agrees with the verdict at every hour", () => {
    const start = Date.parse("2026-03-26T00:00:00Z");
    const hours = fc.uniqueArray(fc.integer({ min: 0, max: 240 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(hours, (picked) => {
        const [fromAt = 0, middleAt = 0, toAt = 0] = picked
          .toSorted((one, other) => one - other)
          .map((hour) => start + hour * HOUR_MS);
        const [first, second] = [
          sleepShare(office, { fromAt, toAt: middleAt }),
          sleepShare(office, { fromAt: middleAt, toAt }),
        ];
        const both = sleepShare(office, { fromAt, toAt });
        assert.equal(first.sleepingMs + second.sleepingMs, both.sleepingMs);
        assert.equal(first.sleeps + second.sleeps, both.sleeps);
        let asleep = 0;
        for (let at = fromAt; at < toAt; at += HOUR_MS) asleep += evaluate(office, at).state === "hibernated" ? 1 : 0;
        assert.equal(both.sleepingMs, asleep * HOUR_MS);
      }),
      { numRuns: 50 },
    );
  });
});
