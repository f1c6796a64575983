import * as z from "zod";

import { isInScope, scopeField } from "../hub/scope.js";
import { isCovered, isSweeping, isWrite } from "../iam/actions.js";
import type { Statement } from "../iam/document.js";
import { CARRIERS, permissionsIn } from "../iam/roles-in.js";
import { resourceRule } from "../rule.js";

const exceptionSchema = z.strictObject({
  /** `*` and `?` are wildcards. */
  actions: z.array(z.string().min(1)).min(1),
  reason: z.string().min(1),
});

/** What AWS itself asks for when a function works inside of a VPC; the relay's own code is denied it. */
const NETWORK_INTERFACES = {
  actions: [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ],
  reason: "IAM lets a function inside of a VPC name no resource for its network interfaces",
};

const config = z.strictObject({
  ...scopeField,
  allowed: z
    .array(exceptionSchema)
    .default([NETWORK_INTERFACES])
    .describe("Changes that may be allowed on *, and why."),
});

/** A role that may change everything is one mistake away from doing so (design §3.8). */
export const leastPrivilege = () =>
  resourceRule({
    name: "least-privilege",
    says: "No role may change whatever it likes.",
    whatToDo: "Name the actions and the resources, or declare the exception with its reason in the policy's config.",
    config,
    types: CARRIERS,
    *check(resource, settings) {
      if (!isInScope(resource.urn, settings)) return;
      for (const { of, statements } of permissionsIn(resource))
        for (const statement of statements) yield* checkStatement(of, statement, settings);
    },
  });

function* checkStatement(of: string, statement: Statement, { allowed }: z.output<typeof config>): Iterable<string> {
  const { sid, effect, actions, resources, isInverted } = statement;
  if (effect !== "Allow") return;
  if (isInverted) yield `${of}, statement ${sid}, allows everything but what it names`;
  const sweeping = actions.filter(isSweeping);
  if (sweeping.length > 0) yield `${of}, statement ${sid}, allows ${sweeping.join(", ")}`;
  if (!resources.includes("*")) return;
  const exceptions = allowed.flatMap((exception) => exception.actions);
  const changes = actions.filter((action) => !isSweeping(action) && isWrite(action) && !isCovered(action, exceptions));
  if (changes.length > 0) yield `${of}, statement ${sid}, allows ${changes.join(", ")} on every resource`;
}
