import type { Pacer, PaceKey } from "../../ports/index.js";
import type { LedgerPorts } from "../amend-page.js";
import { createLane, type Lane } from "./lane.js";
import { pageKey } from "./page-key.js";
import { bucketOf, quotaOf, shareOf } from "./quota.js";
import { createSharedBucket } from "./shared-bucket.js";

interface PacerOptions extends LedgerPorts {
  /** Hears once when the ledger cannot be used and this process goes on by itself, slowly. */
  readonly onBlind?: (message: string) => void;
}

/**
 * Paces the calls of this process together with all others on the same ledger: per account, Region and bucket of AWS
 * (aws.md §12) never more than its rate, beyond its burst and two seconds of turns that a process may hold. Whoever asks
 * first goes first, so nobody starves. A ledger that fails slows the work down and does not stop it.
 */
export function createPacer({ onBlind = () => undefined, ...ports }: PacerOptions): Pacer {
  const lanes = new Map<string, Lane>();
  const share = ports.random.next();
  let isToldBlind = false;

  function tellOnce(message: string): void {
    if (isToldBlind) return;
    isToldBlind = true;
    onBlind(`Calls are paced without the ledger, slowly and by this process alone: ${message}`);
  }

  function laneOf(key: PaceKey): Lane {
    const bucket = bucketOf(key);
    const quota = quotaOf(bucket);
    const shard = quota.shards === 1 ? null : Math.floor(share * quota.shards);
    const page = pageKey({ ...key, bucket, shard });
    const known = lanes.get(page);
    if (known !== undefined) return known;
    const lane = createLane(createSharedBucket(page, shareOf(quota), ports, tellOnce), ports.clock);
    lanes.set(page, lane);
    return lane;
  }

  return {
    admit: (key, signal) => laneOf(key).admit(signal),
    throttled: (key) => laneOf(key).throttled(),
  };
}
