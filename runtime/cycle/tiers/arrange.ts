import { SYSTEM_TIERS, TIERS, type Tier } from "./tier.js";
import type { TiersSettings } from "./settings.js";
import { findWellKnown } from "./well-known.js";
import { workloadId, type Workload } from "./workload.js";

/** One workload that a wake waits for. */
export interface TierMember {
  /** `Kind namespace/name`. */
  readonly id: string;
  readonly tier: Tier;
  readonly isCritical: boolean;
  /** Ids of members that are waited for first. */
  readonly dependsOn: readonly string[];
}

/** One tier that has members, in the order in which they come up. */
export interface TierPlan {
  readonly tier: Tier;
  readonly members: readonly TierMember[];
}

/** Workloads by tier, and what in the settings fits nothing that is there. */
export interface Arrangement {
  readonly tiers: readonly TierPlan[];
  readonly notes: readonly string[];
}

/**
 * Puts workloads into tiers: by the settings, else as well known, else as applications. A member comes after what it
 * depends on, so a dependency in a later tier takes it there. Tiers without members are left out.
 */
export function arrangeTiers(workloads: readonly Workload[], { members }: Pick<TiersSettings, "members">): Arrangement {
  const byName = Map.groupBy(workloads, ({ namespace, name }) => `${namespace}/${name}`);
  const known = workloads.map((workload) => place(workload, members, byName));
  const ordered = inOrder(raise(known));
  const tiers = TIERS.map((tier) => ({ tier, members: ordered.filter((member) => member.tier === tier) }));
  return { tiers: tiers.filter((plan) => plan.members.length > 0), notes: strangers(members, byName) };
}

/** Whether a tier belongs to the cluster's own services. */
export function isSystemTier(tier: Tier): boolean {
  return SYSTEM_TIERS.includes(tier);
}

type ByName = ReadonlyMap<string, readonly Workload[]>;

function place(workload: Workload, members: TiersSettings["members"], byName: ByName): TierMember {
  const declared = members[`${workload.namespace}/${workload.name}`];
  const wellKnown = findWellKnown(workload);
  const dependsOn = (declared?.dependsOn ?? []).flatMap((name) => byName.get(name) ?? []);
  return {
    id: workloadId(workload),
    tier: declared?.tier ?? wellKnown?.tier ?? 7,
    isCritical: declared?.critical ?? wellKnown?.isCritical ?? false,
    dependsOn: dependsOn.map(workloadId),
  };
}

/** Takes every member at least to the tier of what it depends on. Settings allow no circle. */
function raise(members: readonly TierMember[]): readonly TierMember[] {
  const byId = new Map(members.map((member) => [member.id, member]));
  const tierOf = (id: string): Tier => {
    const member = byId.get(id);
    if (!member) return 1;
    return member.dependsOn.map(tierOf).reduce((latest, tier) => (tier > latest ? tier : latest), member.tier);
  };
  return members.map((member) => ({ ...member, tier: tierOf(member.id) }));
}

/** By tier, stateful before stateless, and within that what others depend on first. */
function inOrder(members: readonly TierMember[]): readonly TierMember[] {
  const byId = new Map(members.map((member) => [member.id, member]));
  const ordered = new Set<TierMember>();
  const visit = (member: TierMember): void => {
    if (ordered.has(member)) return;
    for (const id of member.dependsOn) {
      const needed = byId.get(id);
      if (needed) visit(needed);
    }
    ordered.add(member);
  };
  [...members].sort(byTierThenState).forEach(visit);
  return [...ordered];
}

function byTierThenState(a: TierMember, b: TierMember): number {
  return a.tier - b.tier || stateRank(a) - stateRank(b) || a.id.localeCompare(b.id);
}

function stateRank({ id }: TierMember): number {
  return id.startsWith("StatefulSet ") ? 0 : 1;
}

function strangers(members: TiersSettings["members"], byName: ByName): readonly string[] {
  const named = Object.entries(members).flatMap(([name, { dependsOn = [] }]) => [name, ...dependsOn]);
  const missing = [...new Set(named)].filter((name) => !byName.has(name));
  return missing.map((name) => `settings.tiers.members names ${name}, which is not in the cluster.`);
}
