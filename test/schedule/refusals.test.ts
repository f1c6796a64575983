import assert from "node:assert/strict";
import { parseSchedule } from "../../runtime/schedule/index.js";
import { problemsOf, scheduleOf } from "./build.js";

const awakeProblem = (window: unknown, ...others: readonly unknown[]): string => {
  const problems = problemsOf({ timezone: "UTC", awake: [...others, window] });
  const paths = Object.keys(problems).filter((path) => path.startsWith(`schedules.office.awake[${others.length}]`));
  return paths.map((path) => problems[path]).join("; ");
};

const cronProblem = (start: string): string => awakeProblem({ start, stop: "0 19 * * *" });

describe("schedule: refusals", () => {
  it("name every problem at once, each with its path", () => {
    const problems = problemsOf({
      timezone: "Australia/Sidney",
      awake: ["nonsense", { start: "0 7 * *", stop: "@daily" }, 7],
      holidays: ["nowhere", 5],
      exceptions: [{ from: "yesterday", to: "2026-12-24", state: "off" }],
      colour: "blue",
    });
    assert.deepEqual(Object.keys(problems).sort(), [
      "schedules.office.awake[0]",
      "schedules.office.awake[1].start",
      "schedules.office.awake[1].stop",
      "schedules.office.awake[2]",
      "schedules.office.colour",
      "schedules.office.exceptions[0].from",
      "schedules.office.exceptions[0].reason",
      "schedules.office.exceptions[0].state",
      "schedules.office.holidays[0]",
      "schedules.office.holidays[1]",
      "schedules.office.timezone",
    ]);
  });

  it("put problems below the path that the caller gives", () => {
    const parsed = parseSchedule("office", null, { path: "curfew:schedules.office" });
    assert.deepEqual(parsed, {
      ok: false,
      problems: [{ path: "curfew:schedules.office", message: "must be an object with timezone and awake" }],
    });
  });

  it("suggest the zone that was meant", () => {
    const zoneProblem = (timezone: string): string | undefined =>
      problemsOf({ timezone, awake: "always" })["schedules.office.timezone"];
    assert.match(zoneProblem("Australia/Sidney") ?? "", /did you mean "Australia\/Sydney"/);
    assert.match(zoneProblem("Europe/Berln") ?? "", /did you mean "Europe\/Berlin"/);
    assert.match(zoneProblem("new york") ?? "", /did you mean "America\/New_York"/);
    assert.match(zoneProblem("+02:00") ?? "", /is an offset, not a zone/);
    assert.match(zoneProblem("Middle-earth/Shire") ?? "", /is not an IANA time zone; write one/);
    assert.match(zoneProblem("") ?? "", /is not an IANA time zone/);
  });

  it("do not strike aliases of zones", () => {
    for (const timezone of ["UTC", "US/Pacific", "Asia/Calcutta", "Etc/GMT+5"]) {
      assert.equal(scheduleOf({ timezone, awake: "always" }).timezone, timezone);
    }
  });

  it("strike cron expressions that have not five fields", () => {
    assert.match(cronProblem(""), /has 0 fields: write five/);
    assert.match(cronProblem("0 7 * *"), /has 4 fields/);
    assert.match(cronProblem("0 0 7 * * 1-5"), /has 6 fields/);
    assert.match(cronProblem("@daily"), /is a nickname: write the five fields/);
  });

  it("strike cron expressions that mean nothing, or something else than they seem to", () => {
    assert.match(cronProblem("0 25 * * *"), /got value 25 expected range 0-23/);
    assert.match(cronProblem("x 7 * * *"), /is not a cron expression/);
    assert.match(cronProblem("0 7 * * FRI-MON"), /a range must go upwards/);
    assert.match(cronProblem("H 7 * * *"), /H \(a time picked by hash\)/);
    assert.match(cronProblem("0 7 * * 1#6"), /after # comes one of 1 to 5/);
    assert.match(cronProblem("0 7 1 * 1"), /cron would take either/);
    assert.match(cronProblem("0 7 30 2 *"), /never fires/);
    assert.match(cronProblem("0 7 31 2,4 *"), /never fires/);
  });

  it("strike windows that are too short, by a limit that can be set", () => {
    assert.match(awakeProblem("Mon 10:00-10:29"), /as little as 29 minutes/);
    assert.match(awakeProblem({ start: "0 7 * * *", stop: "10 7 * * *" }), /as little as 10 min/);
    assert.match(
      awakeProblem({ start: "50 23 L * *", stop: "0 0 1 * *" }),
      /as little as 10 minutes/,
      "over midnight and the end of the month",
    );
    assert.match(
      awakeProblem({ start: "0 7 29 2 *", stop: "10 7 * * mon#5" }),
      /as little as 10 minutes/,
      "only when 29 February is a fifth Monday",
    );
    const halfHour = { timezone: "UTC", awake: ["10:00-10:30"] };
    assert.equal(parseSchedule("office", halfHour, {}).ok, true);
    assert.equal(parseSchedule("office", halfHour, { minimumWindowMinutes: 31 }).ok, false);
    const apart = { start: "0 7 1 * *", stop: "10 7 2 * *" };
    assert.equal(parseSchedule("office", { timezone: "UTC", awake: [apart] }, {}).ok, true);
  });

  it("strike the same window twice, however it is written", () => {
    const text = "Mon-Fri 07:00-19:00";
    const same = /is the same window as schedules\.office\.awake\[0\]/;
    assert.match(awakeProblem("monday-friday 7:00 - 19:00", text), same);
    assert.match(awakeProblem({ start: "0 7 * * 1-5", stop: "0 19 * * MON-FRI" }, text), same);
    assert.match(
      awakeProblem({ start: "0 7 1 * ?", stop: "0 19 1 * *" }, { start: "00 07 1 * *", stop: "0 19 1 */1 *" }),
      same,
    );
    scheduleOf({ timezone: "UTC", awake: [text, "Mon-Fri 08:00-20:00"] });
  });

  it("strike an empty list of windows, and words that are none", () => {
    const awakeOf = (awake: unknown): string => problemsOf({ timezone: "UTC", awake })["schedules.office.awake"] ?? "";
    assert.match(awakeOf([]), /must hold at least one window/);
    assert.match(awakeOf("sometimes"), /must be "always", "never" or a list/);
    assert.match(awakeOf(undefined), /must be "always", "never" or a list/);
    assert.match(awakeOf({ start: "0 7 * * *" }), /must be "always", "never" or a list/);
  });
});

describe("schedule: parsed values", () => {
  it("are frozen, and equal when parsed again from what they keep", () => {
    const schedule = scheduleOf(
      {
        timezone: "Europe/Berlin",
        awake: ["Mon-Fri 07:00-19:00", { start: "0 7 1 * *", stop: "0 9 1 * *" }],
        holidays: ["team"],
        exceptions: [{ from: "2026-01-02", to: "2026-01-03", state: "running", reason: "test" }],
      },
      { calendars: { team: { dates: ["2026-12-25"] }, other: { dates: ["2026-12-26"] } } },
    );
    assert.deepEqual(schedule.calendars, { team: { dates: ["2026-12-25"] } });
    const stored = JSON.parse(
      JSON.stringify({
        input: schedule.input,
        calendars: schedule.calendars,
        minimumWindowMinutes: schedule.minimumWindowMinutes,
      }),
    ) as Pick<typeof schedule, "input" | "calendars" | "minimumWindowMinutes">;
    assert.deepEqual(parseSchedule(schedule.name, stored.input, stored), {
      ok: true,
      value: schedule,
    });
    const parts: unknown[] = [schedule];
    for (const part of parts) {
      assert.ok(Object.isFrozen(part));
      if (typeof part === "object" && part !== null) parts.push(...(Object.values(part) as unknown[]));
    }
  });
});
