import * as z from "zod";

import { formatTableAddress } from "../ports/index.js";
import { partitionOf } from "./access.js";
import { accountIdSchema, DEFAULT_ROLE, externalIdSchema, regionSchema } from "./cluster-entry.js";

/** What CloudWatch Logs takes as a retention, of those that make sense for a hub. */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const whole = (least: number, most: number) => z.number().int().min(least).max(most);

const workersSchema = z.strictObject({
  timeoutSeconds: whole(60, 900)
    .default(120)
    .describe("Also the lease's measure: one invocation must end before the queue shows its messages again."),
  memoryMb: whole(256, 10_240).default(1024),
  maximumConcurrency: whole(2, 1_000)
    .default(25)
    .describe("Invocations at a time, per queue shard; the bounds are the event source's own."),
  batchSize: whole(1, 10).default(10).describe("Clusters per invocation, worked on together."),
});

const plannerSchema = z.strictObject({
  timeoutSeconds: whole(10, 300).default(55),
  memoryMb: whole(128, 10_240).default(512),
});

const warmThroughputSchema = z.strictObject({
  readsPerSecond: whole(12_000, 10_000_000).default(12_000),
  writesPerSecond: whole(4_000, 10_000_000).default(4_000),
});

const SPOKE_ROLE = "must be a role's name: 1 to 64 letters, digits and +=,.@_-";

const spokesSchema = z.strictObject({
  organizationId: z
    .string({ error: "is required: the organisation's id, such as o-a1b2c3d4e5" })
    .regex(/^o-[a-z0-9]{10,32}$/, { error: "must be an organisation's id, such as o-a1b2c3d4e5" }),
  organizationalUnits: z
    .array(
      z.string().regex(/^(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32})$/, {
        error: "must be an organisational unit's id (ou-ab12-c3d4e5f6) or the root's (r-ab12)",
      }),
    )
    .min(1)
    .max(50),
  roleName: z
    .string({ error: SPOKE_ROLE })
    .regex(/^[\w+=,.@-]{1,64}$/, { error: SPOKE_ROLE })
    .default(DEFAULT_ROLE),
  capability: z.enum(["read", "scale", "full-cycle"]).default("full-cycle").describe("What the spoke roles may do."),
  externalId: externalIdSchema.exactOptional(),
  privateDrain: z
    .boolean()
    .exactOptional()
    .describe("Whether clusters of these accounts are reached through relay functions."),
  callAs: z
    .enum(["SELF", "DELEGATED_ADMIN"])
    .default("DELEGATED_ADMIN")
    .describe("SELF where the hub's account manages the organisation."),
  exceptAccounts: z.array(accountIdSchema).default([]).describe("Accounts of those units that are left out."),
});

/** The sizes and choices of one hub, with their defaults; `Hub` takes the same. */
const sizesSchema = z.strictObject({
  region: regionSchema.describe("Where the hub lives. Written out here, because the state's address follows from it."),
  prefix: z
    .string({ error: "must be text" })
    .regex(/^[a-z][a-z0-9-]{0,21}[a-z0-9]$/, {
      error: "must be 2 to 23 small letters, digits and -, beginning with a letter",
    })
    .default("curfew")
    .describe("Every physical name begins with it."),
  shards: whole(1, 30)
    .default(2)
    .describe(
      "Work queues, each with a worker of its own. Their URLs travel in one environment, of which Lambda allows 4 KB.",
    ),
  assignment: z
    .enum(["region", "account", "hash"])
    .default("hash")
    .describe("By what a cluster's queue is chosen: its Region, its account, or both together (hash)."),
  partitions: whole(1, 16).default(1).describe("Planners; each reads its share of the due index every minute."),
  dueShards: whole(1, 256)
    .default(16)
    .describe("Shards of the due index. Fixed for the table's life: entries carry theirs."),
  recheckSeconds: whole(300, 86_400).default(3_600),
  retryAfterSeconds: whole(60, 3_600).default(900),
  horizonSeconds: whole(60, 14_400).default(1_800),
  workers: workersSchema.prefault({}),
  planner: plannerSchema.prefault({}),
  announceSuccess: z
    .boolean()
    .default(false)
    .describe(
      "Tells the topic of successes too, which are two messages a day for each cluster. The bus has them anyway.",
    ),
  campaigns: z
    .boolean()
    .default(true)
    .describe("A state machine for curfew campaign, with its function. It costs nothing while none runs."),
  summaryHour: z
    .union([whole(0, 23), z.literal(false)], { error: "must be an hour of the day in UTC, 0 to 23, or false" })
    .default(6)
    .describe("Hour of the day (UTC) from which the topic and the bus are told how the fleet stands; false: never."),
  /**
   * Spoke accounts that have a dashboard of their own. Each costs about 3 USD a month, and every look at it the Logs
   * Insights queries over the workers' logs, by the gigabyte scanned (aws.md §8).
   */
  accountDashboards: z
    .array(accountIdSchema)
    .max(50, { error: "must name at most 50 accounts" })
    .refine((accounts) => new Set(accounts).size === accounts.length, { error: "must name each account once" })
    .default([])
    .describe("Spoke accounts that have a dashboard of their own; each costs about 3 USD a month."),
  logRetentionDays: z.literal(RETENTION_DAYS).default(30).describe("How long the functions' logs are kept."),
  deletionProtection: z.boolean().default(true).describe("Keeps the table from being deleted."),
  warmThroughput: warmThroughputSchema.describe("What the table is ready for from its first minute.").exactOptional(),
});

const isShared = ({ partitions, dueShards }: z.output<typeof sizesSchema>): boolean => partitions <= dueShards;
const UNSHARED = {
  path: ["partitions"],
  error: "must not be more than dueShards: a planner without a share of the index has nothing to do",
};

/** What `Hub` is told of its sizes. */
export const hubSettingsSchema = sizesSchema.refine(isShared, UNSHARED);

/** `curfew:hub`: the hub's own settings, and what only a stack can say. */
export const hubSchema = sizesSchema
  .extend({
    enabled: z.boolean().default(true).describe("false: as if the section were not there."),
    converge: z
      .enum(["hub", "up"])
      .default("hub")
      .describe("Who takes a cluster to where it should be: the hub, or pulumi up as without a hub."),
    kmsKeyArn: z
      .string()
      .regex(/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/, { error: "must be the ARN of a KMS key" })
      .describe("ARN of the customer managed key of the table.")
      .exactOptional(),
    otlpEndpoint: z
      .url({ error: "must be the URL of an OpenTelemetry collector" })
      .describe("OpenTelemetry collector (OTLP over HTTP) for traces and metrics.")
      .exactOptional(),
    spokes: spokesSchema.describe("The roles in the spoke accounts, one StackSet for all of them.").exactOptional(),
  })
  .refine(isShared, UNSHARED);

/** What a person may write of a hub's sizes. */
export type HubSettingsInput = z.input<typeof sizesSchema>;
/** A hub's sizes and choices, complete. */
export type HubSettings = Readonly<z.output<typeof sizesSchema>>;
/** Settings of the roles in the spoke accounts. */
export type SpokeSettings = Readonly<z.output<typeof spokesSchema>>;
/** The hub that a stack declares. */
export type HubDeclaration = Readonly<z.output<typeof hubSchema>>;

/** The hub's table, by its prefix. */
export const hubTableName = (prefix: string): string => `${prefix}-fleet`;

/** The state machine of the hub's campaigns, by its prefix. */
export const hubCampaignsName = (prefix: string): string => `${prefix}-campaigns`;

/** The hub's work queues, each with the one of its dead letters. */
export function hubQueueNames({ prefix, shards }: Pick<HubSettings, "prefix" | "shards">) {
  const queues = Array.from({ length: shards }, (_, shard) => `${prefix}-work-${shard}`);
  return queues.map((queue) => ({ queue, dead: `${queue}-dead` }));
}

/** The address under which the hub's table serves as a state store. */
export function hubState({ region, prefix, dueShards }: Pick<HubSettings, "region" | "prefix" | "dueShards">): string {
  return formatTableAddress({ region, table: hubTableName(prefix), shards: dueShards });
}

/** ARN pattern of the role that the hub may assume, in whatever account. */
export function spokeRolePattern(region: string, roleName: string): string {
  return `arn:${partitionOf(region)}:iam::*:role/${roleName}`;
}
