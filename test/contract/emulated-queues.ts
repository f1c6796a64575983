import { CreateQueueCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { startEmulatedAws } from "./emulated-aws.js";

import { createSqsClient } from "../../runtime/adapters/sqs/client.js";
import type { Front } from "../lab/emulator/front.js";

/** The emulated SQS. */
export interface EmulatedQueues extends AsyncDisposable {
  readonly client: SQSClient;
  readonly front: Front;
  /** Makes a new queue and gives its URL. */
  create(attributes?: Readonly<Record<string, string>>): Promise<string>;
}

/** Starts the emulator and points the AWS SDK of this process at it. */
export async function startEmulatedQueues(): Promise<EmulatedQueues> {
  await using starting = new AsyncDisposableStack();
  const { front } = starting.use(await startEmulatedAws());
  const client = createSqsClient();
  starting.defer(() => client.destroy());
  const running = starting.move();
  let queues = 0;
  return {
    client,
    front,
    async create(attributes = {}) {
      const name = `work-${(queues += 1)}`;
      const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
      return QueueUrl;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
