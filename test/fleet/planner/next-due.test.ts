import assert from "node:assert/strict";
import fc from "fast-check";

import { nextDue } from "../../../runtime/fleet/planner/next-due.js";
import { isRecheck, recheckAfter } from "../../../runtime/fleet/planner/recheck.js";
import { at, entry, HOUR, MINUTE, RHYTHM } from "./entry.js";

/** A day between two rechecks, so that they are out of the way. */
const RARELY = { ...RHYTHM, recheckSeconds: 86_400 * 365 };

describe("when a cluster is due next", () => {
  it("is the next sleep itself", () => {
    const awake = entry({ wanted: "running", transitionAt: at("19:00") });
    assert.equal(nextDue(awake, at("12:00"), RARELY), at("19:00"));
  });

  it("is half an hour before a wake, to weigh its wave", () => {
    assert.equal(nextDue(entry(), at("01:00"), RARELY), at("06:30"));
  });

  it("is the lead before a wake that has been weighed", () => {
    assert.equal(nextDue(entry({ leadMs: 5 * MINUTE }), at("06:31"), RARELY), at("06:55"));
  });

  it("is now when the time to weigh a wake has passed", () => {
    assert.equal(nextDue(entry(), at("06:45"), RARELY), at("06:45"));
  });

  it("is the retry, unless something is planned before it", () => {
    const awake = entry({ wanted: "running", transitionAt: at("19:00"), unconvergedSince: at("18:00") });
    assert.equal(nextDue(awake, at("18:10"), RARELY, at("18:20")), at("18:20"));
    assert.equal(nextDue(awake, at("18:50"), RARELY, at("19:20")), at("19:00"));
  });

  it("is no later than the instant at which its target is missed, and passes over one that was missed already", () => {
    const late = entry({ wanted: "running", transitionAt: at("19:00"), unconvergedSince: at("07:00") });
    assert.equal(nextDue(late, at("07:10"), RARELY, at("08:00")), at("07:30"));
    assert.equal(nextDue(late, at("07:40"), RARELY, at("08:00")), at("08:00"));
  });

  it("is within the hour, whatever the calendar says", () => {
    const never = entry({ transitionAt: null });
    const due = nextDue(never, at("12:00"), RHYTHM);
    assert.ok(due > at("12:00") && due <= at("13:00"));
    assert.equal(nextDue(never, due, RHYTHM), due + HOUR);
  });

  it("is never in the past", () => {
    const instant = fc.integer({ min: at("00:00"), max: at("23:59") });
    const maybe = fc.option(instant);
    fc.assert(
      fc.property(instant, maybe, maybe, maybe, fc.integer({ min: 0, max: HOUR }), (...facts) => {
        const [now, transitionAt, unconvergedSince, retryAt, leadMs] = facts;
        assert.ok(nextDue(entry({ transitionAt, unconvergedSince, leadMs }), now, RHYTHM, retryAt) >= now);
      }),
    );
  });
});

describe("the sweep", () => {
  const ids = Array.from({ length: 6000 }, (_, index) => `111111111111/eu-west-1/cluster-${index}`);

  it("looks at every cluster once in a period, at its own second", () => {
    for (const id of ids.slice(0, 100)) {
      const first = recheckAfter(id, at("12:00"), RHYTHM);
      assert.ok(isRecheck(id, first, RHYTHM));
      assert.equal(recheckAfter(id, first - 1, RHYTHM), first);
      assert.equal(recheckAfter(id, first, RHYTHM), first + HOUR);
    }
  });

  it("is spread evenly over the hour", () => {
    const perMinute = Array<number>(60).fill(0);
    for (const id of ids)
      perMinute[Math.floor((recheckAfter(id, at("12:00"), RHYTHM) - at("12:00") - 1) / MINUTE)]! += 1;
    assert.ok(Math.min(...perMinute) > 50 && Math.max(...perMinute) < 160, perMinute.join(" "));
  });
});
