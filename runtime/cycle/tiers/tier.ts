/**
 * The seven tiers of a wake, in the order in which they are waited for (safe-cycle W13).
 *
 * People also name seven areas: core Kubernetes, infrastructure, cluster management, admission control, service mesh,
 * security, applications. They map like this; every row of `well-known.ts` carries both:
 *
 * | tier                                | areas                                               |
 * |-------------------------------------|-----------------------------------------------------|
 * | 1 node network                      | core Kubernetes                                     |
 * | 2 cluster DNS                       | core Kubernetes                                     |
 * | 3 storage and metrics               | infrastructure                                      |
 * | 4 certificates                      | admission control (its webhooks wait for them)      |
 * | 5 admission, mesh, load balancing   | admission control, service mesh, security           |
 * | 6 autoscalers                       | cluster management                                  |
 * | 7 applications                      | applications                                        |
 *
 * Cluster management comes late although its area is named third: an autoscaler that runs before the groups have their
 * sizes fights the wake (safe-cycle W18).
 */
export const TIERS = [1, 2, 3, 4, 5, 6, 7] as const;

/** A tier's number; 1 is waited for first. */
export type Tier = (typeof TIERS)[number];

/** What a tier is called in reports. */
export const TIER_NAMES: Readonly<Record<Tier, string>> = {
  1: "node network",
  2: "cluster DNS",
  3: "storage and metrics",
  4: "certificates",
  5: "admission, mesh and load balancing",
  6: "autoscalers",
  7: "applications",
};

/** The tiers that must run before the rest of the nodes is worth having, and before webhooks are given back. */
export const SYSTEM_TIERS: readonly Tier[] = [1, 2, 3, 4, 5];

/** The tiers without which nothing else can start: a critical member that is missing here ends the wake (safe-cycle W10, W13). */
export const FOUNDATION_TIERS: readonly Tier[] = [1, 2, 3];
