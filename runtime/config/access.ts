import type { ClusterAccess, ClusterIdentity } from "../ports/index.js";
import type { Parsed } from "../schedule/index.js";
import type { ClusterFields } from "./cluster-entry.js";
import { clusterFieldsSchema, DEFAULT_ROLE } from "./cluster-entry.js";
import { checkShape } from "./shape.js";

type RoleFields = Pick<ClusterFields, "role" | "externalId" | "reach">;

/**
 * How to get into a cluster's account. A role of another account is refused at `path`, where the role is declared: it could
 * not see the cluster.
 */
export function parseAccess(
  { account, region }: ClusterIdentity,
  { role = DEFAULT_ROLE, externalId, reach }: RoleFields,
  path: string,
): Parsed<ClusterAccess> {
  const way = reach === undefined ? {} : { reach };
  if (role === "none") return { ok: true, value: way };
  const roleArn = role.startsWith("arn:") ? role : `arn:${partitionOf(region)}:iam::${account}:role/${role}`;
  const owner = roleArn.split(":")[4] ?? "";
  if (owner !== account) {
    // A profile's role serves many clusters, and the same words for all of them are one problem.
    const message = `must be a role of the cluster's own account, not of ${owner}: a name alone always is`;
    return { ok: false, problems: [{ path, message }] };
  }
  return { ok: true, value: { roleArn, ...(externalId === undefined ? {} : { externalId }), ...way } };
}

/** The same for a role and an external id as they were typed, outside of any config. */
export function readAccess(identity: ClusterIdentity, typed: { readonly role: string; readonly externalId?: string }) {
  const fields = checkShape(clusterFieldsSchema, typed, "");
  return fields.ok ? parseAccess(identity, fields.value, "role") : fields;
}

/** The AWS partition that a Region belongs to: the second part of every ARN in it. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return "aws";
}
