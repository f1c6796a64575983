import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as pulumi from "@pulumi/pulumi";

import { accountQueries } from "./account-queries.js";
import { cellOf } from "./grid.js";
import { accountDashboardName, logGroupName, type HubNames } from "./names.js";

export interface AccountDashboardArgs {
  readonly names: HubNames;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
}

/**
 * The dashboard's text: queries over the log groups of all workers, since any of them may have the account's clusters, and a
 * metric of its own for each account would be paid for (aws.md §8). Pure.
 */
function dashboardBody({ names, region, account }: AccountDashboardArgs): string {
  const sources = names.workers.map((worker) => `SOURCE '${logGroupName(worker)}'`);
  const widgets = accountQueries(account).map(({ title, view, commands }, index) => ({
    type: "log",
    ...cellOf(index),
    properties: { title, region, view, query: [...sources, ...commands].join("\n| ") },
  }));
  return JSON.stringify({ widgets });
}

/**
 * One dashboard for one spoke account: about 3 USD a month, and every look at it pays for the log data that its queries
 * scan (aws.md §8).
 */
export class AccountDashboard extends pulumi.ComponentResource {
  constructor(name: string, args: AccountDashboardArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:AccountDashboard", name, {}, options);
    const { names, region, account } = args;
    new cloudwatch.Dashboard(
      name,
      { dashboardName: accountDashboardName(names, account), region, dashboardBody: dashboardBody(args) },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
