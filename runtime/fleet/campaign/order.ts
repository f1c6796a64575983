import * as z from "zod";

import { Failure, parseClusterId } from "../../ports/index.js";

/** Two hours: a drain that may take one, and a wave before it. */
export const DEFAULT_DEADLINE_SECONDS = 7_200;

const clusterIdSchema = z
  .string()
  .refine((id) => parseClusterId(id) !== undefined, { error: "must be account/region/name" });
const clustersSchema = z.array(clusterIdSchema).min(1);

const groupSchema = z.union([
  z.strictObject({ name: z.string().min(1).max(64), clusters: clustersSchema }),
  clustersSchema.transform((clusters) => ({ name: null, clusters })),
]);

/** Globs; a cluster must fit one of each list that is given. */
const filterSchema = z.strictObject({
  accounts: z.array(z.string().min(1)).min(1).exactOptional(),
  regions: z.array(z.string().min(1)).min(1).exactOptional(),
});

const schema = z
  .strictObject({
    groups: z
      .array(groupSchema)
      .min(1)
      .transform((groups) => groups.map(({ name, clusters }, index) => ({ name: name ?? `${index + 1}`, clusters })))
      .exactOptional(),
    filter: filterSchema.exactOptional(),
    state: z.enum(["running", "hibernated"]),
    until: z.iso.datetime({ offset: true }),
    reason: z.string().min(1),
    owner: z.string().min(1),
    toleratedFailurePercentage: z.number().min(0).max(100).default(0),
    deadlineSeconds: z.int().min(60).max(86_400).default(DEFAULT_DEADLINE_SECONDS),
  })
  .refine(({ groups, filter }) => (groups === undefined) !== (filter === undefined), {
    error: "name either groups of clusters or a filter",
  })
  .refine(({ groups = [] }) => isEachOnce(groups.flatMap(({ clusters }) => clusters)), {
    path: ["groups"],
    error: "name a cluster twice",
  });

/** What a campaign may be begun with: the port's order, or one with a filter in the place of its groups. */
export type RequestedCampaign = Readonly<z.output<typeof schema>>;
/** Which clusters of the hub a campaign is for, when it does not name them. */
export type CampaignFilter = Readonly<z.output<typeof filterSchema>>;

/**
 * Reads what a campaign was begun with, by whomever; groups may be bare lists of clusters, which are then called 1, 2, …
 * Throws `Failure` config-invalid that names everything that is wrong.
 */
export function parseOrder(order: unknown): RequestedCampaign {
  const parsed = schema.safeParse(order);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
  throw new Failure({
    code: "config-invalid",
    message: `This is no campaign: ${problems.join("; ")}.`,
    remedy: "`curfew campaign start --dry-run --json` shows what one looks like.",
  });
}

const isEachOnce = (ids: readonly string[]): boolean => new Set(ids).size === ids.length;
