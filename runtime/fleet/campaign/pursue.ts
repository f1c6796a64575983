import { Failure, type Clock, type FleetStore, type StateStore } from "../../ports/index.js";
import type { Hold } from "../../schedule/index.js";
import { holdAt, serialiseHold } from "../hold.js";
import { campaignStanding, type CampaignLook } from "./standing.js";

/** What a campaign needs of the hub. */
export interface CampaignPorts {
  readonly clock: Clock;
  readonly store: Pick<StateStore, "putHold" | "readCluster">;
  readonly fleet: Pick<FleetStore, "readEntry" | "listEntries">;
}

/** One cluster of a campaign, and what is wanted of it. */
export interface CampaignTarget {
  readonly clusterId: string;
  readonly hold: Hold;
}

/**
 * Sets the hold, which makes the cluster due at once: planner and worker do the rest, as with a hold of a person's. Calling
 * twice is safe. Throws `Failure` cluster-unknown, timed-out when the hold has ended already, store-unavailable.
 */
export async function beginTarget(
  { clusterId, hold }: CampaignTarget,
  { clock, store, fleet }: CampaignPorts,
): Promise<{ readonly begunAt: number }> {
  const begunAt = clock.now();
  if (hold.until <= begunAt) throw ended(clusterId, "timed-out", "the hold has ended");
  if ((await fleet.readEntry(clusterId)) === undefined) {
    throw ended(clusterId, "cluster-unknown", "it is not registered with the hub");
  }
  await store.putHold(clusterId, serialiseHold(hold, begunAt));
  return { begunAt };
}

/**
 * Whether the cluster is there by now. Two reads by key. Throws `Failure` with the hub's own code when it will not get there,
 * timed-out, cancelled when somebody's later wish wins, cluster-unknown, store-unavailable.
 */
export async function lookAtTarget(
  { clusterId, ...look }: CampaignTarget & Pick<CampaignLook, "begunAt" | "redrivenAt" | "deadlineSeconds">,
  { clock, store, fleet }: CampaignPorts,
): Promise<{ readonly isThere: boolean }> {
  const now = clock.now();
  const [entry, record] = await Promise.all([fleet.readEntry(clusterId), store.readCluster(clusterId)]);
  const standing = campaignStanding({ ...look, entry, noted: holdAt(record?.hold, now), now });
  if (standing.kind === "over") throw ended(clusterId, standing.code, standing.why);
  if (standing.kind === "begin-again") await store.putHold(clusterId, serialiseHold(look.hold, now));
  return { isThere: standing.kind === "there" };
}

function ended(clusterId: string, code: Failure["code"], why: string): Failure {
  return new Failure({
    code,
    message: `${clusterId}: ${why}.`,
    remedy: "`curfew fleet` says what keeps it; then redrive the campaign in Step Functions.",
  });
}
