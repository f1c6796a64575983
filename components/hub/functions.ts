import * as pulumi from "@pulumi/pulumi";

import type { HubSettings } from "../../runtime/config/index.js";
import type { HubNames } from "./names.js";
import { Planner } from "./planner.js";
import { Ticks } from "./ticks.js";
import { Worker } from "./worker.js";

export interface HubFunctionsArgs {
  readonly names: HubNames;
  readonly settings: HubSettings;
  /** Folder of the bundles. */
  readonly bundles: string;
  readonly environment: Record<string, pulumi.Input<string>>;
  readonly plannerRoleArn: pulumi.Input<string>;
  readonly workerRoleArn: pulumi.Input<string>;
  /** In the order of the shards. */
  readonly queueArns: readonly pulumi.Input<string>[];
  readonly missedTicksArn: pulumi.Input<string>;
}

/** What runs: a planner per partition with its tick, a worker per queue. */
export class HubFunctions extends pulumi.ComponentResource {
  constructor(name: string, args: HubFunctionsArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:HubFunctions", name, {}, options);
    const { names, settings, bundles, environment, queueArns, missedTicksArn } = args;
    const { region, logRetentionDays } = settings;
    const common = { region, environment, logRetentionDays };
    const own = { parent: this };
    const planner = { ...common, ...settings.planner, bundle: `${bundles}/planner`, roleArn: args.plannerRoleArn };
    const planners = names.planners.map(
      (functionName) => new Planner(functionName, { ...planner, functionName, missedTicksArn }, own),
    );
    const worker = { ...common, sizes: settings.workers, bundle: `${bundles}/worker`, roleArn: args.workerRoleArn };
    queueArns.forEach((queueArn, shard) => {
      const functionName = `${names.worker}-${shard}`;
      new Worker(functionName, { ...worker, functionName, queueArn }, own);
    });
    new Ticks(
      `${names.prefix}-ticks`,
      { names, region, missedTicksArn, plannerArns: planners.map(({ arn }) => arn) },
      own,
    );
    this.registerOutputs({});
  }
}
