import { matchesGlob } from "../../config/glob.js";
import { Failure, parseClusterId, type CampaignGroup, type FleetStore } from "../../ports/index.js";
import type { CampaignFilter, RequestedCampaign } from "./order.js";

const PAGE_SIZE = 500;

/**
 * The groups of a campaign: those that it names, else one of all registered clusters that its filter fits. Throws `Failure`
 * cluster-unknown when it fits none, store-unavailable.
 */
export async function groupsOf(
  { groups, filter = {} }: Pick<RequestedCampaign, "groups" | "filter">,
  fleet: Pick<FleetStore, "listEntries">,
): Promise<readonly CampaignGroup[]> {
  if (groups !== undefined) return groups;
  const clusters = await listFitting(filter, fleet);
  if (clusters.length > 0) return [{ name: "all", clusters }];
  throw new Failure({
    code: "cluster-unknown",
    message: "The campaign's filter fits no cluster of the hub.",
    remedy: "`curfew fleet` lists the hub's accounts and Regions.",
  });
}

async function listFitting(filter: CampaignFilter, fleet: Pick<FleetStore, "listEntries">): Promise<readonly string[]> {
  const fitting: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = (await fleet.listEntries(after, PAGE_SIZE)).map(({ clusterId }) => clusterId);
    fitting.push(...page.filter((id) => fits(filter, id)));
    after = page.at(-1);
    if (after === undefined) return fitting;
  }
}

/** Whether a filter fits a cluster. Pure. */
function fits({ accounts = ["*"], regions = ["*"] }: CampaignFilter, clusterId: string): boolean {
  const identity = parseClusterId(clusterId);
  if (identity === undefined) return false;
  return (
    accounts.some((pattern) => matchesGlob(pattern, identity.account)) &&
    regions.some((pattern) => matchesGlob(pattern, identity.region))
  );
}
