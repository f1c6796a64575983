import assert from "node:assert/strict";
import { parseIcalDates } from "../../runtime/schedule/ical-dates.js";
import { scheduleOf, stateAt } from "./build.js";

const icalOf = (...events: readonly (readonly string[])[]): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//test//test//EN",
    ...events.flatMap((lines, index) => [
      "BEGIN:VEVENT",
      ...(lines.some((line) => line.startsWith("UID")) ? [] : [`UID:${index}`]),
      ...lines,
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
  ].join("\r\n");

function datesOf(...events: readonly (readonly string[])[]): readonly string[] {
  const dates = parseIcalDates(icalOf(...events));
  if (!dates.ok) throw new Error(dates.message);
  return dates.value;
}

function refusalOf(text: string): string {
  const dates = parseIcalDates(text);
  if (dates.ok) throw new Error("the calendar was accepted");
  return dates.message;
}

describe("schedule: iCalendar holidays", () => {
  it("reads whole-day events, in order and each day once", () => {
    assert.deepEqual(
      datesOf(
        ["SUMMARY:Christmas", "DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261227"],
        ["SUMMARY:New Year", "DTSTART;VALUE=DATE:20260101"],
        ["SUMMARY:Boxing Day", "DTSTART;VALUE=DATE:20261226", "DTEND;VALUE=DATE:20261226"],
      ),
      ["2026-01-01", "2026-12-25", "2026-12-26"],
    );
  });

  it("follows repetitions, their gaps, moved and cancelled ones", () => {
    assert.deepEqual(
      datesOf(
        [
          "UID:founders",
          "SUMMARY:Founders' day",
          "DTSTART;VALUE=DATE:20240506",
          "RRULE:FREQ=YEARLY;COUNT=5",
          "EXDATE;VALUE=DATE:20250506",
        ],
        [
          "UID:founders",
          "RECURRENCE-ID;VALUE=DATE:20260506",
          "DTSTART;VALUE=DATE:20260508",
          "SUMMARY:Founders' day, moved",
        ],
        ["UID:founders", "RECURRENCE-ID;VALUE=DATE:20270506", "DTSTART;VALUE=DATE:20270506", "STATUS:CANCELLED"],
        ["SUMMARY:Off", "DTSTART;VALUE=DATE:20260601", "STATUS:CANCELLED"],
      ),
      ["2024-05-06", "2026-05-08", "2028-05-06"],
    );
  });

  it("reads events that repeat without end up to the year 2100", () => {
    const dates = datesOf(["DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY"]);
    assert.equal(dates.length, 75);
    assert.equal(dates.at(-1), "2100-01-01");
  });

  it("refuses what is no holiday calendar, in words", () => {
    assert.match(refusalOf("hello"), /is not a usable iCalendar text/);
    assert.match(refusalOf(icalOf()), /holds no whole-day event/);
    assert.match(
      refusalOf(icalOf(["SUMMARY:Stand-up", "DTSTART:20260506T090000Z", "DTEND:20260506T100000Z"])),
      /"Stand-up" starts at a time of day/,
    );
    assert.match(refusalOf(icalOf(["SUMMARY:When"])), /"When" has no DTSTART/);
  });

  it("hides the days of a schedule that names it", () => {
    const schedule = scheduleOf(
      { timezone: "Europe/Berlin", awake: "always", holidays: ["de"] },
      { calendars: { de: { ical: icalOf(["DTSTART;VALUE=DATE:20261003"]) } } },
    );
    assert.equal(stateAt(schedule, "2026-10-02T21:59Z"), "running");
    assert.equal(stateAt(schedule, "2026-10-02T22:00Z"), "hibernated");
    assert.equal(stateAt(schedule, "2026-10-03T22:00Z"), "running");
  });
});
