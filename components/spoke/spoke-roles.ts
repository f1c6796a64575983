import * as cloudformation from "@pulumi/aws/cloudformation/index.js";
import * as pulumi from "@pulumi/pulumi";

import { DEFAULT_ROLE } from "../../runtime/config/index.js";
import type { Capability } from "../iam/spoke-actions.js";
import type { SpokeExtras } from "../iam/spoke-statements.js";
import { spokeTemplate } from "./template.js";

export interface SpokeRolesArgs extends SpokeExtras {
  readonly stackSetName: string;
  /** Where the StackSet is kept. A role is global: it is made once per account, through this Region. */
  readonly region: string;
  readonly organizationalUnits: readonly string[];
  /** Accounts of those units that are left out. */
  readonly exceptAccounts?: readonly string[];
  /** ARNs of exactly the roles that may assume the spoke role. */
  readonly trusted: readonly pulumi.Input<string>[];
  readonly organizationId: pulumi.Input<string>;
  readonly externalId?: pulumi.Input<string>;
  readonly roleName?: string;
  readonly capability?: Capability;
  /** `SELF` from the organisation's management account, which itself gets no role: StackSets leave it out. */
  readonly callAs?: "SELF" | "DELEGATED_ADMIN";
}

/**
 * The role in every account of some organisational units, also of those that join later: one service-managed StackSet,
 * whose cost in memory does not grow with the accounts (pulumi.md §2.2).
 */
export class SpokeRoles extends pulumi.ComponentResource {
  readonly roleName: string;
  readonly stackSetId: pulumi.Output<string>;

  constructor(name: string, args: SpokeRolesArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:SpokeRoles", name, {}, options);
    const { region, stackSetName, callAs = "DELEGATED_ADMIN" } = args;
    this.roleName = args.roleName ?? DEFAULT_ROLE;
    const stackSet = new cloudformation.StackSet(
      name,
      {
        name: stackSetName,
        region,
        callAs,
        description: "The role that Curfew's hub assumes",
        permissionModel: "SERVICE_MANAGED",
        autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
        managedExecution: { active: true },
        capabilities: ["CAPABILITY_NAMED_IAM"],
        templateBody: templateOf(args, this.roleName),
        operationPreferences: GENTLY,
      },
      // AWS fills it in, and each update would take it out again.
      { parent: this, ignoreChanges: ["administrationRoleArn"] },
    );
    new cloudformation.StackInstances(
      name,
      {
        stackSetName: stackSet.name,
        region,
        callAs,
        regions: [region],
        deploymentTargets: {
          organizationalUnitIds: [...args.organizationalUnits],
          ...excepting(args.exceptAccounts ?? []),
        },
        operationPreferences: GENTLY,
      },
      { parent: this },
    );
    this.stackSetId = stackSet.stackSetId;
    this.registerOutputs({ roleName: this.roleName, stackSetId: this.stackSetId });
  }
}

/** A fault in the template stops after a tenth of the accounts, not after all. */
const GENTLY = { failureTolerancePercentage: 10, maxConcurrentPercentage: 25 };

function excepting(accounts: readonly string[]) {
  return accounts.length === 0 ? {} : { accountFilterType: "DIFFERENCE", accounts: [...accounts] };
}

function templateOf(args: SpokeRolesArgs, roleName: string) {
  const { trusted, organizationId, externalId, capability = "full-cycle", privateDrain = false } = args;
  return pulumi
    .output({ trusted, organizationId, ...(externalId !== undefined && { externalId }) })
    .apply((trust) => spokeTemplate({ roleName, capability, trust, privateDrain }));
}
