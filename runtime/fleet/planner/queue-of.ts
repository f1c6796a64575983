import type { ClusterIdentity } from "../../ports/index.js";
import { hashOf } from "./hash.js";

/** By what clusters are handed to queues: those of one Region, account or of one account and Region share one. */
export type QueueAssignment = "region" | "account" | "hash";

/** The queue of a cluster, 0 to `count` - 1. The same for as long as assignment and count are. */
export function queueOf(
  { account, region }: Pick<ClusterIdentity, "account" | "region">,
  assignment: QueueAssignment,
  count: number,
): number {
  const key = { region, account, hash: groupOf({ account, region }) }[assignment];
  return hashOf(key) % count;
}

/** Whose rates a cluster counts against (aws.md §12), and the fairness group of its messages: `account#region`. */
export function groupOf({ account, region }: Pick<ClusterIdentity, "account" | "region">): string {
  return `${account}#${region}`;
}
