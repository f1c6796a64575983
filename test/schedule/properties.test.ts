import assert from "node:assert/strict";
import fc from "fast-check";
import { evaluate, parseSchedule, transitions } from "../../runtime/schedule/index.js";
import type { Hold, Schedule } from "../../runtime/schedule/index.js";
import { replay } from "./reference.js";
import type { ReferenceSchedule, ReferenceWindow } from "./reference.js";

const DAY_MS = 86_400_000;

/** Days on which some clock of the list below changes, and one on which none does. */
const EVENTFUL_DAYS = [
  "2026-03-08",
  "2026-03-29",
  "2026-04-05",
  "2026-04-24",
  "2026-07-01",
  "2026-09-06",
  "2026-10-04",
  "2026-10-25",
  "2026-10-30",
  "2026-11-01",
  "2028-02-29",
] as const;

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "America/Santiago",
  "America/Havana",
  "Africa/Cairo",
  "Antarctica/Troll",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
  "Pacific/Apia",
] as const;

const DAY_NAMES = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** Quarters of an hour meet both edges and inner minutes of every gap. */
const minuteOfDay = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15);

const textWindow = fc
  .record({
    days: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
    start: minuteOfDay,
    stop: minuteOfDay,
  })
  .filter(({ start, stop }) => start !== stop);

const cron = fc
  .tuple(
    fc.constantFrom("0", "15", "30", "0,45", "*/20"),
    fc.constantFrom("0", "2", "3", "7", "19", "23", "1-3", "*/6"),
    fc
      .constantFrom("* * *", "* * 1-5", "* * 0", "* * 6,7", "1 * *", "L * *", "10-20 * *")
      .chain((days) => fc.constantFrom(days, "* * 1#1", "* * 5L", "*/9 * *", "29-31 * *")),
  )
  .map((fields) => fields.join(" "));

const window: fc.Arbitrary<ReferenceWindow> = fc.oneof(
  { weight: 3, arbitrary: textWindow },
  { weight: 2, arbitrary: fc.record({ start: cron, stop: cron }) },
);

/** Days before and after an eventful day. */
const dayNear = (day: string) =>
  fc.integer({ min: -5, max: 5 }).map((days) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10));

const clock = minuteOfDay.map((minute) => new Date(minute * 60_000).toISOString().slice(11, 16));

const exceptionNear = (day: string) =>
  fc.record({
    from: fc.tuple(dayNear(day), clock).map(([date, time]) => `${date}T${time}`),
    to: fc.tuple(dayNear(day), clock).map(([date, time]) => `${date}T${time}`),
    state: fc.constantFrom("running" as const, "hibernated" as const),
    reason: fc.constant("test"),
  });

interface Case {
  readonly reference: ReferenceSchedule;
  readonly schedule: Schedule;
  /** The middle of an interesting time. */
  readonly aroundAt: number;
}

const acceptedCase: fc.Arbitrary<Case> = fc
  .constantFrom(...EVENTFUL_DAYS)
  .chain((day) =>
    fc.record({
      timezone: fc.constantFrom(...ZONES),
      windows: fc.array(window, { minLength: 1, maxLength: 3 }),
      holidays: fc.uniqueArray(dayNear(day), { maxLength: 3 }),
      exceptions: fc.array(exceptionNear(day), { maxLength: 1 }),
      aroundAt: fc.constant(Date.parse(day)),
    }),
  )
  .map(({ aroundAt, ...reference }) => ({ reference, aroundAt, schedule: compile(reference) }))
  // Some inventions are rightly refused: a window twice, start equal to stop, an end before its start.
  .filter(({ schedule }) => schedule !== null)
  .map(({ schedule, ...rest }) => ({ ...rest, schedule: schedule! }));

function compile({ timezone, windows, holidays, exceptions }: ReferenceSchedule): Schedule | null {
  const parsed = parseSchedule(
    "invented",
    { timezone, awake: windows.map(written), holidays: ["team"], exceptions },
    { calendars: { team: { dates: holidays } }, minimumWindowMinutes: 1 },
  );
  return parsed.ok ? parsed.value : null;
}

function written(invented: ReferenceWindow): string | { start: string; stop: string } {
  if (!("days" in invented)) return invented;
  const [start, stop] = [invented.start, invented.stop].map((minute) =>
    new Date(minute * 60_000).toISOString().slice(11, 16),
  );
  const days = invented.days.map((day) => DAY_NAMES[day]).join(",");
  return `${days} ${String(start)}-${String(stop)}`;
}

const minutesAway = fc.integer({ min: -8 * 1_440, max: 8 * 1_440 });

describe("schedule: properties", () => {
  it("agrees with a replay of every start and stop", () => {
    fc.assert(
      fc.property(acceptedCase, ({ reference, schedule, aroundAt }) => {
        const [fromAt, toAt] = [aroundAt - 4 * DAY_MS, aroundAt + 4 * DAY_MS];
        const isRunning = replay(reference, fromAt, toAt);
        const changes = transitions(schedule, fromAt, toAt).map(({ at }) => at);
        const everyQuarter = Array.from({ length: 4 * 24 * 8 }, (_, n) => fromAt + n * 900_000);
        for (const at of [...everyQuarter, ...changes.flatMap((change) => [change - 1, change])]) {
          const expected = isRunning(at) ? "running" : "hibernated";
          assert.equal(evaluate(schedule, at).state, expected, new Date(at).toISOString());
        }
      }),
      { numRuns: 150 },
    );
  });

  it("evaluates to what the list of transitions says, and never lists a state twice in a row", () => {
    fc.assert(
      fc.property(acceptedCase, fc.array(minutesAway), ({ schedule, aroundAt }, offsets) => {
        const fromAt = aroundAt - 8 * DAY_MS;
        const changes = transitions(schedule, fromAt, aroundAt + 8 * DAY_MS + 60_000);
        const before = evaluate(schedule, fromAt - 1).state;
        const states = [before, ...changes.map(({ to }) => to)];
        assert.ok(states.every((state, index) => state !== states[index + 1]));
        for (const offset of offsets) {
          const at = aroundAt + offset * 60_000;
          const listed = changes.findLast((change) => change.at <= at)?.to ?? before;
          assert.equal(evaluate(schedule, at).state, listed);
        }
      }),
    );
  });

  it("lists the same transitions in one piece and in two", () => {
    fc.assert(
      fc.property(acceptedCase, minutesAway, ({ schedule, aroundAt }, offset) => {
        const [fromAt, toAt] = [aroundAt - 9 * DAY_MS, aroundAt + 9 * DAY_MS];
        const middle = aroundAt + offset * 60_000;
        assert.deepEqual(transitions(schedule, fromAt, toAt), [
          ...transitions(schedule, fromAt, middle),
          ...transitions(schedule, middle, toAt),
        ]);
      }),
    );
  });

  const holdNear = fc.option(
    fc.record({ state: fc.constantFrom("running" as const, "hibernated" as const), minutesAway }),
    { nil: undefined },
  );

  it("announces as next, and remembers as since, what the list says; under a hold too", () => {
    fc.assert(
      fc.property(acceptedCase, minutesAway, holdNear, (each, offset, held) => {
        const { schedule, aroundAt } = each;
        const at = aroundAt + offset * 60_000;
        const hold: Hold | undefined = held && {
          state: held.state,
          until: aroundAt + held.minutesAway * 60_000,
          reason: "test",
          owner: "test",
        };
        const verdict = evaluate(schedule, at, hold);
        const later = transitions(schedule, at + 1, at + 20 * DAY_MS, hold)[0];
        if (later !== undefined) assert.deepEqual(verdict.next, later);
        else assert.ok(verdict.next === null || verdict.next.at >= at + 20 * DAY_MS);
        const earlier = transitions(schedule, at - 20 * DAY_MS, at + 1, hold).at(-1);
        if (earlier !== undefined) assert.equal(verdict.since, earlier.at);
        else assert.ok(verdict.since === null || verdict.since < at - 20 * DAY_MS);
      }),
    );
  });
});
