import assert from "node:assert/strict";

import * as fc from "fast-check";

import { backoffMs } from "../../runtime/drain/backoff.js";

describe("the pause after a refusal", () => {
  it("doubles from 2 s and stays at 10 s", () => {
    const middle = [1, 2, 3, 4, 50].map((refusals) => backoffMs(refusals, 0.5));
    assert.deepEqual(middle, [2000, 4000, 8000, 10_000, 10_000]);
  });

  it("varies by a fifth at most, and is never nothing", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (refusals, chance) => {
        const pause = backoffMs(refusals, chance);
        const middle = backoffMs(refusals, 0.5);
        assert.ok(pause >= 1600 && pause <= 12_000, `${pause} ms`);
        assert.ok(Math.abs(pause - middle) <= middle / 5 + 1, `${pause} ms around ${middle} ms`);
      }),
    );
  });
});
