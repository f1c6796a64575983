import type { Market, VcpuQuota } from "../../ports/index.js";
import { blocked, note, warning, type Check, type Finding } from "../check.js";
import type { Facts } from "../facts.js";
import { checkReading } from "../reading.js";
import { vcpuNeeds, type VcpuNeed } from "../vcpu-needs.js";
import { wakeNeeds } from "../wake-needs.js";
import { namesOf } from "../words.js";

const NAMES: Readonly<Record<Market, string>> = { "on-demand": "On-Demand", spot: "Spot" };

/** Whether the account's vCPU quotas have room for the nodes that a wake brings (safe-cycle H6). */
export function checkQuotas({ groups, observation, vcpus }: Facts): Check {
  const needs = groups.isKnown ? wakeNeeds(groups.value, observation.isKnown ? observation.value : null) : [];
  if (groups.isKnown && needs.every(({ nodes }) => nodes === 0)) return checkReading("quotas", groups, () => []);
  return checkReading("quotas", explained(vcpus), ({ quotas, nodes }) => {
    const { markets, uncounted } = vcpuNeeds(needs, nodes);
    const judged = quotas.flatMap((quota) => {
      const need = markets.find(({ market }) => market === quota.market);
      return need === undefined ? [] : [judge(quota, need)];
    });
    return uncounted.length === 0 ? judged : [...judged, uncountedFinding(uncounted)];
  });
}

const DENIED =
  "Allow servicequotas:GetServiceQuota and ec2:DescribeInstanceTypes to have this checked; runs do without them.";
const OTHERWISE = "Compare L-1216C47A (On-Demand) and L-34B43A08 (Spot) in Service Quotas with what the account runs.";

/** No run asks for these figures, so whatever was refused keeps nothing but this check from its end. */
function explained(vcpus: Facts["vcpus"]): Facts["vcpus"] {
  if (vcpus.isKnown) return vcpus;
  const { failure } = vcpus;
  const message = `Whether the account's vCPU quotas have room for a wake is not known. ${failure.message}`;
  return {
    ...vcpus,
    failure: { ...failure, message, remedy: failure.code === "permission-denied" ? DENIED : OTHERWISE },
  };
}

function judge({ market, code, limit, taken }: VcpuQuota, { missing }: VcpuNeed): Finding {
  const remedy = "Raise the quota in Service Quotas, or some nodes do not come back (VcpuLimitExceeded).";
  const name = `${NAMES[market]} vCPUs (quota ${code})`;
  const runs = `the account runs ${taken} of ${limit} ${name}`;
  if (missing > limit - taken) return blocked(`A wake needs ${missing} more and ${runs}.`, remedy);
  if (taken >= limit)
    return warning(
      `All ${limit} ${name} run: the cluster gets back in the morning only what nobody took in the night.`,
      remedy,
    );
  return note(`A wake needs ${missing} more and ${runs}.`);
}

function uncountedFinding(groups: readonly string[]): Finding {
  return {
    status: "unknown",
    what: `How many vCPUs ${namesOf(groups)} need(s) is not known: it chooses its instance types, or they count against another quota.`,
    remedy: "Compare the quota of their instance family in Service Quotas with what the account runs.",
  };
}
