import * as sfn from "@pulumi/aws/sfn/index.js";
import * as pulumi from "@pulumi/pulumi";

import type { HubSettings } from "../../runtime/config/index.js";
import { campaignDefinition } from "../campaign/definition.js";
import { campaignMachineStatements, campaignStatements, loggingStatements } from "../iam/hub-statements.js";
import { serviceTrust } from "../iam/statement.js";
import { ServiceRole } from "../service-role.js";
import { logGroupArns, stateMachineArn } from "./arns.js";
import { HubFunction } from "./function.js";
import type { HubNames } from "./names.js";
import { CAMPAIGN_SIZES } from "./sizes.js";

export interface CampaignsArgs {
  readonly names: Pick<HubNames, "campaign" | "campaigns" | "roles">;
  readonly settings: Pick<HubSettings, "region" | "logRetentionDays">;
  /** Folder of the bundles. */
  readonly bundles: string;
  readonly environment: Record<string, pulumi.Input<string>>;
  readonly table: { readonly arn: pulumi.Input<string>; readonly indexArns: pulumi.Input<readonly string[]> };
  readonly kmsKeyArn: pulumi.Input<string> | undefined;
}

/**
 * Takes many clusters to a state, group after group: a state machine, whose executions are the campaigns, and the function
 * that sets holds for it. Both cost nothing while no campaign runs.
 */
export class Campaigns extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CampaignsArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:Campaigns", name, {}, options);
    const { names, settings, bundles, environment } = args;
    const { region, logRetentionDays } = settings;
    const own = { parent: this };
    const machineArn = pulumi.output(args.table.arn).apply((arn) => stateMachineArn(arn, names.campaigns));
    const campaign = new HubFunction(
      names.campaign,
      {
        ...CAMPAIGN_SIZES,
        functionName: names.campaign,
        description: "Curfew: sets the holds of a campaign, and looks how far it is",
        bundle: `${bundles}/campaign`,
        roleArn: this.functionRole(args).arn,
        ...{ region, environment, logRetentionDays },
      },
      own,
    );
    const role = new ServiceRole(
      names.roles.campaigns,
      {
        roleName: names.roles.campaigns,
        description: "Lets Step Functions run the campaigns of Curfew's hub",
        // Children of a Distributed Map go by the machine's name and a label.
        trust: machineArn.apply((arn) => serviceTrust("states.amazonaws.com", `${arn}*`)),
        statements: pulumi
          .all([campaign.arn, machineArn])
          .apply(([functionArn, arn]) => campaignMachineStatements(functionArn, arn)),
      },
      own,
    );
    const machine = new sfn.StateMachine(
      name,
      {
        name: names.campaigns,
        region,
        type: "STANDARD",
        roleArn: role.arn,
        definition: campaign.arn.apply(campaignDefinition),
      },
      own,
    );
    this.arn = machine.arn;
    this.registerOutputs({ arn: this.arn });
  }

  private functionRole({ names, table, kmsKeyArn }: CampaignsArgs): ServiceRole {
    const resources = pulumi.output({
      tableArn: table.arn,
      indexArns: table.indexArns,
      tableKeyArn: kmsKeyArn ?? null,
    });
    return new ServiceRole(
      names.roles.campaign,
      {
        roleName: names.roles.campaign,
        description: "Sets holds for the campaigns of Curfew's hub",
        trust: serviceTrust("lambda.amazonaws.com"),
        statements: resources.apply((hub) => [
          ...campaignStatements(hub),
          ...loggingStatements(logGroupArns(hub.tableArn, [names.campaign])),
        ]),
      },
      { parent: this },
    );
  }
}
