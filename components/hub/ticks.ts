import * as scheduler from "@pulumi/aws/scheduler/index.js";
import * as pulumi from "@pulumi/pulumi";

import { tickStatements } from "../iam/hub-statements.js";
import { serviceTrust } from "../iam/statement.js";
import { ServiceRole } from "../service-role.js";
import type { HubNames } from "./names.js";
import { TICK_AGE_SECONDS } from "./sizes.js";

export interface TicksArgs {
  readonly names: Pick<HubNames, "tick" | "tickGroup" | "roles">;
  readonly region: string;
  /** In the order of the partitions. */
  readonly plannerArns: readonly pulumi.Input<string>[];
  readonly missedTicksArn: pulumi.Input<string>;
}

/**
 * The hub's pulse: one schedule per planner, every minute. What came to nothing is put away, and the next one makes up
 * for it.
 */
export class Ticks extends pulumi.ComponentResource {
  constructor(name: string, args: TicksArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:Ticks", name, {}, options);
    const { names, region, missedTicksArn } = args;
    const group = new scheduler.ScheduleGroup(names.tickGroup, { name: names.tickGroup, region }, { parent: this });
    const role = new ServiceRole(
      names.roles.tick,
      {
        roleName: names.roles.tick,
        description: "Lets EventBridge Scheduler wake the planners of Curfew's hub",
        trust: group.arn.apply((arn) => serviceTrust("scheduler.amazonaws.com", arn)),
        statements: pulumi
          .output({ planners: args.plannerArns, missed: missedTicksArn })
          .apply(({ planners, missed }) => tickStatements(planners, missed)),
      },
      { parent: this },
    );
    args.plannerArns.forEach((arn, partition) => {
      const tick = `${names.tick}-${partition}`;
      new scheduler.Schedule(
        tick,
        {
          name: tick,
          region,
          groupName: group.name,
          description: `Curfew looks at partition ${partition} of what is due`,
          scheduleExpression: "rate(1 minute)",
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn,
            roleArn: role.arn,
            input: JSON.stringify({ partition }),
            deadLetterConfig: { arn: missedTicksArn },
            retryPolicy: { maximumEventAgeInSeconds: TICK_AGE_SECONDS, maximumRetryAttempts: 1 },
          },
        },
        { parent: this },
      );
    });
    this.registerOutputs({});
  }
}
