import * as z from "zod";

import type { ClusterIdentity } from "../ports/index.js";
import { matcherFields, fitsIdentity } from "./cluster-matcher.js";
import { dateOf, isDate, TIMESTAMP_TAIL } from "./date-text.js";

const DAY_MS = 86_400_000;
const UNTIL = 'must be the last day of the approval (UTC) in quotes, such as "2027-03-31"';

const words = (error: string) => z.string({ error }).trim().min(1, { error });

/** One entry of `curfew:approvals`: somebody answers for it that these clusters are put to sleep. */
export const approvalSchema = z
  .strictObject({
    ...matcherFields,
    owner: words("is required: who answers for it").describe("Who answers for it: a person or a team."),
    reason: words("is required: why these clusters may sleep, in words").describe("Why these clusters may sleep."),
    until: z
      .string({ error: UNTIL })
      .regex(new RegExp(`^\\d{4}-\\d{2}-\\d{2}(${TIMESTAMP_TAIL})?$`), { error: UNTIL })
      .transform(dateOf)
      .refine(isDate, { error: UNTIL })
      .describe("The last day (UTC) on which the approval holds, such as 2027-03-31."),
  })
  .refine(({ cluster, account, region }) => (cluster ?? account ?? region) !== undefined, {
    error: "must say which clusters: at least one of cluster, account, region",
  })
  .meta({ anyOf: [{ required: ["cluster"] }, { required: ["account"] }, { required: ["region"] }] });

/** A rule as declared under `curfew:approvals`; `until` is a date, `YYYY-MM-DD`. */
export type Approval = Readonly<z.output<typeof approvalSchema>>;

/**
 * The first approval that fits a cluster and holds at an instant (epoch milliseconds), in the order of declaration;
 * undefined when none does. An approval holds to the end of its last day, UTC. Asked for -Infinity, expired ones count too.
 */
export function findApproval(
  identity: ClusterIdentity,
  approvals: readonly Approval[],
  atMs: number,
): Approval | undefined {
  return approvals.find((approval) => fitsIdentity(approval, identity) && atMs < Date.parse(approval.until) + DAY_MS);
}
