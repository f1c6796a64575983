import type { Ledger } from "../../ports/index.js";
import { refill } from "./bucket.js";
import { readBucket } from "./bucket-page.js";
import { PAGE_PREFIX, parsePageKey, type PagePlace } from "./page-key.js";
import { quotaOf, shareOf } from "./quota.js";

/** A bucket that gives less than it starts with, because its account said "too fast". */
export interface SlowedBucket extends PagePlace {
  readonly perSecond: number;
  readonly startPerSecond: number;
  /** When the account last said so. */
  readonly slowedAt: number | null;
}

/** Accounts that are asked more slowly than usual as of `now`, for people's lists. Throws `Failure` store-unavailable. */
export async function listSlowed(ledger: Pick<Ledger, "list">, now: number): Promise<readonly SlowedBucket[]> {
  const pages = await ledger.list(PAGE_PREFIX);
  return pages.flatMap(({ key, body }) => {
    const place = parsePageKey(key);
    if (place === undefined) return [];
    const quota = shareOf(quotaOf(place.bucket));
    const { startPerSecond } = quota;
    const { perSecond, slowedAt } = refill(readBucket(body, quota, now), quota, now);
    return perSecond < startPerSecond ? [{ ...place, perSecond, startPerSecond, slowedAt }] : [];
  });
}
