import type { ResourceValidationArgs } from "@pulumi/policy";
import * as z from "zod";

import { AWS } from "../aws-types.js";
import { isInScope, scopeField } from "../hub/scope.js";
import { resourceRule } from "../rule.js";
import { valueAt } from "../value.js";

/** DynamoDB encrypts every table by itself; SQS has to be told. A key of one's own is a matter of taste, and so of config. */
export const encryption = () =>
  resourceRule({
    name: "encryption",
    says: "What waits or is kept is encrypted.",
    whatToDo: "Set sqsManagedSseEnabled or kmsMasterKeyId of a queue, or curfew:hub.kmsKeyArn for the table.",
    config: z.strictObject({
      ...scopeField,
      customerKey: z.boolean().default(false).describe("Whether tables need a key of the customer's own."),
    }),
    types: [AWS.queue, AWS.table],
    check(resource, config) {
      if (!isInScope(resource.urn, config)) return [];
      return resource.type === AWS.queue ? checkQueue(resource) : checkTable(resource, config);
    },
  });

function checkQueue({ props, name }: ResourceValidationArgs): readonly string[] {
  const isEncrypted =
    valueAt(props, "sqsManagedSseEnabled") !== false && valueAt(props, "sqsManagedSseEnabled") !== undefined;
  if (isEncrypted || isSet(valueAt(props, "kmsMasterKeyId"))) return [];
  return [`The queue ${name} is not encrypted`];
}

function checkTable(
  { props, name }: ResourceValidationArgs,
  { customerKey }: { readonly customerKey: boolean },
): readonly string[] {
  if (!customerKey || isSet(valueAt(props, "serverSideEncryption", "kmsKeyArn"))) return [];
  return [`The table ${name} has no key of the customer's own`];
}

/** What is not known yet is set. */
const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
