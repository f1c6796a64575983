import assert from "node:assert/strict";
import { evaluate } from "../../runtime/schedule/index.js";
import type { Hold, Schedule, ScheduleInput } from "../../runtime/schedule/index.js";
import { changesOf, problemsOf, scheduleOf, stateAt } from "./build.js";

const withExceptions = (...exceptions: NonNullable<ScheduleInput["exceptions"]>): Schedule =>
  scheduleOf(
    {
      timezone: "Europe/Berlin",
      awake: ["Mon-Fri 07:00-19:00"],
      holidays: ["team"],
      exceptions,
    },
    { calendars: { team: { dates: ["2026-12-25"] } } },
  );

describe("schedule: exceptions", () => {
  it("win over holidays and windows", () => {
    const schedule = withExceptions({
      from: "2026-12-25T09:00",
      to: "2026-12-25T12:00",
      state: "running",
      reason: "migration",
    });
    assert.deepEqual(changesOf(schedule, "2026-12-25T00:00Z", "2026-12-26T00:00Z"), [
      "2026-12-25T08:00Z running",
      "2026-12-25T11:00Z hibernated",
    ]);
  });

  it("include the whole day that a date names as their end", () => {
    const schedule = withExceptions({
      from: "2026-12-28",
      to: "2026-12-31",
      state: "hibernated",
      reason: "closed",
    });
    assert.equal(stateAt(schedule, "2026-12-31T12:00Z"), "hibernated");
    assert.equal(stateAt(schedule, "2027-01-01T12:00Z"), "running");
  });

  it("may be given as instants with an offset", () => {
    const schedule = withExceptions({
      from: "2026-12-25T00:00:00Z",
      to: "2026-12-25T12:30:00+11:00",
      state: "running",
      reason: "handover from Sydney",
    });
    assert.deepEqual(changesOf(schedule, "2026-12-24T20:00Z", "2026-12-26T00:00Z"), [
      "2026-12-25T00:00Z running",
      "2026-12-25T01:30Z hibernated",
    ]);
  });

  it("may overlap when they agree, and do not blink", () => {
    const schedule = withExceptions(
      { from: "2026-12-26", to: "2026-12-27", state: "running", reason: "one" },
      { from: "2026-12-27T12:00", to: "2026-12-28T02:00", state: "running", reason: "two" },
      { from: "2026-12-26T06:00", to: "2026-12-26T07:00", state: "running", reason: "three" },
      { from: "2026-12-28T02:00", to: "2026-12-28T03:00", state: "hibernated", reason: "four" },
    );
    assert.deepEqual(changesOf(schedule, "2026-12-25T12:00Z", "2026-12-28T05:00Z"), [
      "2026-12-25T23:00Z running",
      "2026-12-28T01:00Z hibernated",
    ]);
    assert.equal(stateAt(schedule, "2026-12-26T12:00Z"), "running", "after the inner one's end");
  });

  it("change nothing where the calendar wants the same", () => {
    const schedule = withExceptions({
      from: "2026-12-22T10:00",
      to: "2026-12-22T11:00",
      state: "running",
      reason: "demo",
    });
    const verdict = evaluate(schedule, Date.parse("2026-12-22T09:30Z"));
    assert.equal(verdict.rule, "exception 2026-12-22T10:00 to 2026-12-22T11:00: demo");
    assert.equal(verdict.since, Date.parse("2026-12-22T06:00Z"));
    assert.equal(verdict.next?.at, Date.parse("2026-12-22T18:00Z"));
  });

  it("are refused when they end before they begin, or name no real moment", () => {
    const exception = { state: "running", reason: "demo" };
    const problems = problemsOf({
      timezone: "UTC",
      awake: "never",
      exceptions: [
        { ...exception, from: "2026-12-24", to: "2026-12-23" },
        { ...exception, from: "2026-12-24T18:00", to: "2026-12-24T18:00" },
        { ...exception, from: "2026-02-30", to: "2026-12-24T24:00" },
        { ...exception, from: "24 December", to: "2026-12-24T18:00 CET", reason: " " },
      ],
    });
    const path = "schedules.office.exceptions";
    assert.match(problems[`${path}[0].to`] ?? "", /"2026-12-23" is not after "2026-12-24"/);
    assert.match(problems[`${path}[1].to`] ?? "", /is not after/);
    assert.match(problems[`${path}[2].from`] ?? "", /a date \(2026-12-24\)/);
    assert.match(problems[`${path}[2].to`] ?? "", /a date \(2026-12-24\)/);
    assert.match(problems[`${path}[3].from`] ?? "", /a local time/);
    assert.match(problems[`${path}[3].to`] ?? "", /an instant with its offset/);
    assert.match(problems[`${path}[3].reason`] ?? "", /must say why/);
  });
});

describe("schedule: holds", () => {
  const hold = (state: Hold["state"], until: string): Hold => ({
    state,
    until: Date.parse(until),
    reason: "release",
    owner: "alice",
  });

  it("win over everything until they expire by themselves", () => {
    const schedule = withExceptions({
      from: "2026-12-22T20:00",
      to: "2026-12-22T22:00",
      state: "hibernated",
      reason: "patching",
    });
    const held = hold("running", "2026-12-22T20:30Z");
    assert.deepEqual(evaluate(schedule, Date.parse("2026-12-22T19:30Z"), held), {
      state: "running",
      rule: "hold by alice: release",
      since: null,
      next: {
        at: Date.parse("2026-12-22T20:30Z"),
        to: "hibernated",
        rule: "exception 2026-12-22T20:00 to 2026-12-22T22:00: patching",
      },
    });
    const after = evaluate(schedule, Date.parse("2026-12-22T20:30Z"), held);
    assert.equal(after.state, "hibernated");
    assert.equal(after.since, Date.parse("2026-12-22T20:30Z"), "the hold ended");
  });

  it("look past their end when the calendar then wants the same", () => {
    const schedule = withExceptions();
    const held = hold("running", "2026-12-22T10:00Z");
    const { next } = evaluate(schedule, Date.parse("2026-12-22T02:00Z"), held);
    assert.deepEqual(next, {
      at: Date.parse("2026-12-22T18:00Z"),
      to: "hibernated",
      rule: "end of window Mon-Fri 07:00-19:00",
    });
    assert.deepEqual(changesOf(schedule, "2026-12-22T00:00Z", "2026-12-23T00:00Z", held), [
      "2026-12-22T18:00Z hibernated",
    ]);
  });

  it("never end in another state when the calendar never changes", () => {
    const always = scheduleOf({ timezone: "UTC", awake: "always" });
    const asleep = evaluate(always, 0, hold("hibernated", "2026-12-22T10:00Z"));
    assert.deepEqual(asleep.next, {
      at: Date.parse("2026-12-22T10:00Z"),
      to: "running",
      rule: "awake: always",
    });
    assert.equal(evaluate(always, 0, hold("running", "2026-12-22T10:00Z")).next, null);
  });
});
