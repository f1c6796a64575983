import * as z from "zod";

import { findApproval, type Approval } from "../../runtime/config/index.js";
import { CLUSTER_SCHEDULE, declaredCluster, type DeclaredCluster } from "../cluster-schedule.js";
import { productionFields, whyProduction } from "../production.js";
import { resourceRule } from "../rule.js";
import type { World } from "../world.js";

/** Somebody answers, by name and for a time, for letting production sleep. */
export const productionApproval = ({ stackConfig, nowMs }: World) =>
  resourceRule({
    name: "production-approval",
    says: "A production cluster sleeps only with an approval that says who answers for it, why, and until when.",
    whatToDo: 'Declare one: curfew:approvals: [{ cluster, owner, reason, until: "2027-03-31" }].',
    config: z.strictObject(productionFields),
    types: [CLUSTER_SCHEDULE],
    check({ props }, config) {
      const cluster = declaredCluster(props);
      const why = cluster && whyProduction(cluster, config);
      if (cluster === undefined || why === undefined) return [];
      const stack = stackConfig();
      if (!stack.ok) return [`The approvals cannot be read: ${stack.problem}`];
      return checkApproval(cluster, why, { approvals: stack.value.approvals, atMs: nowMs() });
    },
  });

function checkApproval(
  { id, identity }: DeclaredCluster,
  why: string,
  { approvals, atMs }: { readonly approvals: readonly Approval[]; readonly atMs: number },
): readonly string[] {
  if (findApproval(identity, approvals, atMs) !== undefined) return [];
  const expired = findApproval(identity, approvals, -Infinity);
  if (expired === undefined) return [`${id} is production (${why}), and no approval names it`];
  return [`${id} is production (${why}), and its approval by ${expired.owner} ended on ${expired.until} (UTC)`];
}
