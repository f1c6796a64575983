import type { Market, NodeVcpus, VcpuQuota } from "../../ports/index.js";
import type { GroupState } from "./group-state.js";
import { groupId } from "./group-state.js";

/** What people do to the account's quotas and to what groups launch. Groups go by id. */
export interface VcpuControls {
  /** The account's limit, and what it runs beside this cluster. */
  setVcpuQuota(market: Market, quota: { readonly limit: number; readonly others?: number }): void;
  /** What the group's nodes are; vCPUs null: a type that counts against another quota. */
  setNodeType(groupId: string, type: { readonly vcpus: number | null; readonly market?: Market }): void;
}

/** One cluster's share of an account's vCPUs. */
interface VcpuSide {
  readonly quotas: () => readonly VcpuQuota[];
  readonly ofGroup: (group: GroupState) => NodeVcpus;
  readonly controls: VcpuControls;
}

const CODES: Readonly<Record<Market, string>> = { "on-demand": "L-1216C47A", spot: "L-34B43A08" };
const ORDINARY = { vcpus: 2, market: "on-demand" } as const;

/** The knobs at rest: nodes of 2 vCPUs, On-Demand, in an account with room for hundreds of them. */
export function createVcpuSide(groups: ReadonlyMap<string, GroupState>): VcpuSide {
  const quotas = new Map<Market, { readonly limit: number; readonly others: number }>();
  const types = new Map<string, { readonly vcpus: number | null; readonly market: Market }>();
  const typeOf = (group: GroupState) => types.get(groupId(group)) ?? ORDINARY;

  function takenOf(market: Market): number {
    const own = [...groups.values()].filter((group) => typeOf(group).market === market);
    return own.reduce((sum, group) => sum + group.instances.size * (typeOf(group).vcpus ?? 0), 0);
  }

  return {
    controls: {
      setVcpuQuota: (market, { limit, others = 0 }) => void quotas.set(market, { limit, others }),
      setNodeType: (id, { vcpus, market = "on-demand" }) => void types.set(id, { vcpus, market }),
    },
    quotas: () =>
      (["on-demand", "spot"] as const).map((market) => {
        const { limit, others } = quotas.get(market) ?? { limit: 1000, others: 0 };
        return { market, code: CODES[market], limit, taken: others + takenOf(market) };
      }),
    ofGroup(group) {
      const { vcpus, market } = typeOf(group);
      return { groupId: groupId(group), vcpus, onDemand: { base: 0, percent: market === "spot" ? 0 : 100 } };
    },
  };
}
