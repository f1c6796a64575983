import type { ClusterAccess, ClusterIdentity } from "../ports/index.js";
import type { Parsed } from "../schedule/index.js";
import type { ClusterEntry } from "./cluster-entry.js";

type RoleFields = Pick<ClusterEntry, "role" | "externalId" | "reach">;

/** How to get into a cluster's account. A role of another account is refused: it could not see the cluster. */
export function parseAccess(
  { account, region }: ClusterIdentity,
  { role, externalId, reach }: RoleFields,
  path: string,
): Parsed<ClusterAccess> {
  const way = reach === undefined ? {} : { reach };
  if (role === "none") return { ok: true, value: way };
  const roleArn = role.startsWith("arn:") ? role : `arn:${partitionOf(region)}:iam::${account}:role/${role}`;
  const owner = roleArn.split(":")[4] ?? "";
  if (owner !== account) {
    const message = `must be a role of the cluster's own account ${account}, not of ${owner}`;
    return { ok: false, problems: [{ path: `${path}.role`, message }] };
  }
  return { ok: true, value: { roleArn, ...(externalId === undefined ? {} : { externalId }), ...way } };
}

/** The AWS partition that a Region belongs to: the second part of every ARN in it. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return "aws";
}
