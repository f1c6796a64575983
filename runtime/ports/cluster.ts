import type { Reach } from "./reach.js";

/** Which cluster. Two specs with the same three fields are the same cluster. */
export interface ClusterIdentity {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** `account/region/name`: the key of everything that is stored about a cluster. */
export function clusterId({ account, region, name }: ClusterIdentity): string {
  return `${account}/${region}/${name}`;
}

/** The other way round; undefined when `id` is not of that form. */
export function parseClusterId(id: string): ClusterIdentity | undefined {
  const [account, region, name, ...rest] = id.split("/");
  if (!account || !region || !name || rest.length > 0) return undefined;
  return { account, region, name };
}

/** How Curfew gets into a cluster's account, and to its API server. */
export interface ClusterAccess {
  /** ARN of the spoke role to assume; absent: the caller's own credentials. */
  readonly roleArn?: string;
  readonly externalId?: string;
  /** Absent: found out from the cluster's endpoint. */
  readonly reach?: Reach;
}
