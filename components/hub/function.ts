import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as lambda from "@pulumi/aws/lambda/index.js";
import * as pulumi from "@pulumi/pulumi";

import { logGroupName } from "./names.js";

export interface HubFunctionArgs {
  readonly functionName: string;
  readonly region: string;
  readonly description: string;
  /** Folder of the bundle: an `index` module that exports `handler`. */
  readonly bundle: string;
  readonly roleArn: pulumi.Input<string>;
  readonly environment: pulumi.Input<Record<string, pulumi.Input<string>>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly concurrency: number;
  readonly logRetentionDays: number;
}

/** A Lambda function, and the log group that it would else make for itself, kept for ever. */
export class HubFunction extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: HubFunctionArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:HubFunction", name, {}, options);
    const { region } = args;
    const logs = new cloudwatch.LogGroup(
      name,
      { name: logGroupName(args.functionName), region, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const lambdaFunction = new lambda.Function(
      name,
      {
        name: args.functionName,
        region,
        description: args.description,
        role: args.roleArn,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.FileArchive(args.bundle),
        memorySize: args.memoryMb,
        timeout: args.timeoutSeconds,
        reservedConcurrentExecutions: args.concurrency,
        environment: { variables: args.environment },
        // Text, because Lambda's own JSON would wrap the lines of the embedded metric format.
        loggingConfig: { logFormat: "Text", logGroup: logs.name },
      },
      { parent: this },
    );
    this.arn = lambdaFunction.arn;
    this.functionName = lambdaFunction.name;
    this.registerOutputs({ arn: this.arn, functionName: this.functionName });
  }
}
