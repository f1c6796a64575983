import type { ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";

import { AWS } from "../aws-types.js";
import { isInScope, scopeField } from "../hub/scope.js";
import { configReader, resourceRule, type Unranked } from "../rule.js";
import { UNKNOWN, valueAt } from "../value.js";

const TAGGABLE: readonly string[] = [
  AWS.queue,
  AWS.table,
  AWS.function,
  AWS.logGroup,
  AWS.role,
  AWS.topic,
  AWS.eventBus,
  AWS.alarm,
  AWS.stateMachine,
  AWS.scheduleGroup,
  AWS.stackSet,
];

const config = z.strictObject({
  ...scopeField,
  tags: z
    .record(z.string(), z.string())
    .default({ "managed-by": "curfew" })
    .describe("Tags that everything of the hub carries; a value that is there already stays."),
});

/** Whoever meets a part of the hub in the console sees whose it is. Safe to mend: nothing looks at these tags. */
export const tags = (): Unranked<ResourceValidationPolicy> => {
  const rule = {
    name: "tags",
    says: "The hub's parts carry the tags by which people find them.",
    whatToDo: "Add it, or let the policy do so (level remediate).",
    config,
    types: TAGGABLE,
  };
  const configOf = configReader(rule);
  return {
    ...resourceRule({
      ...rule,
      check: ({ props, urn, name }, settings) =>
        isInScope(urn, settings) ? missing(props, settings).map((key) => `${name} has no tag ${key}`) : [],
    }),
    remediateResource: (resource) => {
      const { type, props, urn } = resource;
      if (!TAGGABLE.includes(type)) return undefined;
      const settings = configOf(resource.getConfig());
      const keys = isInScope(urn, settings) ? missing(props, settings) : [];
      if (keys.length === 0) return undefined;
      // Written in place: a copy would read what a preview cannot know, and the SDK then gives up.
      const there = (props["tags"] ??= {}) as Record<string, unknown>;
      for (const key of keys) there[key] = settings.tags[key];
      return props;
    },
  };
};

/** Tags that are not known yet as a whole are left alone, and what is no map of tags is the provider's to refuse. */
function missing(props: unknown, { tags: wanted }: z.output<typeof config>): readonly string[] {
  const there = valueAt(props, "tags") ?? {};
  if (there === UNKNOWN || typeof there !== "object" || Array.isArray(there)) return [];
  return Object.keys(wanted).filter((key) => !(key in there));
}
