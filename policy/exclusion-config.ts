import * as z from "zod";

import { matcherFields } from "../runtime/config/cluster-matcher.js";
import type { ExclusionRule } from "./exclusion-match.js";
import type { StackConfig } from "./stack-config.js";

const exclusionSchema = z.strictObject({
  ...matcherFields,
  tags: z
    .record(z.string(), z.string())
    .describe("Tags that the cluster must have, each with this value.")
    .exactOptional(),
  kubernetesVersion: z
    .string()
    .min(1)
    .describe("The cluster's Kubernetes version; * and ? are wildcards.")
    .exactOptional(),
  reason: z.string().min(1).describe("Why nobody may touch these clusters."),
});

/** The policy config of the rules of exclusion, which share it. */
export const exclusionFields = {
  exclusions: z
    .array(exclusionSchema)
    .default([])
    .describe("Clusters that nothing may touch, beside those of the stack's config. All that a rule names must fit."),
  kubernetesVersionTag: z
    .string()
    .min(1)
    .default("kubernetes-version")
    .describe("The tag that says a cluster's Kubernetes version in the stack's config."),
};

export type ExclusionConfig = z.output<z.ZodObject<typeof exclusionFields>>;

/** All rules of exclusion, those of the policy's config first. */
export const exclusionRules = (
  { exclusions }: ExclusionConfig,
  stack: Pick<StackConfig, "exclusions">,
): readonly ExclusionRule[] => [
  ...exclusions.map((rule) => ({ ...rule, from: "the policy's config" })),
  ...stack.exclusions.map((rule) => ({ ...rule, from: "the stack's config" })),
];
