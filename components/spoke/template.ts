import { spokeStatements, type SpokeExtras, type SpokePlace } from "../iam/spoke-statements.js";
import type { Capability } from "../iam/spoke-actions.js";
import { spokeTrust, type SpokeTrust } from "../iam/spoke-trust.js";
import { policyDocument } from "../iam/statement.js";

export interface SpokeRoleSpec extends SpokeExtras {
  readonly roleName: string;
  readonly capability: Capability;
  readonly trust: SpokeTrust;
}

/** CloudFormation's own placeholders, filled in by each account for itself. */
const HERE = { partition: "${AWS::Partition}", account: "${AWS::AccountId}" };

/** The CloudFormation template of a spoke role, as JSON text; the same in every account. Pure. */
export function spokeTemplate({ roleName, capability, trust, ...extras }: SpokeRoleSpec): string {
  const place: SpokePlace = { ...HERE, roleName };
  const policy = policyDocument(spokeStatements(capability, place, extras));
  return JSON.stringify({
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Lets Curfew's hub ${WORDS[capability]} the EKS clusters of this account.`,
    Resources: {
      SpokeRole: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: roleName,
          Description: DESCRIPTION,
          MaxSessionDuration: SESSION_SECONDS,
          AssumeRolePolicyDocument: spokeTrust(trust),
          Policies: [{ PolicyName: "curfew", PolicyDocument: substituted(policy) }],
        },
      },
    },
  });
}

export const DESCRIPTION = "Assumed by Curfew's hub";
/** The most that role chaining gives (aws.md §1). */
export const SESSION_SECONDS = 3_600;

const WORDS: Readonly<Record<Capability, string>> = {
  read: "look at",
  scale: "scale the node groups of",
  "full-cycle": "put to sleep and wake",
};

/** CloudFormation fills placeholders in only where it is asked to. */
function substituted(value: unknown): unknown {
  if (typeof value === "string") return value.includes("${AWS::") ? { "Fn::Sub": value } : value;
  if (Array.isArray(value)) return value.map(substituted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, substituted(inner)]));
}
