import type { Market, NodeVcpus } from "../ports/index.js";
import type { GroupNeed } from "./wake-needs.js";

/** What the next wake takes of one market's quota. */
export interface VcpuNeed {
  readonly market: Market;
  /** Of the nodes that are not there now; 0 while all are. */
  readonly missing: number;
}

interface VcpuNeeds {
  /** One for each market in which the groups have nodes. */
  readonly markets: readonly VcpuNeed[];
  /** Ids of groups whose vCPUs cannot be counted. */
  readonly uncounted: readonly string[];
}

const MARKETS: readonly Market[] = ["on-demand", "spot"];

/** Adds up what groups need; a group is taken to fill its On-Demand share first, as Auto Scaling does. */
export function vcpuNeeds(needs: readonly GroupNeed[], nodes: readonly NodeVcpus[]): VcpuNeeds {
  const asked = needs
    .filter((need) => need.nodes > 0)
    .map((need) => ({ need, of: nodes.find(({ groupId }) => groupId === need.group.id) }));
  const counted = asked.flatMap(({ need, of }) => (of?.vcpus ? [shareOf(need, of, of.vcpus)] : []));
  const markets = MARKETS.flatMap((market): readonly VcpuNeed[] => {
    const own = counted.map((share) => share[market]).filter((share) => share.nodes > 0);
    return own.length === 0 ? [] : [{ market, missing: own.reduce((sum, { missing }) => sum + missing, 0) }];
  });
  return { markets, uncounted: asked.filter(({ of }) => !of?.vcpus).map(({ need }) => need.group.id) };
}

type Share = Readonly<Record<Market, { readonly nodes: number; readonly missing: number }>>;

function shareOf({ nodes, missing }: GroupNeed, { onDemand }: NodeVcpus, vcpus: number): Share {
  const dear = onDemandOf(nodes, onDemand);
  const dearMissing = dear - onDemandOf(nodes - missing, onDemand);
  return {
    "on-demand": { nodes: dear, missing: dearMissing * vcpus },
    spot: { nodes: nodes - dear, missing: (missing - dearMissing) * vcpus },
  };
}

function onDemandOf(nodes: number, { base, percent }: NodeVcpus["onDemand"]): number {
  return Math.min(nodes, base) + Math.ceil((Math.max(0, nodes - base) * percent) / 100);
}
