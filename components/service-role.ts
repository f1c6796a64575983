import * as iam from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";

import { policyDocument, type PolicyDocument, type Statement } from "./iam/statement.js";

export interface ServiceRoleArgs {
  readonly roleName: string;
  readonly description: string;
  readonly trust: pulumi.Input<PolicyDocument>;
  readonly statements: pulumi.Input<readonly Statement[]>;
}

/** A role with one inline policy, so that the two come and go together. */
export class ServiceRole extends pulumi.ComponentResource {
  /** Known once the policy is written, as AWS tries some roles the moment that it is told of them. */
  readonly arn: pulumi.Output<string>;

  constructor(
    name: string,
    { roleName, description, trust, statements }: ServiceRoleArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("curfew:index:ServiceRole", name, {}, options);
    const role = new iam.Role(name, { name: roleName, description, assumeRolePolicy: jsonOf(trust) }, { parent: this });
    const policy = new iam.RolePolicy(
      name,
      { role: role.name, name: "curfew", policy: jsonOf(pulumi.output(statements).apply(policyDocument)) },
      { parent: this },
    );
    this.arn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}

const jsonOf = (document: pulumi.Input<PolicyDocument>): pulumi.Output<string> =>
  pulumi.output(document).apply((value) => JSON.stringify(value));
