import { CreateQueueCommand, type SQSClient } from "@aws-sdk/client-sqs";

import { createSqsClient } from "../../runtime/adapters/sqs/client.js";
import { setEnvironment } from "../adapters/aws/environment.js";
import { startEmulator } from "../lab/emulator/emulator.js";
import { startFront, type Front } from "../lab/emulator/front.js";
import { environmentOf } from "../lab/lab-aws.js";
import { startProcessGroup } from "../lab/process/process-group.js";
import { resolveTool } from "../lab/tools/resolve.js";

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
  const processes = await startProcessGroup();
  starting.defer(() => processes.stop());
  const emulator = await startEmulator(processes, await resolveTool("ministack"));
  starting.defer(() => emulator.close());
  const front = await startFront(emulator.url);
  starting.defer(() => front.close());
  starting.defer(setEnvironment(environmentOf(front)));
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
