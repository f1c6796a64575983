import assert from "node:assert/strict";

import { instantOfUntil, parseUntil } from "../../runtime/cli/until.js";

describe("the end of a hold", () => {
  const understood: readonly [text: string, now: string, zone: string, at: string][] = [
    ["2026-03-29T22:00:00+02:00", "2026-03-01T00:00:00Z", "UTC", "2026-03-29T20:00:00Z"],
    ["+8h", "2026-03-01T20:00:00Z", "Europe/Berlin", "2026-03-02T04:00:00Z"],
    ["+90m", "2026-03-01T20:00:00Z", "UTC", "2026-03-01T21:30:00Z"],
    ["+1d2h30m", "2026-03-01T20:00:00Z", "UTC", "2026-03-02T22:30:00Z"],
    ["22:00", "2026-01-05T19:00:00Z", "Europe/Berlin", "2026-01-05T21:00:00Z"],
    // It is 22:00 there at this very moment: the next one is tomorrow's.
    ["22:00", "2026-01-05T21:00:00Z", "Europe/Berlin", "2026-01-06T21:00:00Z"],
    // Already the 6th in Sydney.
    ["8:15", "2026-01-05T20:00:00Z", "Australia/Sydney", "2026-01-05T21:15:00Z"],
    // The clock skips 02:30 that night: 03:00 local.
    ["02:30", "2026-03-28T22:00:00Z", "Europe/Berlin", "2026-03-29T01:00:00Z"],
    // The clock shows 02:30 twice that night: the first.
    ["02:30", "2026-10-24T22:00:00Z", "Europe/Berlin", "2026-10-25T00:30:00Z"],
    // … and between the two it has come already.
    ["02:30", "2026-10-25T01:10:00Z", "Europe/Berlin", "2026-10-26T01:30:00Z"],
  ];
  for (const [text, now, zone, at] of understood) {
    it(`reads ${text}, said at ${now}, in ${zone}`, () => {
      assert.equal(instantOfUntil(parseUntil(text), Date.parse(now), zone), Date.parse(at));
    });
  }

  for (const text of [
    "",
    "+",
    "+0h",
    "+8",
    "8h",
    "24:00",
    "22:60",
    "22",
    "2026-03-29",
    "2026-03-29T22:00",
    "tonight",
  ]) {
    it(`refuses "${text}"`, () => assert.throws(() => parseUntil(text), { code: "commander.invalidArgument" }));
  }
});
