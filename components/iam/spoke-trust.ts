import { policyDocument, type PolicyDocument } from "./statement.js";

/** Who may assume a spoke role. */
export interface SpokeTrust {
  /** ARNs of exactly the roles that may: the hub's workers, and whoever else runs Curfew. Never a whole account. */
  readonly trusted: readonly string[];
  /** The organisation that they must belong to as well. */
  readonly organizationId: string;
  /** For a hub that serves several owners; within one organisation it adds little (aws.md §2). */
  readonly externalId?: string;
}

/** The role's trust policy: exact principals and the organisation, both (aws.md §2). Pure. */
export function spokeTrust({ trusted, organizationId, externalId }: SpokeTrust): PolicyDocument {
  return policyDocument([
    {
      Sid: "Trust",
      Effect: "Allow",
      Principal: { AWS: trusted },
      Action: ["sts:AssumeRole"],
      Condition: {
        StringEquals: {
          "aws:PrincipalOrgID": organizationId,
          ...(externalId !== undefined && { "sts:ExternalId": externalId }),
        },
      },
    },
  ]);
}
