import type { ResourceValidationArgs } from "@pulumi/policy";

import { AWS } from "../aws-types.js";
import { entriesOf, keysAt, listAt, textAt, UNKNOWN, valueAt } from "../value.js";
import { statementsOf, type Statement } from "./document.js";

/** A policy in a resource that makes roles, and whose it is. */
export interface FoundPolicy {
  readonly of: string;
  readonly statements: readonly Statement[];
}

/** The resources that carry policies of roles. */
export const CARRIERS: readonly string[] = [AWS.role, AWS.rolePolicy, AWS.policy, AWS.stackSet];

/** What the roles that a resource makes may do, also those of a StackSet's template. What is not known yet is left out. */
export function permissionsIn({ type, props, name }: ResourceValidationArgs): readonly FoundPolicy[] {
  if (type === AWS.stackSet) return templateRoles(props).flatMap(templatePermissions);
  const texts =
    type === AWS.role
      ? listAt(props, "inlinePolicies").map((inline) => valueAt(inline, "policy"))
      : [valueAt(props, "policy")];
  return texts.filter(isKnown).map((text) => ({ of: name, statements: statementsOf(text) }));
}

/** Whom the roles that a resource makes trust. */
export function trustsIn({ type, props, name }: ResourceValidationArgs): readonly FoundPolicy[] {
  if (type === AWS.stackSet)
    return templateRoles(props).map((role) => ({
      of: nameOf(role),
      statements: statementsOf(valueAt(role, "AssumeRolePolicyDocument")),
    }));
  const trust = valueAt(props, "assumeRolePolicy");
  return type === AWS.role && isKnown(trust) ? [{ of: name, statements: statementsOf(trust) }] : [];
}

const templatePermissions = (role: unknown): readonly FoundPolicy[] =>
  entriesOf(valueAt(role, "Policies")).map((policy) => ({
    of: nameOf(role),
    statements: statementsOf(valueAt(policy, "PolicyDocument")),
  }));

/** Properties of the roles in a CloudFormation template of JSON. */
function templateRoles(props: unknown): readonly unknown[] {
  const template = parseTemplate(textAt(props, "templateBody"));
  return keysAt(template, "Resources")
    .map((key) => valueAt(template, "Resources", key))
    .filter((resource) => textAt(resource, "Type") === "AWS::IAM::Role")
    .map((resource) => valueAt(resource, "Properties"));
}

const nameOf = (role: unknown): string => textAt(role, "RoleName") ?? "a role of the template";

const isKnown = (value: unknown): boolean => value !== undefined && value !== null && value !== UNKNOWN;

function parseTemplate(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
