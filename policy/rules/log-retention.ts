import * as z from "zod";

import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";

import { AWS } from "../aws-types.js";
import { isInScope, scopeField } from "../hub/scope.js";
import { configReader, resourceRule, type Unranked } from "../rule.js";
import { valueAt } from "../value.js";

const config = z.strictObject({
  ...scopeField,
  days: z
    .number()
    .int()
    .min(1)
    .max(3653)
    .default(30)
    .describe("What a log group gets that says nothing; AWS takes certain numbers."),
});

/** A log group without a retention keeps its logs, and their price, for ever. Safe to mend: what is there already is kept. */
export const logRetention = (): Unranked<ResourceValidationPolicy> => {
  const rule = {
    name: "log-retention",
    says: "Logs are kept for a time, not for ever.",
    whatToDo: "Set retentionInDays.",
    config,
    types: [AWS.logGroup],
    check: ({ props, urn, name }: ResourceValidationArgs, settings: z.output<typeof config>) =>
      isInScope(urn, settings) && isEndless(props) ? [`The log group ${name} keeps its logs for ever`] : [],
  };
  const configOf = configReader(rule);
  return {
    ...resourceRule(rule),
    remediateResource: (resource) => {
      const { type, props, urn } = resource;
      if (type !== AWS.logGroup || !isEndless(props)) return undefined;
      const settings = configOf(resource.getConfig());
      if (!isInScope(urn, settings)) return undefined;
      // Written in place: a copy would read what a preview cannot know, and the SDK then gives up.
      props["retentionInDays"] = settings.days;
      return props;
    },
  };
};

/** 0 is AWS's word for ever. */
const isEndless = (props: unknown): boolean => [undefined, null, 0].includes(valueAt(props, "retentionInDays") as 0);
