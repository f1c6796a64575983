import { isBucketName, type BucketName } from "./quota.js";

/** Where a bucket lies in the ledger. */
export interface PagePlace {
  readonly account: string;
  readonly region: string;
  readonly bucket: BucketName;
  /** Of a bucket that is cut into several pages; null of a whole one. */
  readonly shard: number | null;
}

/** What the pages of all buckets begin with. */
export const PAGE_PREFIX = "pace/";

/** The page's key. */
export function pageKey({ account, region, bucket, shard }: PagePlace): string {
  return `${PAGE_PREFIX}${account}/${region}/${bucket}${shard === null ? "" : `/${shard}`}`;
}

/** The other way round; undefined of a bucket that another version of Curfew has made. */
export function parsePageKey(key: string): PagePlace | undefined {
  const [, account = "", region = "", bucket = "", shard] =
    /^pace\/([^/]+)\/([^/]+)\/(.+?)(?:\/(\d+))?$/.exec(key) ?? [];
  if (!isBucketName(bucket)) return undefined;
  return { account, region, bucket, shard: shard === undefined ? null : Number(shard) };
}
