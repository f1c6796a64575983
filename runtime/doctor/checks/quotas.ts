import { note, unknown, type Check } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";
import { wakeNeeds } from "../wake-needs.js";

/** AWS's codes of the quotas on On-Demand and on Spot vCPUs of the usual families. */
const QUOTAS = "L-1216C47A (On-Demand) and L-34B43A08 (Spot)";

/**
 * The account's vCPU quota. Whether it has room takes the types of all instances in the account; that is not read, and said.
 * Nodes that run now prove that it has had room for them.
 */
export function checkQuotas({ groups, observation }: Facts): Check {
  return checkReading("quotas", groups, (all) => {
    const needs = wakeNeeds(all, observation.isKnown ? observation.value : null);
    const missing = needs.reduce((sum, need) => sum + need.missing, 0);
    const nodes = needs.reduce((sum, need) => sum + need.nodes, 0);
    if (nodes === 0) return [];
    if (missing === 0) return [note(`The account's vCPU quota has room for the ${nodes} node(s) that run now.`)];
    const message = `Whether the account's vCPU quota has room for ${missing} more node(s) is not read.`;
    return [unknown({ message, remedy: `Compare ${QUOTAS} in Service Quotas with what the account runs.` })];
  });
}
