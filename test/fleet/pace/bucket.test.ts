import assert from "node:assert/strict";
import fc from "fast-check";
import { blindQuota, lease, newBucket, refill, slowDown, type Bucket } from "../../../runtime/fleet/pace/bucket.js";

const START = Date.parse("2026-01-05T19:00:00Z");
const SECOND = 1000;
const WEEK = 7 * 24 * 3600 * SECOND;
const quota = { startPerSecond: 5, ceilingPerSecond: 10, burst: 5, shards: 1 };

/** Leases `wanted` turns a second for so long, from a bucket that is never idle. */
function busy(bucket: Bucket, fromAt: number, seconds: number, wanted = 20): Bucket {
  let busied = bucket;
  for (let second = 0; second < seconds; second += 1)
    busied = lease(busied, quota, fromAt + second * SECOND, wanted).bucket;
  return busied;
}

describe("a token bucket", () => {
  it("gives its burst at once and the rest at its rate", () => {
    const { turns } = lease(newBucket(quota, START), quota, START, 8);
    assert.deepEqual(
      turns.map((at) => at - START),
      [0, 0, 0, 0, 0, 200, 400, 600],
    );
  });

  it("puts who comes later behind who came first", () => {
    const first = lease(newBucket(quota, START), quota, START, 10);
    const second = lease(first.bucket, quota, START, 2);
    assert.deepEqual(
      second.turns.map((at) => at - START),
      [1200, 1400],
    );
  });

  it("hands out two seconds' worth at most, however many wait", () => {
    assert.equal(lease(newBucket(quota, START), quota, START, 500).turns.length, 10);
  });

  it("gives some more from plenty and nothing more when tokens are scarce", () => {
    const large = { ...quota, startPerSecond: 100, ceilingPerSecond: 100, burst: 100 };
    const plenty = lease(newBucket(large, START), large, START, 4);
    assert.equal(plenty.turns.length, 28);
    const scarce = { ...newBucket(large, START), tokens: 5 };
    assert.equal(lease(scarce, large, START, 4).turns.length, 4);
  });

  it("fills up to its burst and no further", () => {
    assert.equal(refill({ ...newBucket(quota, START), tokens: 0 }, quota, START + 3600 * SECOND).tokens, 5);
  });

  it("neither gives nor takes for a clock that is behind", () => {
    const bucket = { ...newBucket(quota, START), tokens: 2 };
    assert.deepEqual(refill(bucket, quota, START - 60 * SECOND), bucket);
  });

  it("halves its rate on a throttle, once for a burst of them", () => {
    const once = slowDown(newBucket(quota, START), quota, START);
    assert.equal(once.perSecond, 2.5);
    assert.equal(once.tokens, 0);
    assert.equal(slowDown(once, quota, START + SECOND).perSecond, 2.5);
    assert.equal(slowDown(once, quota, START + 3 * SECOND).perSecond, 1.25);
  });

  it("never falls below a tenth of its start", () => {
    let bucket = newBucket(quota, START);
    for (let index = 0; index < 20; index += 1) bucket = slowDown(bucket, quota, START + index * 3 * SECOND);
    assert.equal(bucket.perSecond, 0.5);
  });

  it("comes back to its start in steps of quiet time, used or not", () => {
    const slowed = slowDown(newBucket(quota, START), quota, START);
    assert.equal(refill(slowed, quota, START + 9 * SECOND).perSecond, 2.5);
    assert.equal(refill(slowed, quota, START + 10 * SECOND).perSecond, 3);
    assert.equal(refill(slowed, quota, START + 3600 * SECOND).perSecond, 5);
  });

  it("climbs beyond its start only when more has been wanted for five minutes, and to its ceiling at most", () => {
    assert.equal(refill(newBucket(quota, START), quota, START + 3600 * SECOND).perSecond, 5);
    assert.equal(busy(newBucket(quota, START), START, 299).perSecond, 5);
    assert.equal(busy(newBucket(quota, START), START, 302).perSecond, 5.5);
    assert.equal(busy(newBucket(quota, START), START, 900).perSecond, 10);
  });

  it("remembers for a week what was too fast, and is never taught less than its start", () => {
    // A tenth of the start every 10 s from the fifth minute on: 8/s after 350 s.
    const taught = slowDown(busy(newBucket(quota, START), START, 352), quota, START + 352 * SECOND);
    assert.equal(taught.ceilingPerSecond, 7.2);
    assert.equal(slowDown(newBucket(quota, START), quota, START).ceilingPerSecond, 5);
    assert.equal(busy(taught, START + 352 * SECOND, 900).perSecond, taught.ceilingPerSecond);
    assert.equal(refill(taught, quota, START + 353 * SECOND + WEEK).ceilingPerSecond, 10);
  });

  it("is a tenth as fast for a process that cannot see the others", () => {
    assert.deepEqual(blindQuota(quota), { startPerSecond: 0.5, ceilingPerSecond: 0.5, burst: 1, shards: 1 });
  });

  it("promises, in any stretch of time, no more than its burst and what flows in meanwhile", () => {
    const asks = fc.array(fc.record({ afterMs: fc.nat(3_000), wanted: fc.integer({ min: 1, max: 12 }) }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(asks, (all) => {
        const fixed = { ...quota, ceilingPerSecond: 5 };
        let bucket = newBucket(fixed, START);
        let now = START;
        const turns: number[] = [];
        for (const { afterMs, wanted } of all) {
          now += afterMs;
          const taken = lease(bucket, fixed, now, wanted);
          bucket = taken.bucket;
          turns.push(...taken.turns);
        }
        assert.deepEqual(
          turns,
          [...turns].sort((a, b) => a - b),
        );
        turns.forEach((from, first) => {
          turns.slice(first).forEach((to, more) => {
            assert.ok(more + 1 <= 5 + (5 * (to - from)) / 1000 + 1, `${more + 1} turns within ${to - from} ms`);
          });
        });
      }),
    );
  });
});
