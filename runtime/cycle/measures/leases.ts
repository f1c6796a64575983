import * as z from "zod";

import type { ApiObject, NamespacedName } from "../../ports/index.js";

/** A leader-election lease: whoever holds it renews it every few seconds for as long as it lives. */
export interface LeaseFacts extends NamespacedName {
  /** Empty when the last holder let go of it. */
  readonly holder: string;
  /** Epoch milliseconds by the holder's clock. */
  readonly renewedAt: number;
  /** How long a renewal holds. */
  readonly durationMs: number;
}

/** client-go's default, for a lease that says nothing. */
const DEFAULT_DURATION_SECONDS = 15;

const leaseSchema = z.object({
  spec: z.object({
    holderIdentity: z.string().nullish(),
    leaseDurationSeconds: z.number().nullish(),
    renewTime: z.string().nullish(),
  }),
});

/** Reads a Lease object; null when it was never held or is no lease. */
export function readLease(object: ApiObject | null): LeaseFacts | null {
  const parsed = leaseSchema.safeParse(object);
  if (object === null || !parsed.success) return null;
  const { holderIdentity, leaseDurationSeconds, renewTime } = parsed.data.spec;
  const renewedAt = Date.parse(renewTime ?? "");
  if (Number.isNaN(renewedAt)) return null;
  const { namespace = null, name } = object.metadata;
  const durationMs = (leaseDurationSeconds ?? DEFAULT_DURATION_SECONDS) * 1000;
  return { namespace, name, holder: holderIdentity ?? "", renewedAt, durationMs };
}

/**
 * Whether somebody holds the lease now. "Now" is the newest renewal of any lease of the cluster, nodes' heartbeats among
 * them, so that the cluster's clocks are compared with each other and not with this computer's.
 */
export function isHeld(lease: LeaseFacts, all: readonly LeaseFacts[]): boolean {
  const newestAt = Math.max(lease.renewedAt, ...all.map(({ renewedAt }) => renewedAt));
  return lease.holder !== "" && newestAt - lease.renewedAt < lease.durationMs;
}
