import assert from "node:assert/strict";
import { evaluate, parseCalendar } from "../../runtime/schedule/index.js";
import type { Schedule, ScheduleInput } from "../../runtime/schedule/index.js";
import { changesOf, isoOf, problemsOf, scheduleOf, stateAt } from "./build.js";

const withHolidays = (awake: ScheduleInput["awake"], ...dates: string[]): Schedule =>
  scheduleOf({ timezone: "UTC", awake, holidays: ["team"] }, { calendars: { team: { dates } } });

describe("schedule: holidays", () => {
  it("hides the local day, from 00:00 to 24:00 of the schedule's zone", () => {
    const schedule = scheduleOf(
      { timezone: "Australia/Sydney", awake: "always", holidays: ["nsw"] },
      { calendars: { nsw: { dates: ["2026-12-25"] } } },
    );
    assert.deepEqual(changesOf(schedule, "2026-12-20T00:00Z", "2026-12-30T00:00Z"), [
      "2026-12-24T13:00Z hibernated",
      "2026-12-25T13:00Z running",
    ]);
  });

  it("hides a window without closing it: after 24:00 it shows again", () => {
    const schedule = withHolidays(["Fri 22:00-06:00"], "2026-05-08");
    assert.deepEqual(changesOf(schedule, "2026-05-08T00:00Z", "2026-05-10T00:00Z"), [
      "2026-05-09T00:00Z running",
      "2026-05-09T06:00Z hibernated",
    ]);
  });

  it("cuts a window short that runs into a holiday", () => {
    const schedule = withHolidays(["Fri 22:00-06:00"], "2026-05-09");
    assert.deepEqual(changesOf(schedule, "2026-05-08T00:00Z", "2026-05-10T00:00Z"), [
      "2026-05-08T22:00Z running",
      "2026-05-09T00:00Z hibernated",
    ]);
  });

  it("says which holiday decided, and sees through a long run of them", () => {
    const december = Array.from({ length: 31 }, (_, index) => isoOf(Date.UTC(2026, 11, index + 1)).slice(0, 10));
    const schedule = withHolidays(["Mon-Fri 07:00-19:00"], ...december);
    const verdict = evaluate(schedule, Date.parse("2026-12-25T12:00Z"));
    assert.deepEqual(verdict, {
      state: "hibernated",
      rule: "holiday 2026-12-25 (team)",
      since: Date.parse("2026-11-30T19:00Z"),
      next: {
        at: Date.parse("2027-01-01T07:00Z"),
        to: "running",
        rule: "window Mon-Fri 07:00-19:00",
      },
    });
  });

  it("takes the days of all calendars that it names", () => {
    const schedule = scheduleOf(
      { timezone: "UTC", awake: "always", holidays: ["one", "two"] },
      { calendars: { one: { dates: ["2026-05-06"] }, two: { dates: ["2026-05-06", "2026-05-07"] } } },
    );
    assert.equal(evaluate(schedule, Date.parse("2026-05-06T12:00Z")).rule, "holiday 2026-05-06 (one, two)");
    assert.equal(stateAt(schedule, "2026-05-07T12:00Z"), "hibernated");
    assert.equal(stateAt(schedule, "2026-05-08T12:00Z"), "running");
  });

  it("names an unknown calendar, and the one that was meant", () => {
    const problems = problemsOf(
      { timezone: "UTC", awake: "always", holidays: ["nsww", "zzzzzz"] },
      { calendars: { nsw: { dates: [] } } },
    );
    assert.match(problems["schedules.office.holidays[0]"] ?? "", /did you mean "nsw"/);
    assert.match(problems["schedules.office.holidays[1]"] ?? "", /declared are nsw/);
  });

  it("refuses dates that do not exist, each by its place", () => {
    const dates = ["2026-02-29", "2026-12-25", "25.12.2026", "2026-12-25T10:00"];
    assert.deepEqual(parseCalendar({ dates }, "calendars.nsw"), {
      ok: false,
      problems: [0, 2, 3].map((index) => ({
        path: `calendars.nsw.dates[${index}]`,
        message: `"${dates[index] ?? ""}" is not a date: write one such as "2026-12-25"`,
      })),
    });
    const problems = problemsOf(
      { timezone: "UTC", awake: "always", holidays: ["nsw"] },
      { calendars: { nsw: { dates } } },
    );
    assert.match(problems["schedules.office.holidays[0]"] ?? "", /"2026-02-29" is not a date/);
  });
});
