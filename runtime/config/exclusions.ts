import * as z from "zod";

import type { ClusterIdentity } from "../ports/index.js";
import { fitsIdentity, matcherFields } from "./cluster-matcher.js";

const AT_LEAST_ONE = "must say which clusters: at least one of cluster, account, region, tags";

/** One rule that takes clusters out of Curfew's hands. All matchers that it names must match. */
export const exclusionSchema = z
  .strictObject({
    ...matcherFields,
    tags: z
      .record(z.string(), z.string())
      .describe("Tags that must all be there, with these very values.")
      .exactOptional(),
    reason: z
      .string({ error: "is required: why these clusters must stay awake, in words" })
      .trim()
      .min(1, { error: "must say why, in words" })
      .describe("Why these clusters must not be touched."),
  })
  .refine((rule) => Object.keys(rule).some((key) => key !== "reason" && key !== "tags") || hasTags(rule), {
    error: AT_LEAST_ONE,
  });

/** A rule as declared under `curfew:exclusions`. */
export type Exclusion = Readonly<z.output<typeof exclusionSchema>>;

/** A cluster's or a rule's tags: exact keys, exact values. */
export type Tags = Readonly<Record<string, string>>;

/** The first rule that fits a cluster, in the order of declaration; undefined when none does. */
export function findExclusion(
  identity: ClusterIdentity,
  tags: Tags,
  exclusions: readonly Exclusion[],
): Exclusion | undefined {
  return exclusions.find((rule) => fitsIdentity(rule, identity) && hasAllTags(tags, rule.tags ?? {}));
}

/**
 * The rules that would exclude this cluster if only it had certain tags. The tags on the real cluster
 * may say more than config does, so a run asks {@link findExclusion} again about these.
 */
export function exclusionsByTag(identity: ClusterIdentity, exclusions: readonly Exclusion[]): readonly Exclusion[] {
  return exclusions.filter((rule) => hasTags(rule) && fitsIdentity(rule, identity));
}

/** Whether `tags` holds each of `wanted` with the same value. */
export function hasAllTags(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([key, value]) => tags[key] === value);
}

function hasTags(rule: { readonly tags?: Tags }): boolean {
  return Object.keys(rule.tags ?? {}).length > 0;
}
