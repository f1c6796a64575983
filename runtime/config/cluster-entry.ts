import * as z from "zod";

import { REACHES } from "../ports/index.js";
import { settingsPatchSchema } from "./settings.js";

/** The role that is assumed in a cluster's account when nobody names one. */
export const DEFAULT_ROLE = "curfew-spoke";

export const accountIdSchema = z.string({ error: accountMessage }).regex(/^\d{12}$/, { error: accountMessage });

const REGION = "must be an AWS Region such as ap-southeast-2";
export const regionSchema = z
  .string({ error: "is required: an AWS Region such as ap-southeast-2" })
  .regex(/^[a-z]{2,4}(-[a-z]+){1,2}-\d{1,2}$/, { error: REGION });

export const externalIdSchema = z
  .string({ error: "must be text" })
  .regex(/^[\w+=,.@:/-]{2,1224}$/, { error: "must be 2 to 1224 of letters, digits and +=,.@:/_-" })
  .describe("The external id that the role's trust policy asks for.");

/** How the cluster's API server is reached; found out from its endpoint where nothing is said. */
export const reachSchema = z.enum(REACHES);

const ROLE = "must be a role's name, its ARN (arn:aws:iam::222222222222:role/curfew-spoke), or none";

const COST = "must be US dollars an hour, more than 0";

/** What defaults, profiles and clusters may say alike. Nothing is filled in here: what is silent must not cover what lies below. */
const fields = {
  account: accountIdSchema.describe("The cluster's account: twelve digits in quotes.").exactOptional(),
  region: regionSchema.describe("The cluster's Region, such as ap-southeast-2.").exactOptional(),
  schedule: z
    .string({ error: "must be the name of a schedule" })
    .describe("Name of a schedule; only an excluded cluster has none.")
    .exactOptional(),
  role: z
    .string({ error: "must be a role's name or ARN, or none" })
    .regex(/^(arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+|[\w+=,.@-]{1,64})$/, { error: ROLE })
    .meta({
      description: "Name or ARN of the role to assume in the account; none for the caller's own credentials.",
      default: DEFAULT_ROLE,
    })
    .exactOptional(),
  externalId: externalIdSchema.exactOptional(),
  reach: reachSchema
    .describe("How the API server is reached; found out from the cluster's endpoint where nothing is said.")
    .exactOptional(),
  tags: z
    .record(z.string(), z.string({ error: "must be text: put the value in quotes" }))
    .describe("Tags by which clusters are chosen and excluded. Layers are merged key by key.")
    .exactOptional(),
  settings: settingsPatchSchema
    .describe("What differs from the fleet's settings. Layers are merged key by key.")
    .exactOptional(),
  onDelete: z
    .enum(["wake", "leave"])
    .meta({ description: "What happens to a sleeping cluster when its declaration is deleted.", default: "wake" })
    .exactOptional(),
  converge: z
    .union([z.boolean(), z.enum(["up", "hub"])], { error: "must be up, hub, true or false" })
    .describe(
      "Who takes the cluster to where it should be: up (or true) pulumi up itself; hub the stack's hub, the default where there is one; false nobody, the schedule is only registered.",
    )
    .exactOptional(),
  costPerHour: z
    .number({ error: COST })
    .positive({ error: COST })
    .describe("US dollars an hour while the cluster is awake.")
    .exactOptional(),
};

/** What `curfew:defaults` and a profile of `curfew:profiles` may say. */
export const clusterFieldsSchema = z.strictObject(fields, { error: shapeMessage("a map of a cluster's fields") });

/** Fields of a cluster as one layer, or several laid over each other, declare them. */
export type ClusterFields = Readonly<z.output<typeof clusterFieldsSchema>>;

/** One entry of `curfew:clusters` as a person writes it. What it refers to is checked with the whole fleet at hand. */
export const clusterEntrySchema = z.strictObject(
  {
    name: z
      .string({ error: "is required: the cluster's name in EKS" })
      .regex(/^[0-9A-Za-z][\w-]{0,99}$/, {
        error: "must be an EKS cluster name: letters, digits, - and _, at most 100",
      })
      .describe("The cluster's name in EKS."),
    profile: z
      .string({ error: "must be the name of a profile" })
      .describe("Name of a profile, whose fields hold where the entry is silent.")
      .exactOptional(),
    ...fields,
  },
  { error: shapeMessage("a cluster: { name, account, region, schedule }") },
);

/** What is said of a field that neither an entry nor a layer below it has. */
export const REQUIRED_FIELDS = {
  account: 'is required: twelve digits in quotes, such as "222222222222"',
  region: "is required: an AWS Region such as ap-southeast-2",
} as const;

function shapeMessage(what: string) {
  return ({ code }: z.core.$ZodRawIssue): string | undefined =>
    code === "invalid_type" ? `must be ${what}` : undefined;
}

/** YAML takes unquoted digits for a number, and a number has no leading zeros. */
function accountMessage({ input }: { readonly input?: unknown }): string {
  if (typeof input === "number" && Number.isInteger(input) && input >= 0) {
    return `must be twelve digits in quotes, because YAML reads them as a number and drops leading zeros: write "${String(input).padStart(12, "0")}"`;
  }
  return 'must be twelve digits in quotes, such as "222222222222"';
}
