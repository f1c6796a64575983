import * as pulumi from "@pulumi/pulumi";

import { spokeRolePattern } from "../../runtime/config/index.js";
import { loggingStatements, plannerStatements, workerStatements, type HubResources } from "../iam/hub-statements.js";
import { serviceTrust, type Statement } from "../iam/statement.js";
import { ServiceRole } from "../service-role.js";
import { logGroupArns } from "./arns.js";
import type { HubNames } from "./names.js";

export interface HubRolesArgs {
  readonly names: HubNames;
  readonly region: string;
  readonly spokeRoleName: string;
  readonly table: { readonly arn: pulumi.Input<string>; readonly indexArns: pulumi.Input<readonly string[]> };
  readonly queueArns: readonly pulumi.Input<string>[];
  readonly missedTicksArn: pulumi.Input<string>;
  readonly topicArn: pulumi.Input<string>;
  readonly busArn: pulumi.Input<string>;
  readonly kmsKeyArn: pulumi.Input<string> | undefined;
}

/** Who planners and workers are. One role for all workers: it is the one that every spoke trusts by its exact ARN. */
export class HubRoles extends pulumi.ComponentResource {
  readonly plannerArn: pulumi.Output<string>;
  readonly workerArn: pulumi.Output<string>;

  constructor(name: string, args: HubRolesArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:HubRoles", name, {}, options);
    const { names } = args;
    const resources = hubResources(args);
    const role = (
      roleName: string,
      description: string,
      functions: readonly string[],
      rights: (hub: HubResources) => readonly Statement[],
    ) =>
      new ServiceRole(
        roleName,
        {
          roleName,
          description,
          trust: serviceTrust("lambda.amazonaws.com"),
          statements: resources.apply((hub) => [
            ...rights(hub),
            ...loggingStatements(logGroupArns(hub.tableArn, functions)),
          ]),
        },
        { parent: this },
      );
    this.plannerArn = role(names.roles.planner, "Plans for Curfew's hub", names.planners, plannerStatements).arn;
    this.workerArn = role(names.roles.worker, "Works for Curfew's hub", names.workers, workerStatements).arn;
    this.registerOutputs({ plannerArn: this.plannerArn, workerArn: this.workerArn });
  }
}

function hubResources(args: HubRolesArgs): pulumi.Output<HubResources> {
  return pulumi
    .output({
      tableArn: args.table.arn,
      indexArns: args.table.indexArns,
      queueArns: args.queueArns,
      missedTicksArn: args.missedTicksArn,
      topicArn: args.topicArn,
      busArn: args.busArn,
      tableKeyArn: args.kmsKeyArn ?? null,
    })
    .apply((arns) => ({ ...arns, spokeRoles: spokeRolePattern(args.region, args.spokeRoleName) }));
}
