import assert from "node:assert/strict";

import { wishAt } from "../../../runtime/fleet/worker/wish.js";
import { parseSchedule, type Schedule } from "../../../runtime/schedule/index.js";
import { at, HOUR, MINUTE } from "../planner/entry.js";

const office = schedule(["Mon-Fri 07:00-19:00"]);

describe("what is wanted at an instant", () => {
  it("is what the calendar says", () => {
    const noon = wishAt(office, undefined, at("12:00"), 0);
    assert.deepEqual([noon.state, noon.sinceAt, noon.nextAt], ["running", at("07:00"), at("19:00")]);
    assert.equal(wishAt(office, undefined, at("06:59"), 0).state, "hibernated");
  });

  it("is a wake, as soon as its lead has come; people count on it from the window's start", () => {
    assert.equal(wishAt(office, undefined, at("06:49"), 10 * MINUTE).state, "hibernated");
    const ahead = wishAt(office, undefined, at("06:50"), 10 * MINUTE);
    assert.deepEqual(ahead, {
      state: "running",
      rule: "window Mon-Fri 07:00-19:00, begun 10 min ahead so that it is usable then",
      sinceAt: at("07:00"),
      nextAt: at("19:00"),
      leadMs: 10 * MINUTE,
    });
    assert.equal(wishAt(office, undefined, at("07:00"), 10 * MINUTE).leadMs, 0);
  });

  it("is never a sleep ahead of its time", () => {
    assert.equal(wishAt(office, undefined, at("18:55"), 10 * MINUTE).state, "running");
  });

  it("does not overlook a window that is shorter than the lead", () => {
    const brief = schedule(["Mon 07:00-07:15"], 5);
    assert.equal(wishAt(brief, undefined, at("06:40"), 30 * MINUTE).state, "running");
  });

  it("follows a hold, also one that lets go within the lead", () => {
    const hold = { state: "hibernated", until: at("09:00"), reason: "audit", owner: "kim" } as const;
    assert.equal(wishAt(office, hold, at("08:00"), 10 * MINUTE).state, "hibernated");
    const ahead = wishAt(office, hold, at("08:55"), 10 * MINUTE);
    assert.deepEqual([ahead.state, ahead.sinceAt], ["running", at("09:00")]);
  });

  it("is asleep for good when no wake will come", () => {
    const never = wishAt(schedule("never"), undefined, at("12:00"), HOUR);
    assert.deepEqual([never.state, never.nextAt], ["hibernated", null]);
  });
});

function schedule(awake: string | readonly string[], minimumWindowMinutes = 30): Schedule {
  const parsed = parseSchedule("office", { timezone: "UTC", awake }, { minimumWindowMinutes });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}
