import * as iam from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";

import { DEFAULT_ROLE } from "../../runtime/config/index.js";
import type { Capability } from "../iam/spoke-actions.js";
import { spokeStatements, type SpokeExtras } from "../iam/spoke-statements.js";
import { spokeTrust } from "../iam/spoke-trust.js";
import { policyDocument } from "../iam/statement.js";
import { spendProvider } from "./provider-budget.js";
import { DESCRIPTION, SESSION_SECONDS } from "./template.js";

export interface SpokeRoleArgs extends SpokeExtras {
  /** The account that the provider works in. */
  readonly account: pulumi.Input<string>;
  /** `aws` unless told otherwise. */
  readonly partition?: pulumi.Input<string>;
  /** ARNs of exactly the roles that may assume it. */
  readonly trusted: readonly pulumi.Input<string>[];
  readonly organizationId: pulumi.Input<string>;
  readonly externalId?: pulumi.Input<string>;
  readonly roleName?: string;
  readonly capability?: Capability;
}

/** The options of a SpokeRole: it must be said which account's provider makes it. */
export interface SpokeRoleOptions extends Omit<pulumi.ComponentResourceOptions, "provider" | "providers"> {
  readonly provider: pulumi.ProviderResource;
}

/** The role in one account, for a handful of them; for more there is `SpokeRoles`. Throws a `RunError` above five. */
export class SpokeRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: SpokeRoleArgs, { provider, ...options }: SpokeRoleOptions) {
    super("curfew:index:SpokeRole", name, {}, { ...options, providers: { aws: provider } });
    spendProvider(provider);
    const { roleName = DEFAULT_ROLE, capability = "full-cycle", trusted, organizationId, externalId } = args;
    const trust = pulumi.output({ trusted, organizationId, ...(externalId !== undefined && { externalId }) });
    const place = pulumi.output({ account: args.account, partition: args.partition ?? "aws", roleName });
    const role = new iam.Role(
      name,
      {
        name: roleName,
        description: DESCRIPTION,
        maxSessionDuration: SESSION_SECONDS,
        assumeRolePolicy: trust.apply((value) => JSON.stringify(spokeTrust(value))),
      },
      { parent: this },
    );
    new iam.RolePolicy(
      name,
      {
        role: role.name,
        name: "curfew",
        policy: place.apply((value) => JSON.stringify(policyDocument(spokeStatements(capability, value, args)))),
      },
      { parent: this },
    );
    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
