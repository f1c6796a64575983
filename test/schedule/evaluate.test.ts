import assert from "node:assert/strict";
import { evaluate } from "../../runtime/schedule/index.js";
import type { ScheduleInput } from "../../runtime/schedule/index.js";
import { changesOf, isoOf, scheduleOf, stateAt, windowsIn } from "./build.js";

describe("schedule: verdicts", () => {
  it("say in words which window decides, since when, and what comes next", () => {
    const schedule = windowsIn("Australia/Sydney", {
      start: "0 7 * * 1-5",
      stop: "0 19 * * 1-5",
    });
    assert.deepEqual(evaluate(schedule, Date.parse("2026-05-06T02:00Z")), {
      state: "running",
      rule: 'window "0 7 * * 1-5" to "0 19 * * 1-5"',
      since: Date.parse("2026-05-05T21:00Z"),
      next: {
        at: Date.parse("2026-05-06T09:00Z"),
        to: "hibernated",
        rule: 'end of window "0 7 * * 1-5" to "0 19 * * 1-5"',
      },
    });
  });

  it("name the window that stays open longest, and the one that closed last", () => {
    const schedule = windowsIn("UTC", "07:00-12:00", "10:00-18:00");
    const ruleAt = (iso: string): string => evaluate(schedule, Date.parse(iso)).rule;
    assert.equal(ruleAt("2026-05-06T08:00Z"), "window 07:00-12:00");
    assert.equal(ruleAt("2026-05-06T11:00Z"), "window 10:00-18:00");
    assert.equal(ruleAt("2026-05-06T20:00Z"), "end of window 10:00-18:00");
  });

  it("join windows that touch over midnight, over the weekend and over the end of the week", () => {
    const schedule = windowsIn("UTC", "Wed 12:00-24:00", "Thu 00:00-06:00", "Sun 20:00-02:00");
    assert.deepEqual(changesOf(schedule, "2026-05-03T00:00Z", "2026-05-10T00:00Z"), [
      "2026-05-03T20:00Z running",
      "2026-05-04T02:00Z hibernated",
      "2026-05-06T12:00Z running",
      "2026-05-07T06:00Z hibernated",
    ]);
  });

  const CONSTANT: readonly ScheduleInput["awake"][] = [
    "always",
    ["00:00-24:00"],
    ["Mon-Fri 00:00-24:00", "Sat,Sun 00:00-24:00"],
    ["07:00-19:00", "19:00-07:00"],
    [
      { start: "0 0 1 1 *", stop: "0 0 1 7 *" },
      { start: "0 0 1 7 *", stop: "0 0 1 1 *" },
    ],
  ];
  for (const awake of CONSTANT) {
    it(`never change when nothing ever closes: ${JSON.stringify(awake)}`, () => {
      const schedule = scheduleOf({ timezone: "Europe/Berlin", awake });
      const { state, since, next } = evaluate(schedule, Date.parse("2026-05-06T02:00Z"));
      assert.deepEqual({ state, since, next }, { state: "running", since: null, next: null });
      assert.deepEqual(changesOf(schedule, "2026-01-01T00:00Z", "2030-01-01T00:00Z"), []);
    });
  }

  it("look as far as it takes: yearly windows and 29 February", () => {
    const yearly = windowsIn("UTC", { start: "0 7 1 3 *", stop: "0 7 2 3 *" });
    const { since, next } = evaluate(yearly, Date.parse("2026-02-28T00:00Z"));
    assert.equal(isoOf(since ?? NaN), "2025-03-02T07:00Z");
    assert.equal(isoOf(next?.at ?? NaN), "2026-03-01T07:00Z");
    const leap = windowsIn("UTC", { start: "0 7 29 2 *", stop: "0 19 29 2 *" });
    const verdict = evaluate(leap, Date.parse("2097-01-01T00:00Z"));
    assert.equal(isoOf(verdict.since ?? NaN), "2096-02-29T19:00Z");
    assert.equal(isoOf(verdict.next?.at ?? NaN), "2104-02-29T07:00Z", "2100 has no 29 February");
    const before2000 = evaluate(leap, Date.parse("1999-01-01T00:00Z"));
    assert.equal(isoOf(before2000.next?.at ?? NaN), "2000-02-29T07:00Z", "2000 has one");
  });

  it("keep a dated window and a weekly one apart, and unite what overlaps", () => {
    const schedule = windowsIn("UTC", "Mon-Fri 07:00-19:00", {
      start: "0 18 L * *",
      stop: "0 6 1 * *",
    });
    assert.deepEqual(changesOf(schedule, "2026-04-30T00:00Z", "2026-05-02T00:00Z"), [
      "2026-04-30T07:00Z running",
      "2026-05-01T06:00Z hibernated",
      "2026-05-01T07:00Z running",
      "2026-05-01T19:00Z hibernated",
    ]);
  });

  it("open anew when a start falls on a stop, since a window closes at the next stop after", () => {
    const schedule = windowsIn("UTC", { start: "0 7,12 * * *", stop: "0 12,20 * * *" });
    assert.deepEqual(changesOf(schedule, "2026-05-06T00:00Z", "2026-05-07T00:00Z"), [
      "2026-05-06T07:00Z running",
      "2026-05-06T20:00Z hibernated",
    ]);
  });

  it("work before 1970 and refuse what is no instant", () => {
    const schedule = windowsIn("UTC", "Thu 07:00-19:00");
    assert.equal(stateAt(schedule, "1969-12-25T12:00Z"), "running");
    assert.equal(stateAt(schedule, "1969-12-31T12:00Z"), "hibernated");
    assert.throws(() => evaluate(schedule, NaN), RangeError);
  });
});
