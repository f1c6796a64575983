import assert from "node:assert/strict";
import * as fc from "fast-check";

import {
  forceAt,
  forceGraceSeconds,
  scaleOwnersAt,
  shortenedGraceSeconds,
  stuckAt,
} from "../../runtime/drain/deadline.js";
import { pod, settings } from "./fixtures.js";

const grace = fc.integer({ min: 0, max: 100_000 });
const instant = fc.integer({ min: 0, max: 10_000_000 });

describe("the arithmetic of deadlines", () => {
  it("never forces with a grace below 1, nor above what is left or the pod's own", () => {
    fc.assert(
      fc.property(grace, instant, instant, (graceSeconds, deadlineAt, now) => {
        const sent = forceGraceSeconds(pod("a-1", "n", { graceSeconds }), deadlineAt, now);
        assert.ok(sent >= 1);
        assert.ok(sent === 1 || (sent <= graceSeconds && now + sent * 1000 <= deadlineAt));
      }),
    );
  });

  it("only ever tightens: each shortened deletion ends before the one before it", () => {
    fc.assert(
      fc.property(instant, instant, fc.array(fc.nat(20_000), { maxLength: 20 }), (deadlineAt, deletionAt, steps) => {
        let end = deletionAt;
        let now = 0;
        for (const step of steps) {
          now += step;
          const sent = shortenedGraceSeconds(pod("a-1", "n", { deletionAt: end }), deadlineAt, now);
          if (sent === null) continue;
          assert.ok(sent >= 1);
          assert.ok(now + sent * 1000 < end, "moves the end forward");
          end = now + sent * 1000;
        }
      }),
    );
  });

  it("leaves a terminating pod alone that ends inside the deadline", () => {
    assert.equal(shortenedGraceSeconds(pod("a-1", "n", { deletionAt: 59_000 }), 60_000, 0), null);
    assert.equal(shortenedGraceSeconds(pod("a-1", "n", { deletionAt: 600_000 }), 60_000, 0), 60);
    assert.equal(shortenedGraceSeconds(pod("a-1", "n", { deletionAt: 600_000 }), 60_000, 90_000), 1);
  });

  it("caps the grace that it plans for", () => {
    assert.equal(forceAt(pod("a-1", "n", { graceSeconds: 30 }), 1_000_000, settings()), 970_000);
    assert.equal(forceAt(pod("a-1", "n", { graceSeconds: 9000 }), 1_000_000, settings()), 400_000);
  });

  it("calls a pod stuck 30 s after its deletion instant, which is a deadline already", () => {
    assert.equal(stuckAt(100_000, 70_000, settings()), 130_000);
    assert.equal(stuckAt(9_000_000, 70_000, settings()), 700_000);
  });

  it("scales owners early enough for the longest grace among the held, with 10 % or 30 s to spare", () => {
    const held = [pod("a-1", "n", { graceSeconds: 5 }), pod("b-1", "n", { graceSeconds: 60 })];
    assert.equal(scaleOwnersAt(held, 1_800_000, settings()), 1_710_000);
    assert.equal(scaleOwnersAt(held, 100_000, settings({ timeoutSeconds: 100 })), 30_000);
  });
});
