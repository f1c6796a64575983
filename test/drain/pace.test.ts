import assert from "node:assert/strict";
import * as fc from "fast-check";

import { createPace } from "../../runtime/drain/pace.js";

/** Takes all it may at every instant; returns how many per instant. */
function takeAll(pace: ReturnType<typeof createPace>, instants: readonly number[]): number {
  let total = 0;
  for (const now of instants) {
    const count = pace.available(now);
    if (count > 0) pace.take(now, count);
    total += count;
  }
  return total;
}

const everyMs = (fromMs: number, toMs: number, stepMs: number) =>
  Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, i) => fromMs + i * stepMs);

describe("the pace of requests", () => {
  it("holds its rate over a long time, whatever the moments at which it is asked", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 100, maxLength: 300 }),
        (rate, steps) => {
          let now = 0;
          const instants = steps.map((step) => (now += step));
          const first = instants[0] ?? 0;
          const allowed = (rate * (now - first)) / 1000;
          const taken = takeAll(createPace(rate), instants);
          assert.ok(taken <= allowed + rate * 0.1 + 1.01, `${taken} taken, ${allowed} allowed`);
          assert.ok(taken >= Math.floor(allowed), `${taken} taken, ${allowed} allowed: it drifts`);
        },
      ),
    );
  });

  it("starts nothing while paused, then goes on at half the rate and recovers slowly", () => {
    const pace = createPace(100);
    takeAll(pace, everyMs(0, 1000, 10));
    pace.throttle(1000, 3000);
    pace.throttle(1010, 3000);
    assert.equal(takeAll(pace, everyMs(1000, 4000, 10)), 0);
    const firstSecond = takeAll(pace, everyMs(4010, 5010, 10));
    assert.ok(firstSecond >= 45 && firstSecond <= 65, `${firstSecond} in the first second`);
    takeAll(pace, everyMs(5020, 60_000, 10));
    const later = takeAll(pace, everyMs(60_010, 61_000, 10));
    assert.ok(later >= 95, `${later} a minute later`);
  });

  it("says when the next one may start", () => {
    const pace = createPace(1);
    pace.take(0, 1);
    assert.equal(pace.available(0), 0);
    assert.equal(pace.nextAt(0), 900);
    assert.equal(pace.available(900), 1);
  });
});
