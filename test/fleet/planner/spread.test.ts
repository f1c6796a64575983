import assert from "node:assert/strict";
import fc from "fast-check";

import { spread } from "../../../runtime/fleet/planner/spread.js";

const groupCounts = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 150 });
const rate = fc.integer({ min: 1, max: 50 });

describe("spreading a wave", () => {
  it("gives each cluster the time that the groups before it need", () => {
    assert.deepEqual(spread([4, 10, 1], 5), [0, 800, 2800]);
  });

  it("lets 100 clusters of 4 groups begin within 80 seconds at 5 changes a second", () => {
    assert.equal(spread(Array<number>(100).fill(4), 5).at(-1), 79_200);
  });

  it("hardly delays a small account", () => {
    assert.deepEqual(spread([4], 5), [0]);
    assert.ok(spread([3, 3, 3], 5).every((delayMs) => delayMs <= 1200));
  });

  it("begins at once and never goes back", () => {
    fc.assert(
      fc.property(groupCounts, rate, (groups, perSecond) => {
        const delays = spread(groups, perSecond);
        assert.equal(delays[0] ?? 0, 0);
        assert.ok(delays.every((delayMs, index) => delayMs >= (delays[index - 1] ?? 0)));
      }),
    );
  });

  it("asks for no more than the rate in any window, but for the cluster that fills it", () => {
    fc.assert(
      fc.property(groupCounts, rate, fc.integer({ min: 1, max: 60_000 }), (groups, perSecond, windowMs) => {
        const delays = spread(groups, perSecond);
        for (const fromMs of delays) {
          const within = groups.filter((_, index) => delays[index]! >= fromMs && delays[index]! < fromMs + windowMs);
          const asked = within.reduce((sum, count) => sum + count, 0);
          const most = Math.max(0, ...groups);
          // A wave that is asked for in whole milliseconds may not end on one.
          assert.ok(asked <= (perSecond * windowMs) / 1000 + most + 1e-6, `${asked} groups within ${windowMs} ms`);
        }
      }),
    );
  });
});
