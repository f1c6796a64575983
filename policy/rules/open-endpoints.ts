import type { ResourceValidationArgs } from "@pulumi/policy";
import * as z from "zod";

import { AWS } from "../aws-types.js";
import { resourceRule } from "../rule.js";
import { UNKNOWN, valueAt } from "../value.js";

/** The key that says who may call, by type; its `NONE` means everybody. */
const AUTHORISED_BY: Readonly<Record<string, string>> = {
  [AWS.functionUrl]: "authorizationType",
  [AWS.httpRoute]: "authorizationType",
  [AWS.restMethod]: "authorization",
};

/** Whoever reaches Curfew's functions may put clusters to sleep: nobody does without a name. */
export const openEndpoints = () =>
  resourceRule({
    name: "open-endpoints",
    says: "No endpoint answers whom it does not know.",
    whatToDo: "Set AWS_IAM, JWT or CUSTOM; for a permission, name the principal or its sourceArn.",
    config: z.strictObject({
      allowed: z
        .array(z.strictObject({ name: z.string().min(1), reason: z.string().min(1) }))
        .default([])
        .describe("Resources that may be open, by Pulumi name, and why."),
    }),
    types: [...Object.keys(AUTHORISED_BY), AWS.permission],
    check(resource, { allowed }) {
      if (allowed.some(({ name }) => name === resource.name) || !isOpen(resource)) return [];
      return [`${resource.name} may be called by everybody`];
    },
  });

function isOpen({ type, props }: ResourceValidationArgs): boolean {
  if (type === AWS.permission) return valueAt(props, "principal") === "*" && !isNarrowed(props);
  const way = valueAt(props, AUTHORISED_BY[type] ?? "");
  return way === undefined || way === null || way === "NONE" || way === "";
}

const isNarrowed = (props: unknown): boolean =>
  ["sourceArn", "principalOrgId"].some((key) => {
    const value = valueAt(props, key);
    return value === UNKNOWN || (typeof value === "string" && value !== "" && value !== "*");
  });
