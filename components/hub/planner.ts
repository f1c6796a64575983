import * as lambda from "@pulumi/aws/lambda/index.js";
import * as pulumi from "@pulumi/pulumi";

import { HubFunction, type HubFunctionArgs } from "./function.js";
import { PLANNER_CONCURRENCY, TICK_AGE_SECONDS } from "./sizes.js";

export interface PlannerArgs extends Omit<HubFunctionArgs, "concurrency" | "description"> {
  readonly missedTicksArn: pulumi.Input<string>;
}

/** What a tick wakes. One that fails is not tried again, because the next tick finds the same clusters due. */
export class Planner extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { missedTicksArn, ...args }: PlannerArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:Planner", name, {}, options);
    const planner = new HubFunction(
      name,
      { ...args, description: "Curfew: claims what is due and hands it out", concurrency: PLANNER_CONCURRENCY },
      { parent: this },
    );
    // Scheduler only hands a tick over: whether the function then fails is the function's own matter.
    new lambda.FunctionEventInvokeConfig(
      name,
      {
        functionName: planner.functionName,
        region: args.region,
        maximumEventAgeInSeconds: TICK_AGE_SECONDS,
        maximumRetryAttempts: 0,
        destinationConfig: { onFailure: { destination: missedTicksArn } },
      },
      { parent: this },
    );
    this.arn = planner.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
