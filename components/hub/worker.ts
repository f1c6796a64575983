import * as lambda from "@pulumi/aws/lambda/index.js";
import * as pulumi from "@pulumi/pulumi";

import type { HubSettings } from "../../runtime/config/index.js";
import { HubFunction, type HubFunctionArgs } from "./function.js";
import { workerConcurrency } from "./sizes.js";

export interface WorkerArgs extends Omit<
  HubFunctionArgs,
  "concurrency" | "description" | "memoryMb" | "timeoutSeconds"
> {
  readonly sizes: HubSettings["workers"];
  readonly queueArn: pulumi.Input<string>;
}

/** Works on one queue. It scales with the queue's depth, which is the event source's own doing, within its bounds. */
export class Worker extends pulumi.ComponentResource {
  constructor(name: string, { sizes, queueArn, ...args }: WorkerArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:Worker", name, {}, options);
    const worker = new HubFunction(
      name,
      {
        ...args,
        description: "Curfew: takes clusters to where they should be",
        memoryMb: sizes.memoryMb,
        timeoutSeconds: sizes.timeoutSeconds,
        concurrency: workerConcurrency(sizes),
      },
      { parent: this },
    );
    new lambda.EventSourceMapping(
      name,
      {
        functionName: worker.functionName,
        region: args.region,
        eventSourceArn: queueArn,
        batchSize: sizes.batchSize,
        // Waits for company a moment, so that clusters of one account share an environment and its credentials.
        maximumBatchingWindowInSeconds: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: sizes.maximumConcurrency },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
