import * as sqs from "@pulumi/aws/sqs/index.js";
import * as pulumi from "@pulumi/pulumi";

import { MAX_RECEIVES } from "./sizes.js";

/** Long enough for a person to come back from leave. SQS's own most. */
const DEAD_RETENTION_SECONDS = 14 * 86_400;
/** Whatever a message is about falls due again within the hour; a day outlasts an incident. */
const RETENTION_SECONDS = 86_400;

/** Where messages wait for a person. Encrypted; kept for two weeks. */
export function deadLetterQueue(queueName: string, region: string, parent: pulumi.Resource): sqs.Queue {
  return new sqs.Queue(
    queueName,
    { name: queueName, region, messageRetentionSeconds: DEAD_RETENTION_SECONDS, sqsManagedSseEnabled: true },
    { parent },
  );
}

export interface WorkQueueArgs {
  readonly names: { readonly queue: string; readonly dead: string };
  readonly region: string;
  /** When a message that nobody finished is shown again. */
  readonly visibleAfterSeconds: number;
}

/**
 * One shard of the work: a standard queue, because order is of no matter to level-based work, and because only a
 * standard queue takes delays and shares fairly between message groups (aws.md §4). With its dead letters, which may be
 * moved back into it and nowhere else.
 */
export class WorkQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: WorkQueueArgs, options?: pulumi.ComponentResourceOptions) {
    super("curfew:index:WorkQueue", name, {}, options);
    const { region, names, visibleAfterSeconds } = args;
    const dead = deadLetterQueue(names.dead, region, this);
    const queue = new sqs.Queue(
      names.queue,
      {
        name: names.queue,
        region,
        visibilityTimeoutSeconds: visibleAfterSeconds,
        messageRetentionSeconds: RETENTION_SECONDS,
        receiveWaitTimeSeconds: 20,
        sqsManagedSseEnabled: true,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MAX_RECEIVES }),
      },
      { parent: this },
    );
    new sqs.RedriveAllowPolicy(
      names.dead,
      {
        queueUrl: dead.url,
        region,
        redriveAllowPolicy: pulumi.jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
      },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}
