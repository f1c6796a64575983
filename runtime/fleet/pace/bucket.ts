import type { Quota } from "./quota.js";

/**
 * A token bucket that learns its rate: additive increase, multiplicative decrease. Plain JSON data; instants in epoch
 * milliseconds. Tokens below zero are promised ahead: whoever took them waits for their turn.
 */
export interface Bucket {
  readonly perSecond: number;
  readonly tokens: number;
  /** Up to when `tokens` is reckoned. */
  readonly at: number;
  /** The rate that it may climb to, as far as throttles have taught. */
  readonly ceilingPerSecond: number;
  /** When the rate last changed. */
  readonly changedAt: number;
  /** When there were last more tokens than wanted. */
  readonly plentyAt: number;
  /** When AWS last said "too fast"; null: never. */
  readonly slowedAt: number | null;
}

/** Turns that were taken: the instants from which each may be used, in order. */
export interface Lease {
  readonly bucket: Bucket;
  readonly turns: readonly number[];
}

/** A rate that held for so long without a throttle grows by a tenth of the start. */
const RAISE_EVERY_MS = 10_000;
const RAISE_SHARE = 0.1;
/** Beyond the start it grows only when more has been wanted for so long: a wave that is over sooner is not worth a throttle. */
const WANTED_FOR_MS = 5 * 60_000;
const SLOW_DOWN = 0.5;
const FLOOR_SHARE = 0.1;
/** Just below what was too fast. */
const LEARNED_SHARE = 0.9;
/** AWS changes quotas; so long a lesson is remembered. */
const LESSON_MS = 7 * 24 * 3_600_000;
/** Throttles of one burst are one: they were all sent before the first answer. */
const DEAF_MS = 2_000;
/** So much of a bucket's rate one process takes at once. */
const BLOCK_SECONDS = 2;
/** What nobody asked for yet is taken along only from plenty. */
const SPARE_SHARE = 0.25;

/** A full bucket at its starting rate. */
export function newBucket(quota: Quota, now: number): Bucket {
  const { startPerSecond: perSecond, ceilingPerSecond, burst: tokens } = quota;
  return { perSecond, tokens, at: now, ceilingPerSecond, changedAt: now, plentyAt: now, slowedAt: null };
}

/** The bucket as of `now`: refilled, and faster where it may be. A clock that is behind the others' changes nothing. */
export function refill(bucket: Bucket, quota: Quota, now: number): Bucket {
  const at = Math.max(now, bucket.at);
  const tokens = Math.min(quota.burst, bucket.tokens + (bucket.perSecond * (at - bucket.at)) / 1000);
  const isForgotten = bucket.slowedAt !== null && at - bucket.slowedAt > LESSON_MS;
  const refilled = {
    ...bucket,
    at,
    tokens,
    plentyAt: tokens === quota.burst ? at : bucket.plentyAt,
    ...(isForgotten && { slowedAt: null, ceilingPerSecond: quota.ceilingPerSecond }),
  };
  return raise(refilled, quota);
}

/** Back to the start by itself; beyond it one step at a time, and only while more is wanted for long than there is. */
function raise(bucket: Bucket, { startPerSecond }: Quota): Bucket {
  const { perSecond, at, changedAt, plentyAt, ceilingPerSecond } = bucket;
  const step = startPerSecond * RAISE_SHARE;
  const steps = Math.floor((at - changedAt) / RAISE_EVERY_MS);
  const isWanted = at - plentyAt >= WANTED_FOR_MS;
  if (perSecond < startPerSecond && steps > 0)
    return { ...bucket, changedAt: at, perSecond: Math.min(startPerSecond, perSecond + steps * step) };
  if (perSecond < ceilingPerSecond && steps > 0 && isWanted)
    return { ...bucket, changedAt: at, perSecond: Math.min(ceilingPerSecond, perSecond + step) };
  return bucket;
}

/**
 * Takes at least one and at most `wanted` turns, and a few more while there is plenty. Turns beyond what the bucket holds
 * lie ahead: who leases first has the earlier ones, so nobody starves.
 */
export function lease(before: Bucket, quota: Quota, now: number, wanted: number): Lease {
  const bucket = refill(before, quota, now);
  const block = Math.max(1, Math.floor(bucket.perSecond * BLOCK_SECONDS));
  const asked = Math.min(Math.max(1, wanted), block);
  const left = bucket.tokens - asked;
  const spare = Math.max(0, Math.min(block - asked, Math.floor(left * SPARE_SHARE)));
  const turns = Array.from({ length: asked + spare }, (_, index) => turnAt(bucket, index + 1));
  const plentyAt = bucket.tokens > wanted ? bucket.at : bucket.plentyAt;
  return { bucket: { ...bucket, plentyAt, tokens: left - spare }, turns };
}

/** When the `nth` token from now is there. */
function turnAt({ tokens, at, perSecond }: Bucket, nth: number): number {
  return at + Math.max(0, Math.ceil(((nth - tokens) / perSecond) * 1000));
}

/**
 * AWS said "too fast": half the rate, nothing in hand, and a ceiling just below what was too fast, though not below the
 * start. What was promised ahead counts no more; who holds such a turn leases again.
 */
export function slowDown(before: Bucket, quota: Quota, now: number): Bucket {
  const bucket = refill(before, quota, now);
  if (bucket.slowedAt !== null && bucket.at - bucket.slowedAt < DEAF_MS) return bucket;
  const { startPerSecond } = quota;
  return {
    ...bucket,
    tokens: 0,
    perSecond: Math.max(startPerSecond * FLOOR_SHARE, bucket.perSecond * SLOW_DOWN),
    ceilingPerSecond: Math.max(startPerSecond, Math.min(bucket.ceilingPerSecond, bucket.perSecond * LEARNED_SHARE)),
    changedAt: bucket.at,
    slowedAt: bucket.at,
  };
}

/** What one process may do by itself while it cannot see the others: a tenth of the start, one call at a time. */
export function blindQuota({ startPerSecond }: Quota): Quota {
  const perSecond = startPerSecond * FLOOR_SHARE;
  return { startPerSecond: perSecond, ceilingPerSecond: perSecond, burst: 1, shards: 1 };
}
