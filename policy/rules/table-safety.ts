import * as z from "zod";

import { AWS } from "../aws-types.js";
import { isInScope, scopeField } from "../hub/scope.js";
import { resourceRule } from "../rule.js";
import { UNKNOWN, valueAt } from "../value.js";

/** The snapshots by which clusters are woken lie in the hub's table, and nowhere else. */
export const tableSafety = () =>
  resourceRule({
    name: "table-safety",
    says: "A table can be brought back, forgets what is old, and is not deleted by mistake.",
    whatToDo: "Switch it on; for a stack that is torn down again, switch the check off in the policy's config.",
    config: z.strictObject({
      ...scopeField,
      pointInTimeRecovery: z.boolean().default(true).describe("Whether point-in-time recovery must be on."),
      timeToLive: z.boolean().default(true).describe("Whether a time to live must be on."),
      deletionProtection: z.boolean().default(true).describe("Whether deletion protection must be on."),
    }),
    types: [AWS.table],
    *check({ props, urn, name }, config) {
      if (!isInScope(urn, config)) return;
      const isOff = (...path: readonly string[]): boolean => ![true, UNKNOWN].includes(valueAt(props, ...path) as true);
      if (config.pointInTimeRecovery && isOff("pointInTimeRecovery", "enabled"))
        yield `The table ${name} has no point-in-time recovery`;
      if (config.timeToLive && isOff("ttl", "enabled")) yield `The table ${name} has no time to live`;
      if (config.deletionProtection && isOff("deletionProtectionEnabled"))
        yield `The table ${name} has no deletion protection`;
    },
  });
