import { Failure, type Clock, type Pacer, type PaceKey, type Random } from "../../../runtime/ports/index.js";
import { AWS } from "./quotas.js";
import { createTokenBucket, type TokenBucket } from "./token-bucket.js";

type Service = Exclude<PaceKey["service"], "iam">;

/** One kind of call of one account and Region. */
export interface CallKey extends PaceKey {
  readonly service: Service;
}

/** All accounts' quotas, and what was asked of them. */
export interface AwsModel {
  /** Sends a call as the SDK does: up to three attempts, a throttle answered by a pause. Throws `Failure` throttled. */
  call(key: CallKey, pacer: Pacer | null): Promise<void>;
  /** How long Auto Scaling waits for the account to let it launch, or terminate, a group's instances. */
  scalingWaitMs(account: string, change: "run" | "terminate", instances: number): number;
  readonly counts: AwsCounts;
}

/** Attempts by service, and those of them that were throttled. */
export interface AwsCounts {
  readonly calls: Record<Service, number>;
  readonly throttles: Record<Service, number>;
}

const ATTEMPTS = 3;
/** The SDK's base pause after a throttle (aws.md §11). */
const THROTTLE_PAUSE_MS = 1_000;

export function createAwsModel({ clock, random }: { readonly clock: Clock; readonly random: Random }): AwsModel {
  const buckets = new Map<string, TokenBucket>();
  const counts: AwsCounts = { calls: zeros(), throttles: zeros() };

  function bucketOf(name: string, rate: { readonly perSecond: number; readonly burst: number }): TokenBucket {
    const bucket = buckets.get(name) ?? createTokenBucket(rate);
    buckets.set(name, bucket);
    return bucket;
  }

  function isLetThrough({ account, region, service, kind }: CallKey): boolean {
    const name = service === "eks" ? (`eks/${kind}` as const) : service;
    return bucketOf(`${account}/${region}/${name}`, AWS.calls[name]).take(clock.now());
  }

  return {
    counts,
    async call(key, pacer) {
      for (let attempt = 1; ; attempt += 1) {
        await pacer?.admit(key);
        await clock.sleep(AWS.latencyMs);
        counts.calls[key.service] += 1;
        if (isLetThrough(key)) return;
        counts.throttles[key.service] += 1;
        pacer?.throttled(key);
        if (attempt === ATTEMPTS) throw throttled(key);
        await clock.sleep(random.next() * THROTTLE_PAUSE_MS * 2 ** (attempt - 1));
      }
    },
    scalingWaitMs(account, change, instances) {
      const { requests, instances: tokens } = AWS[change];
      const requestMs = bucketOf(`${account}/${change}/requests`, requests).wait(clock.now(), 1);
      const tokenMs = bucketOf(`${account}/${change}/instances`, tokens).wait(clock.now(), instances);
      return Math.max(requestMs, tokenMs);
    },
  };
}

function zeros(): Record<Service, number> {
  return { eks: 0, autoscaling: 0, ec2: 0, sts: 0 };
}

function throttled({ account, service }: CallKey): Failure {
  return new Failure({ code: "throttled", message: `${service} throttles in ${account}.`, remedy: "Run again later." });
}
