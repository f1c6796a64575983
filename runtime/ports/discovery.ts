import type { ClusterAccess, ClusterIdentity } from "./cluster.js";

/** One account's side of a Region. */
export type AccountRegion = Pick<ClusterIdentity, "account" | "region">;

/** A cluster as EKS knows it, declared or not. */
export interface FoundCluster {
  readonly identity: ClusterIdentity;
  /** EKS's own word, such as ACTIVE, CREATING or DELETING. */
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Looks for clusters that nobody has to have declared. Changes nothing. */
export interface Discovery {
  /**
   * Every cluster of an account and Region, by name; one that is deleted meanwhile is left out. Throws `Failure`
   * role-refused, permission-denied, credentials-missing, credentials-expired, throttled, unavailable: then nothing is
   * known of this account and Region.
   */
  findClusters(ground: AccountRegion, access: ClusterAccess): Promise<readonly FoundCluster[]>;
}
