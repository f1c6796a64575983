import type { NodeGroup, Subnet } from "../../ports/index.js";
import { blocked, note, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";
import { wakeNeeds, type GroupNeed } from "../wake-needs.js";

/** Whether the subnets have room for the nodes that a wake brings (safe-cycle H6, S47). */
export function checkAddresses(facts: Facts): Check {
  const { subnets, groups, observation } = facts;
  return checkReading("addresses", subnets, (all) => {
    const needs = wakeNeeds(groups.isKnown ? groups.value : [], observation.isKnown ? observation.value : null);
    return needs.flatMap((need) => {
      const own = all.find(({ groupId }) => groupId === need.group.id)?.subnets ?? [];
      return own.length === 0 ? [unnamed(need.group)] : judge(need, own);
    });
  });
}

function unnamed({ id }: NodeGroup): Finding {
  return {
    status: "unknown",
    what: `${id} names no subnet that could be looked at.`,
    remedy: "Look at the free addresses of its zones' subnets yourself.",
  };
}

function judge(
  { group: { id }, nodes, missing, podsPerNode }: GroupNeed,
  subnets: readonly Subnet[],
): readonly Finding[] {
  if (nodes === 0) return [];
  const gone = subnets.filter(({ freeAddresses }) => freeAddresses === null).map((subnet) => subnet.id);
  const there = subnets.filter(({ freeAddresses }) => freeAddresses !== null);
  const free = there.reduce((sum, { freeAddresses }) => sum + (freeAddresses ?? 0), 0);
  const places = `${free} free address(es) in ${there.map((subnet) => subnet.id).join(", ") || "no subnet"}`;
  return [
    ...(gone.length === 0 ? [] : [goneFinding(id, gone, there.length === 0)]),
    ...(there.length === 0 ? [] : [roomFinding(id, places, { free, missing, nodes, podsPerNode })]),
  ];
}

function goneFinding(id: string, gone: readonly string[], isAll: boolean): Finding {
  const what = `${id} launches into ${gone.join(", ")}, which does not exist any more.`;
  const remedy = "Give the group subnets that exist.";
  return isAll ? blocked(what, remedy) : warning(what, remedy);
}

interface Room extends Pick<GroupNeed, "nodes" | "missing" | "podsPerNode"> {
  readonly free: number;
}

/** Every node takes an address; with the VPC network plug-in every pod takes another one. */
function roomFinding(id: string, places: string, { free, missing, nodes, podsPerNode }: Room): Finding {
  const remedy = "Free addresses or add a subnet, or some nodes do not come back (InsufficientFreeAddresses).";
  if (free < missing) return blocked(`${id} needs ${missing} more node(s) to wake and finds ${places}.`, remedy);
  if (free === 0)
    return warning(`${id} finds ${places}: it gets back in the morning only what nobody took in the night.`, remedy);
  if (free < missing * (1 + podsPerNode))
    return warning(`${id} needs ${missing} more node(s) of ${podsPerNode} pods to wake and finds ${places}.`, remedy);
  return note(`${id}: ${places} for ${nodes} node(s), ${missing} of them still to come.`);
}
