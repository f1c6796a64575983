import * as z from "zod";
import { newBucket, type Bucket } from "./bucket.js";
import type { Quota } from "./quota.js";

const bucketSchema = z.object({
  perSecond: z.number().positive(),
  tokens: z.number(),
  at: z.number(),
  ceilingPerSecond: z.number().positive(),
  changedAt: z.number(),
  plentyAt: z.number(),
  slowedAt: z.number().nullable(),
});

/** The bucket on a page of the ledger; a new one where there is none, or none that can be read: what is lost is a lesson, which AWS teaches again. */
export function readBucket(body: string | null, quota: Quota, now: number): Bucket {
  if (body === null) return newBucket(quota, now);
  try {
    return bucketSchema.parse(JSON.parse(body));
  } catch {
    return newBucket(quota, now);
  }
}

/** The other way round. */
export function writeBucket(bucket: Bucket): string {
  return JSON.stringify(bucket);
}
