import type { PaceKey } from "../../ports/index.js";

/** How fast one bucket of an account and Region may be asked; all per second. */
export interface Quota {
  /** What Curfew starts with and comes back to. */
  readonly startPerSecond: number;
  /** How far it may climb while there is more to do and nobody says "too fast"; equals the start where AWS publishes the rate. */
  readonly ceilingPerSecond: number;
  /** How many calls may come at once after a quiet time. */
  readonly burst: number;
  /** Into how many pages the bucket is cut, where very many processes share it: each process keeps to one. */
  readonly shards: number;
}

/**
 * Rates of AWS (aws.md §1, §2, §12). "assumed" ones AWS does not publish: there Curfew begins low, climbs to twice that at
 * most and learns from throttles. Of published ones it never takes more, and of bursts half: an account has other users.
 */
const QUOTAS = {
  /** Assumed. */
  "eks/read": unpublished(10),
  /** Assumed. */
  "eks/write": unpublished(5),
  /** Assumed; AWS does say that all of Auto Scaling's calls share one bucket. */
  autoscaling: unpublished(10),
  /** Published: filtered or paged reads 20/s, burst 100. */
  "ec2/read": published(20, 50),
  /** Published: 5/s, burst 50. */
  "ec2/write": published(5, 25),
  /** Published: 600/s of the caller's account, reads and writes alike; half is left to others. Every process of the hub shares it. */
  sts: { ...published(300, 320), shards: 16 },
  /** Assumed; asked by pre-flights alone. */
  iam: unpublished(5),
} as const satisfies Readonly<Record<string, Quota>>;

/** A bucket's name, as it stands in the ledger. */
export type BucketName = keyof typeof QUOTAS;

/** Whether there is such a bucket. */
export function isBucketName(name: string): name is BucketName {
  return Object.hasOwn(QUOTAS, name);
}

/** Which bucket a call is charged to. */
export function bucketOf({ service, kind }: Pick<PaceKey, "service" | "kind">): BucketName {
  return service === "eks" || service === "ec2" ? `${service}/${kind}` : service;
}

export function quotaOf(bucket: BucketName): Quota {
  return QUOTAS[bucket];
}

/** What one page of the bucket holds. */
export function shareOf({ shards, ...whole }: Quota): Quota {
  return {
    startPerSecond: whole.startPerSecond / shards,
    ceilingPerSecond: whole.ceilingPerSecond / shards,
    burst: whole.burst / shards,
    shards: 1,
  };
}

function published(perSecond: number, burst: number): Quota {
  return { startPerSecond: perSecond, ceilingPerSecond: perSecond, burst, shards: 1 };
}

function unpublished(perSecond: number): Quota {
  return { startPerSecond: perSecond, ceilingPerSecond: 2 * perSecond, burst: perSecond, shards: 1 };
}
