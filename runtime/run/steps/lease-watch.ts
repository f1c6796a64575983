import type { Autoscaler, LeaseFacts } from "../../cycle/index.js";
import type { Clock } from "../../ports/index.js";

/** What a lease says of its holder. */
export type LeaseVerdict =
  | { readonly kind: "at-rest" }
  | { readonly kind: "waiting"; readonly words: string }
  | { readonly kind: "active"; readonly words: string };

/** Keeps an eye on one lease over several looks. */
export interface LeaseWatch {
  /** Judges the lease of an autoscaler of which no pod is left. Null: there is no lease. */
  judge(lease: LeaseFacts | null, autoscaler: Autoscaler): LeaseVerdict;
}

/**
 * At rest are a lease that nobody holds; one whose holder was a pod of the Deployment, for it has none left; and one that
 * is not renewed for its whole duration, as seen on this clock: clocks are never compared over the network.
 *
 * @param podsGoneAt when given, the pods were gone then already: a lease renewed later is somebody else's, whatever its
 *   holder is called, and has to be watched.
 */
export function watchLease(clock: Clock, podsGoneAt: number | null): LeaseWatch {
  let first: { readonly renewedAt: number; readonly seenAt: number } | null = null;
  return {
    judge(lease, { name }) {
      if (lease === null || lease.holder === "") return { kind: "at-rest" };
      const isRenewedSince = podsGoneAt !== null && lease.renewedAt > podsGoneAt;
      if (podsGoneAt === null ? lease.holder.startsWith(`${name}-`) : !isRenewedSince) return { kind: "at-rest" };
      first ??= { renewedAt: lease.renewedAt, seenAt: clock.now() };
      const words = `${lease.holder} holds the lease ${lease.namespace ?? ""}/${lease.name}`;
      if (lease.renewedAt !== first.renewedAt) return { kind: "active", words: `${words} and goes on renewing it` };
      if (clock.now() - first.seenAt >= lease.durationMs) return { kind: "at-rest" };
      return { kind: "waiting", words };
    },
  };
}
