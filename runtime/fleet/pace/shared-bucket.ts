import { failureInfo } from "../../ports/index.js";
import { amendPage, type LedgerPorts } from "../amend-page.js";
import { blindQuota, newBucket, type Bucket } from "./bucket.js";
import { readBucket, writeBucket } from "./bucket-page.js";
import type { Quota } from "./quota.js";

/** A change of a bucket, and what the caller wants to know; the same bucket means that nothing is written. It may be tried several times. */
export type BucketChange<T> = (
  bucket: Bucket,
  quota: Quota,
  now: number,
) => { readonly bucket: Bucket; readonly result: T };

/** One bucket as all processes see it. */
export interface SharedBucket {
  /** Never throws: without a ledger the change is made to a small bucket of this process's own. */
  amend<T>(change: BucketChange<T>): Promise<T>;
}

const BLIND_MS = 30_000;

/**
 * The bucket on the ledger's page `key`. While the ledger cannot be used, calls go on at {@link blindQuota}, for a hub that
 * stands still because of its bookkeeping is worse than a slow one; `onBlind` hears of each such time.
 */
export function createSharedBucket(
  key: string,
  quota: Quota,
  ports: LedgerPorts,
  onBlind: (message: string) => void,
): SharedBucket {
  const { clock } = ports;
  let blind: { readonly bucket: Bucket; readonly until: number } | undefined;

  async function amendTogether<T>(change: BucketChange<T>): Promise<T> {
    return amendPage(
      key,
      (body) => {
        const now = clock.now();
        const before = readBucket(body, quota, now);
        const { bucket, result } = change(before, quota, now);
        return { body: bucket === before ? null : writeBucket(bucket), result };
      },
      ports,
    );
  }

  function amendAlone<T>(change: BucketChange<T>, until: number): T {
    const now = clock.now();
    const alone = blindQuota(quota);
    const { bucket, result } = change(blind?.bucket ?? newBucket(alone, now), alone, now);
    blind = { bucket, until };
    return result;
  }

  return {
    async amend(change) {
      if (blind !== undefined && clock.now() < blind.until) return amendAlone(change, blind.until);
      try {
        const result = await amendTogether(change);
        blind = undefined;
        return result;
      } catch (error) {
        onBlind(failureInfo(error).message);
        return amendAlone(change, clock.now() + BLIND_MS);
      }
    },
  };
}
