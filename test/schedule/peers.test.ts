import assert from "node:assert/strict";
import { evaluate, transitions } from "../../runtime/schedule/index.js";
import { changesOf, isoOf, problemsOf, scheduleOf, stateAt, windowsIn } from "./build.js";

/** Cases on which other schedulers stumbled (peers.md, part d), by their numbers there. */
describe("schedule: cases from other schedulers", () => {
  it("T1 is awake from the first instant of a window to the last before its end", () => {
    const schedule = windowsIn("UTC", "10:00-20:00");
    assert.equal(stateAt(schedule, "2026-05-06T09:59:59.999Z"), "hibernated");
    assert.equal(stateAt(schedule, "2026-05-06T10:00:00Z"), "running");
    assert.equal(stateAt(schedule, "2026-05-06T19:59:59Z"), "running");
    assert.equal(stateAt(schedule, "2026-05-06T20:00:00Z"), "hibernated");
  });

  it("T2 joins windows that touch, and takes a gap of one minute at its word", () => {
    const touching = windowsIn("UTC", "05:00-10:00", "10:00-15:00");
    assert.deepEqual(changesOf(touching, "2026-05-06T00:00Z", "2026-05-07T00:00Z"), [
      "2026-05-06T05:00Z running",
      "2026-05-06T15:00Z hibernated",
    ]);
    const apart = windowsIn("UTC", "05:00-10:00", "10:01-15:00");
    assert.equal(stateAt(apart, "2026-05-06T10:00:30Z"), "hibernated");
    const overMidnight = windowsIn("UTC", "05:00-23:59", "00:00-03:00");
    assert.equal(stateAt(overMidnight, "2026-05-06T23:59:59Z"), "hibernated");
    assert.equal(stateAt(overMidnight, "2026-05-07T00:00:00Z"), "running");
    const joined = windowsIn("UTC", "05:00-24:00", "00:00-03:00");
    assert.equal(stateAt(joined, "2026-05-06T23:59:59.999Z"), "running");
  });

  it("T3 makes one run of windows that overlap", () => {
    const schedule = windowsIn("UTC", "07:00-19:00", "18:00-23:00");
    assert.deepEqual(changesOf(schedule, "2026-05-06T00:00Z", "2026-05-07T00:00Z"), [
      "2026-05-06T07:00Z running",
      "2026-05-06T23:00Z hibernated",
    ]);
  });

  it("T4 refuses a window with one side only", () => {
    const problems = problemsOf({
      timezone: "UTC",
      awake: [{ start: "0 10 * * *" }, { stop: "0 20 * * *" }],
    });
    assert.match(problems["schedules.office.awake[0].stop"] ?? "", /needs its stop/);
    assert.match(problems["schedules.office.awake[1].start"] ?? "", /needs its start/);
  });

  it("T5 lets a night window belong to the day on which it begins", () => {
    const schedule = windowsIn("UTC", "Mon-Fri 20:00-08:00");
    assert.equal(stateAt(schedule, "2026-05-09T02:00Z"), "running", "Saturday, Friday's window");
    assert.equal(stateAt(schedule, "2026-05-11T02:00Z"), "hibernated", "Monday, nobody's window");
  });

  it("T6 ends a window of one night on the next morning, not a week later", () => {
    const schedule = windowsIn("UTC", "Mon 23:30-00:30");
    assert.deepEqual(changesOf(schedule, "2026-05-04T00:00Z", "2026-05-11T00:00Z"), [
      "2026-05-04T23:30Z running",
      "2026-05-05T00:30Z hibernated",
    ]);
  });

  it("T7 takes the weekday from the schedule's zone, not from UTC", () => {
    const secondSunday = windowsIn("Australia/Sydney", {
      start: "0 0 * * sun#2",
      stop: "0 12 * * sun#2",
    });
    assert.equal(stateAt(secondSunday, "2023-08-12T13:59:59Z"), "hibernated");
    assert.equal(stateAt(secondSunday, "2023-08-12T14:00:00Z"), "running");
    const auckland = windowsIn("Pacific/Auckland", "Mon-Fri 09:00-10:00");
    assert.equal(stateAt(auckland, "2018-11-04T20:30Z"), "running");
  });

  it("T8 wraps days round the week", () => {
    const awakeDays = (days: string): string => {
      const schedule = windowsIn("UTC", `${days} 10:00-14:00`);
      // 2026-05-03 is a Sunday.
      return ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        .filter((_, index) => stateAt(schedule, `2026-05-0${index + 3}T12:00Z`) === "running")
        .join(" ");
    };
    assert.equal(awakeDays("Sun-Fri"), "Sun Mon Tue Wed Thu Fri");
    assert.equal(awakeDays("sat-sun"), "Sun Sat");
    assert.equal(awakeDays("Tue-Mon"), "Sun Mon Tue Wed Thu Fri Sat");
    assert.equal(awakeDays("SAT-MON"), "Sun Mon Sat");
    assert.equal(awakeDays("Friday-Monday"), "Sun Mon Fri Sat");
    assert.equal(awakeDays("Mon-Wed, Sat"), "Mon Tue Wed Sat");
  });

  it("T8 refuses days by letter or number, which mean different things to different tools", () => {
    const problems = problemsOf({ timezone: "UTC", awake: ["s-m 10:00-14:00", "6-0 10:00-14:00"] });
    assert.match(problems["schedules.office.awake[0]"] ?? "", /"s" is not a day: write Mon, Tue/);
    assert.match(problems["schedules.office.awake[1]"] ?? "", /is not a window/);
  });

  const nextStart = (start: string, stop: string, from: string): string => {
    const { next } = evaluate(windowsIn("UTC", { start, stop }), Date.parse(from));
    return next === null ? "never" : isoOf(next.at);
  };

  it("T9 counts weekdays within a month", () => {
    assert.equal(
      nextStart("0 7 * 4 thu#5", "0 9 * 4 thu#5", "2024-04-01T00:00Z"),
      "2026-04-30T07:00Z",
      "April 2024 and 2025 have four Thursdays",
    );
    assert.equal(nextStart("0 7 * * tue#5", "0 9 * * tue#5", "2024-04-01T00:00Z"), "2024-04-30T07:00Z");
    assert.equal(nextStart("0 7 * * mon#1", "0 9 * * mon#1", "2024-08-20T00:00Z"), "2024-09-02T07:00Z");
    assert.equal(nextStart("0 7 29-31 2 *", "0 9 29-31 2 *", "2026-01-01T00:00Z"), "2028-02-29T07:00Z");
  });

  it("T10 knows the last weekday and the last day of a month, and refuses W in words", () => {
    assert.equal(nextStart("0 7 * * monL", "0 9 * * monL", "2024-04-01T00:00Z"), "2024-04-29T07:00Z");
    assert.equal(nextStart("0 7 L * *", "0 9 L * *", "2024-02-01T00:00Z"), "2024-02-29T07:00Z");
    const problems = problemsOf({
      timezone: "UTC",
      awake: [{ start: "0 7 1W * *", stop: "0 19 30W * *" }],
    });
    assert.match(problems["schedules.office.awake[0].start"] ?? "", /W \(nearest working day\)/);
    assert.match(problems["schedules.office.awake[0].stop"] ?? "", /W \(nearest working day\)/);
  });

  it("T11 takes 00:00-24:00 as always, and refuses times that no clock shows", () => {
    const { state, since, next } = evaluate(windowsIn("UTC", "00:00-24:00"), 0);
    assert.deepEqual({ state, since, next }, { state: "running", since: null, next: null });
    const wrong = {
      "00:00-00:00": /starts and stops at 00:00: write 00:00-24:00/,
      "24:00-24:00": /cannot start at 24:00/,
      "24:00-00:00": /cannot start at 24:00/,
      "00:00-26:00": /"26:00" is not a time of day/,
      "90:00-10:00": /"90:00" is not a time of day/,
      "10:60-12:00": /"10:60" is not a time of day/,
      "Mon-Thur 07:00-19:00": /"Thur" is not a day: write Thu/,
      "Mon-Tue-Wed 07:00-19:00": /"Mon-Tue-Wed" is not a range of days/,
      "Mon-Mon 07:00-19:00": /begins and ends on one day/,
      "7-19": /is not a window: write "Mon-Fri 07:00-19:00"/,
      "": /is not a window/,
    };
    const problems = problemsOf({ timezone: "UTC", awake: Object.keys(wrong) });
    for (const [index, expected] of Object.values(wrong).entries()) {
      assert.match(problems[`schedules.office.awake[${index}]`] ?? "", expected);
    }
  });

  it("T12 needs no memory: a question just after midnight gets the day's answer", () => {
    const nearlyAllDay = windowsIn("UTC", "00:00-23:59");
    assert.equal(stateAt(nearlyAllDay, "2026-05-06T23:59:30Z"), "hibernated");
    assert.equal(stateAt(nearlyAllDay, "2026-05-07T00:00:30Z"), "running");
    const minuteOff = windowsIn("UTC", { start: "0 0 * * *", stop: "59 23 * * *" });
    assert.equal(stateAt(minuteOff, "2026-05-07T00:00:30Z"), "running");
    const never = scheduleOf({ timezone: "UTC", awake: "never" });
    assert.equal(stateAt(never, "2026-05-06T23:59:30Z"), "hibernated");
    assert.equal(stateAt(never, "2026-05-07T00:00:30Z"), "hibernated");
  });

  it("T13 closes at the next stop, also when stops come more often than starts", () => {
    const schedule = windowsIn("UTC", { start: "30 6 * * 1-5", stop: "10 22 * * *" });
    assert.equal(stateAt(schedule, "2026-05-08T22:11Z"), "hibernated", "Friday");
    assert.equal(stateAt(schedule, "2026-05-10T12:00Z"), "hibernated", "Sunday");
    const problems = problemsOf({
      timezone: "UTC",
      awake: [{ start: "0 7 * * 1-5", stop: "00 7 * * MON-FRI" }],
    });
    assert.match(problems["schedules.office.awake[0]"] ?? "", /starts and stops at the same times/);
  });

  it("T14 wakes early for an exception, and sleeps again until the window opens", () => {
    const schedule = scheduleOf({
      timezone: "UTC",
      awake: ["18:00-20:00"],
      exceptions: [{ from: "2026-05-06T09:00", to: "2026-05-06T10:00", state: "running", reason: "demo" }],
    });
    const { state, next } = evaluate(schedule, Date.parse("2026-05-06T06:00Z"));
    assert.equal(state, "hibernated");
    assert.deepEqual(next, {
      at: Date.parse("2026-05-06T09:00Z"),
      to: "running",
      rule: "exception 2026-05-06T09:00 to 2026-05-06T10:00: demo",
    });
    assert.equal(stateAt(schedule, "2026-05-06T10:30Z"), "hibernated");
  });

  it("T15 refuses two exceptions that want opposite states at one time", () => {
    const problems = problemsOf({
      timezone: "UTC",
      awake: "never",
      exceptions: [
        { from: "2026-05-06", to: "2026-05-08", state: "running", reason: "test" },
        { from: "2026-05-08T12:00", to: "2026-05-09", state: "hibernated", reason: "move" },
      ],
    });
    assert.match(
      problems["schedules.office.exceptions[1]"] ?? "",
      /the opposite of schedules\.office\.exceptions\[0\]/,
    );
  });

  it("T16 searches from the first instant (included) to the last (not included)", () => {
    const schedule = windowsIn("UTC", "10:00-20:00");
    assert.deepEqual(changesOf(schedule, "2026-05-06T10:00Z", "2026-05-06T20:00Z"), ["2026-05-06T10:00Z running"]);
    assert.deepEqual(changesOf(schedule, "2026-05-06T10:00:00.001Z", "2026-05-06T20:00:00.001Z"), [
      "2026-05-06T20:00Z hibernated",
    ]);
  });

  it("D1 wakes at 03:00 when 02:30 does not exist", () => {
    const schedule = windowsIn("America/New_York", "02:30-12:00");
    assert.deepEqual(changesOf(schedule, "2024-03-10T05:00Z", "2024-03-10T12:00Z"), ["2024-03-10T07:00Z running"]);
    assert.equal(evaluate(schedule, Date.parse("2024-03-10T05:00Z")).next?.at, 1710054000000);
  });

  it("D2 stops once when 01:30 comes twice", () => {
    const schedule = windowsIn("America/New_York", "12:00-01:30");
    assert.deepEqual(changesOf(schedule, "2024-11-03T00:00Z", "2024-11-03T16:00Z"), ["2024-11-03T05:30Z hibernated"]);
  });

  it("D3 handles gaps at midnight and gaps of half an hour", () => {
    const firstChange = (timezone: string, window: string, from: string, to: string): string =>
      changesOf(windowsIn(timezone, window), from, to).join();
    assert.equal(
      firstChange("America/Santiago", "00:00-12:00", "2024-09-08T00:00Z", "2024-09-08T12:00Z"),
      "2024-09-08T04:00Z running",
    );
    assert.equal(
      firstChange("Africa/Cairo", "00:30-12:00", "2024-04-25T18:00Z", "2024-04-26T06:00Z"),
      "2024-04-25T22:00Z running",
    );
    assert.equal(
      firstChange("Australia/Lord_Howe", "02:15-12:00", "2024-10-05T12:00Z", "2024-10-05T23:00Z"),
      "2024-10-05T15:30Z running",
    );
  });

  it("D4 measures a whole day as 23 or 25 hours of real time", () => {
    const hoursOf = (date: number, month: number): number => {
      const schedule = windowsIn("America/New_York", {
        start: `0 0 ${date} ${month} *`,
        stop: `0 0 ${date + 1} ${month} *`,
      });
      const [opened, closed] = transitions(schedule, Date.UTC(2024, 0, 2), Date.UTC(2025, 0, 1));
      return ((closed?.at ?? NaN) - (opened?.at ?? NaN)) / 3_600_000;
    };
    assert.equal(hoursOf(10, 3), 23);
    assert.equal(hoursOf(3, 11), 25);
  });

  it("D5 finds the Sunday on which the clocks change", () => {
    const schedule = windowsIn("Europe/Berlin", { start: "0 12 * * 0", stop: "0 13 * * 0" });
    const { next } = evaluate(schedule, Date.parse("2022-03-24T00:00Z"));
    assert.equal(isoOf(next?.at ?? NaN), "2022-03-27T10:00Z");
  });

  it("D6 keeps local time across a change", () => {
    const schedule = windowsIn("Europe/Berlin", "07:00-19:00");
    assert.deepEqual(changesOf(schedule, "2026-03-28T00:00Z", "2026-03-30T00:00Z"), [
      "2026-03-28T06:00Z running",
      "2026-03-28T18:00Z hibernated",
      "2026-03-29T05:00Z running",
      "2026-03-29T17:00Z hibernated",
    ]);
  });

  it("D7 stays asleep on a holiday, rather than skip what would have happened", () => {
    const schedule = scheduleOf(
      { timezone: "America/New_York", awake: ["Mon-Fri 07:00-19:00"], holidays: ["us"] },
      { calendars: { us: { dates: ["2015-12-01"] } } },
    );
    assert.equal(stateAt(schedule, "2015-12-01T17:00Z"), "hibernated");
    assert.equal(stateAt(schedule, "2015-12-02T00:05Z"), "hibernated", "19:05 local");
    assert.deepEqual(changesOf(schedule, "2015-12-01T05:00Z", "2015-12-03T05:00Z"), [
      "2015-12-02T12:00Z running",
      "2015-12-03T00:00Z hibernated",
    ]);
  });
});
