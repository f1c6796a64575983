import * as z from "zod";

import { REACHES } from "../ports/index.js";
import { settingsPatchSchema } from "./settings.js";

/** The role that is assumed in a cluster's account when its entry names none. */
export const DEFAULT_ROLE = "curfew-spoke";

export const accountIdSchema = z.string({ error: accountMessage }).regex(/^\d{12}$/, { error: accountMessage });

const REGION = "must be an AWS Region such as ap-southeast-2";
export const regionSchema = z
  .string({ error: "is required: an AWS Region such as ap-southeast-2" })
  .regex(/^[a-z]{2,4}(-[a-z]+){1,2}-\d{1,2}$/, { error: REGION });

export const externalIdSchema = z
  .string({ error: "must be text" })
  .regex(/^[\w+=,.@:/-]{2,1224}$/, { error: "must be 2 to 1224 of letters, digits and +=,.@:/_-" });

/** How the cluster's API server is reached; found out from its endpoint where nothing is said. */
export const reachSchema = z.enum(REACHES);

/** One entry of `curfew:clusters` as a person writes it. What it refers to is checked with the whole fleet at hand. */
export const clusterEntrySchema = z.strictObject(
  {
    name: z.string({ error: "is required: the cluster's name in EKS" }).regex(/^[0-9A-Za-z][\w-]{0,99}$/, {
      error: "must be an EKS cluster name: letters, digits, - and _, at most 100",
    }),
    account: accountIdSchema,
    region: regionSchema,
    /** Name of a schedule; only an excluded cluster has none. */
    schedule: z.string({ error: "must be the name of a schedule" }).exactOptional(),
    /** Name or ARN of the role to assume; `none` for the caller's own credentials. */
    role: z
      .string({ error: "must be a role's name or ARN, or none" })
      .regex(/^(arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+|[\w+=,.@-]{1,64})$/, {
        error: "must be a role's name, its ARN (arn:aws:iam::222222222222:role/curfew-spoke), or none",
      })
      .default(DEFAULT_ROLE),
    externalId: externalIdSchema.exactOptional(),
    reach: reachSchema.exactOptional(),
    tags: z.record(z.string(), z.string({ error: "must be text: put the value in quotes" })).default({}),
    settings: settingsPatchSchema.prefault({}),
    /** What happens to a sleeping cluster when its declaration is deleted. */
    onDelete: z.enum(["wake", "leave"]).default("wake"),
    /**
     * Who takes the cluster to where it should be: `up` (or true) `pulumi up` itself; `hub` the stack's hub, which is the
     * default where there is one; false nobody: `pulumi up` only registers the schedule.
     */
    converge: z
      .union([z.boolean(), z.enum(["up", "hub"])], { error: "must be up, hub, true or false" })
      .exactOptional(),
  },
  { error: shapeMessage },
);

/** An entry with its defaults filled in. */
export type ClusterEntry = Readonly<z.output<typeof clusterEntrySchema>>;

function shapeMessage(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === "invalid_type" ? "must be a cluster: { name, account, region, schedule }" : undefined;
}

/** YAML takes unquoted digits for a number, and a number has no leading zeros. */
function accountMessage({ input }: { readonly input?: unknown }): string {
  if (typeof input === "number" && Number.isInteger(input) && input >= 0) {
    return `must be twelve digits in quotes, because YAML reads them as a number and drops leading zeros: write "${String(input).padStart(12, "0")}"`;
  }
  return 'must be twelve digits in quotes, such as "222222222222"';
}
