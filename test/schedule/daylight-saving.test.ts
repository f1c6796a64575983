import assert from "node:assert/strict";
import { evaluate } from "../../runtime/schedule/index.js";
import { changesOf, isoOf, scheduleOf, stateAt, windowsIn } from "./build.js";

/** Zone, instant of the change, what the clock would have shown then, what it shows instead. */
type Change = readonly [zone: string, at: string, before: string, after: string];

const GAPS: readonly Change[] = [
  ["Europe/Berlin", "2026-03-29T01:00Z", "02:00", "03:00"],
  ["Europe/Berlin", "2027-03-28T01:00Z", "02:00", "03:00"],
  ["Europe/London", "2026-03-29T01:00Z", "01:00", "02:00"],
  ["Europe/London", "2027-03-28T01:00Z", "01:00", "02:00"],
  ["America/New_York", "2026-03-08T07:00Z", "02:00", "03:00"],
  ["America/New_York", "2027-03-14T07:00Z", "02:00", "03:00"],
  ["America/Los_Angeles", "2026-03-08T10:00Z", "02:00", "03:00"],
  ["America/Los_Angeles", "2027-03-14T10:00Z", "02:00", "03:00"],
  ["America/St_Johns", "2026-03-08T05:30Z", "02:00", "03:00"],
  ["America/St_Johns", "2027-03-14T05:30Z", "02:00", "03:00"],
  ["America/Havana", "2026-03-08T05:00Z", "00:00", "01:00"],
  ["America/Havana", "2027-03-14T05:00Z", "00:00", "01:00"],
  ["America/Santiago", "2026-09-06T04:00Z", "00:00", "01:00"],
  ["America/Santiago", "2027-09-05T04:00Z", "00:00", "01:00"],
  ["Atlantic/Azores", "2026-03-29T01:00Z", "00:00", "01:00"],
  ["Atlantic/Azores", "2027-03-28T01:00Z", "00:00", "01:00"],
  ["Africa/Cairo", "2026-04-23T22:00Z", "00:00", "01:00"],
  ["Africa/Cairo", "2027-04-29T22:00Z", "00:00", "01:00"],
  ["Asia/Jerusalem", "2026-03-27T00:00Z", "02:00", "03:00"],
  ["Asia/Jerusalem", "2027-03-26T00:00Z", "02:00", "03:00"],
  ["Antarctica/Troll", "2026-03-29T01:00Z", "01:00", "03:00"],
  ["Antarctica/Troll", "2027-03-28T01:00Z", "01:00", "03:00"],
  ["Australia/Sydney", "2026-10-03T16:00Z", "02:00", "03:00"],
  ["Australia/Sydney", "2027-10-02T16:00Z", "02:00", "03:00"],
  ["Australia/Adelaide", "2026-10-03T16:30Z", "02:00", "03:00"],
  ["Australia/Adelaide", "2027-10-02T16:30Z", "02:00", "03:00"],
  ["Australia/Lord_Howe", "2026-10-03T15:30Z", "02:00", "02:30"],
  ["Australia/Lord_Howe", "2027-10-02T15:30Z", "02:00", "02:30"],
  ["Pacific/Auckland", "2026-09-26T14:00Z", "02:00", "03:00"],
  ["Pacific/Auckland", "2027-09-25T14:00Z", "02:00", "03:00"],
  ["Pacific/Chatham", "2026-09-26T14:00Z", "02:45", "03:45"],
  ["Pacific/Chatham", "2027-09-25T14:00Z", "02:45", "03:45"],
];

const OVERLAPS: readonly Change[] = [
  ["Europe/Berlin", "2026-10-25T01:00Z", "03:00", "02:00"],
  ["Europe/Berlin", "2027-10-31T01:00Z", "03:00", "02:00"],
  ["Europe/London", "2026-10-25T01:00Z", "02:00", "01:00"],
  ["Europe/London", "2027-10-31T01:00Z", "02:00", "01:00"],
  ["America/New_York", "2026-11-01T06:00Z", "02:00", "01:00"],
  ["America/New_York", "2027-11-07T06:00Z", "02:00", "01:00"],
  ["America/Los_Angeles", "2026-11-01T09:00Z", "02:00", "01:00"],
  ["America/Los_Angeles", "2027-11-07T09:00Z", "02:00", "01:00"],
  ["America/St_Johns", "2026-11-01T04:30Z", "02:00", "01:00"],
  ["America/St_Johns", "2027-11-07T04:30Z", "02:00", "01:00"],
  ["America/Havana", "2026-11-01T05:00Z", "01:00", "00:00"],
  ["America/Havana", "2027-11-07T05:00Z", "01:00", "00:00"],
  ["America/Santiago", "2026-04-05T03:00Z", "24:00", "23:00"],
  ["America/Santiago", "2027-04-04T03:00Z", "24:00", "23:00"],
  ["Atlantic/Azores", "2026-10-25T01:00Z", "01:00", "00:00"],
  ["Atlantic/Azores", "2027-10-31T01:00Z", "01:00", "00:00"],
  ["Africa/Cairo", "2026-10-29T21:00Z", "24:00", "23:00"],
  ["Africa/Cairo", "2027-10-28T21:00Z", "24:00", "23:00"],
  ["Asia/Jerusalem", "2026-10-24T23:00Z", "02:00", "01:00"],
  ["Asia/Jerusalem", "2027-10-30T23:00Z", "02:00", "01:00"],
  ["Antarctica/Troll", "2026-10-25T01:00Z", "03:00", "01:00"],
  ["Antarctica/Troll", "2027-10-31T01:00Z", "03:00", "01:00"],
  ["Australia/Sydney", "2026-04-04T16:00Z", "03:00", "02:00"],
  ["Australia/Sydney", "2027-04-03T16:00Z", "03:00", "02:00"],
  ["Australia/Adelaide", "2026-04-04T16:30Z", "03:00", "02:00"],
  ["Australia/Adelaide", "2027-04-03T16:30Z", "03:00", "02:00"],
  ["Australia/Lord_Howe", "2026-04-04T15:00Z", "02:00", "01:30"],
  ["Australia/Lord_Howe", "2027-04-03T15:00Z", "02:00", "01:30"],
  ["Pacific/Auckland", "2026-04-04T14:00Z", "03:00", "02:00"],
  ["Pacific/Auckland", "2027-04-03T14:00Z", "03:00", "02:00"],
  ["Pacific/Chatham", "2026-04-04T14:00Z", "03:45", "02:45"],
  ["Pacific/Chatham", "2027-04-03T14:00Z", "03:45", "02:45"],
];

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

const clockOf = (minutes: number): string => new Date(minutes * 60_000).toISOString().slice(11, 16);

/** The clock time half way between two. */
const middleOf = (one: string, other: string): string => clockOf((minutesOf(one) + minutesOf(other)) / 2);

/** All changes within three hours of an instant. */
const changesAround = (zone: string, window: string, at: string): readonly string[] =>
  changesOf(windowsIn(zone, window), isoOf(Date.parse(at) - 3 * 3_600_000), isoOf(Date.parse(at) + 3 * 3_600_000));

describe("schedule: daylight saving", () => {
  for (const [zone, at, before, after] of GAPS) {
    it(`happens after the gap in ${zone} at ${at}`, () => {
      const middle = middleOf(before, after);
      assert.deepEqual(changesAround(zone, `${middle}-12:00`, at), [`${at} running`]);
      assert.deepEqual(changesAround(zone, `${before}-12:00`, at), [`${at} running`]);
      assert.deepEqual(changesAround(zone, `20:00-${middle}`, at), [`${at} hibernated`]);
      assert.deepEqual(changesAround(zone, `${before}-${after}`, at), [], "lies inside the gap");
    });
  }

  for (const [zone, at, before, after] of OVERLAPS) {
    it(`happens the first time only in ${zone} at ${at}`, () => {
      const middle = middleOf(after, before);
      const halfMs = ((minutesOf(before) - minutesOf(after)) / 2) * 60_000;
      const first = isoOf(Date.parse(at) - halfMs);
      assert.deepEqual(changesAround(zone, `${middle}-12:00`, at), [`${first} running`]);
      assert.deepEqual(changesAround(zone, `20:00-${middle}`, at), [`${first} hibernated`]);
      // The clock shows the time before the window again, and it is open all the same.
      assert.equal(stateAt(windowsIn(zone, `${middle}-12:00`), at), "running");
    });
  }

  const ODD_OFFSETS = [
    ["Asia/Kathmandu", "2026-05-06T01:15Z"],
    ["Asia/Kolkata", "2026-05-06T01:30Z"],
    ["Australia/Eucla", "2026-05-05T22:15Z"],
    ["Pacific/Marquesas", "2026-05-06T16:30Z"],
    ["Pacific/Kiritimati", "2026-05-05T17:00Z"],
    ["Pacific/Pago_Pago", "2026-05-06T18:00Z"],
  ] as const;
  for (const [zone, at] of ODD_OFFSETS) {
    it(`wakes at 07:00 of ${zone}`, () => {
      const schedule = windowsIn(zone, "Wed 07:00-19:00");
      assert.equal(isoOf(evaluate(schedule, Date.parse("2026-05-04T00:00Z")).next?.at ?? 0), at);
    });
  }

  it("lets a window over the whole gap stay as long as the clock says", () => {
    const schedule = windowsIn("Europe/Berlin", "01:30-03:30");
    assert.deepEqual(changesOf(schedule, "2026-03-29T00:00Z", "2026-03-29T12:00Z"), [
      "2026-03-29T00:30Z running",
      "2026-03-29T01:30Z hibernated",
    ]);
  });

  it("does not blink between a window that ends in a gap and one that starts there", () => {
    const schedule = windowsIn("Europe/Berlin", "00:00-02:10", "02:50-05:00");
    assert.deepEqual(changesOf(schedule, "2026-03-28T22:00Z", "2026-03-29T12:00Z"), [
      "2026-03-28T23:00Z running",
      "2026-03-29T03:00Z hibernated",
    ]);
  });

  it("skips the day that Samoa skipped", () => {
    // Friday 2011-12-30 did not exist there.
    const schedule = windowsIn("Pacific/Apia", "Fri 07:00-19:00", "Sat 09:00-10:00");
    assert.deepEqual(changesOf(schedule, "2011-12-28T00:00Z", "2012-01-01T00:00Z"), [
      "2011-12-30T19:00Z running",
      "2011-12-30T20:00Z hibernated",
    ]);
    const overnight = windowsIn("Pacific/Apia", { start: "0 12 30 12 *", stop: "0 12 31 12 *" });
    assert.deepEqual(changesOf(overnight, "2011-12-28T00:00Z", "2012-01-01T00:00Z"), [
      "2011-12-30T10:00Z running",
      "2011-12-30T22:00Z hibernated",
    ]);
  });

  it("starts a holiday once when the clock goes back over midnight", () => {
    // At 00:01 on 2010-11-07 Newfoundland put its clocks back to 23:01 of the day before.
    const schedule = scheduleOf(
      { timezone: "America/St_Johns", awake: "always", holidays: ["sunday"] },
      { calendars: { sunday: { dates: ["2010-11-07"] } } },
    );
    assert.deepEqual(changesOf(schedule, "2010-11-06T00:00Z", "2010-11-09T00:00Z"), [
      "2010-11-07T02:30Z hibernated",
      "2010-11-08T03:30Z running",
    ]);
  });

  it("starts a holiday after the gap when its midnight does not exist", () => {
    const schedule = scheduleOf(
      { timezone: "America/Santiago", awake: "always", holidays: ["sunday"] },
      { calendars: { sunday: { dates: ["2026-09-06"] } } },
    );
    assert.deepEqual(changesOf(schedule, "2026-09-05T00:00Z", "2026-09-08T00:00Z"), [
      "2026-09-06T04:00Z hibernated",
      "2026-09-07T03:00Z running",
    ]);
  });

  it("follows Morocco through the pause of its summer time in Ramadan", () => {
    const schedule = windowsIn("Africa/Casablanca", "07:00-19:00");
    assert.equal(stateAt(schedule, "2024-03-09T06:30Z"), "running", "one hour ahead of UTC");
    assert.equal(stateAt(schedule, "2024-03-11T06:30Z"), "hibernated", "as UTC");
    assert.equal(stateAt(schedule, "2024-04-15T06:30Z"), "running", "one hour ahead again");
  });
});
