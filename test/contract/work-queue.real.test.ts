import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type Message, type SQSClient } from "@aws-sdk/client-sqs";

import { parseWorkItem } from "../../runtime/adapters/sqs/message.js";
import { createSqsWorkQueue } from "../../runtime/adapters/sqs/work-queue.js";
import type { WorkItem } from "../../runtime/ports/index.js";
import { startEmulatedQueues, type EmulatedQueues } from "./emulated-queues.js";
import { assertUnavailable, describeWorkQueue } from "./work-queue.js";

const REFUSED = "999999999999";

describe("SQS adapter over emulated SQS", function () {
  this.timeout(60_000);
  let queues: EmulatedQueues;

  before(async () => void (queues = await startEmulatedQueues()));
  after(() => queues[Symbol.asyncDispose]());

  describeWorkQueue("SQS, emulated", async () => {
    const url = await queues.create();
    const queueUrlOf = (clusterId: string) => (clusterId.startsWith(REFUSED) ? `${url}-that-is-not-there` : url);
    return {
      queue: createSqsWorkQueue({ client: queues.client, queueUrlOf }),
      refusedAccount: REFUSED,
      receive: async () => (await receive(queues.client, url)).map(itemOf),
      pass: (ms) => sleep(ms),
      dispose: () => Promise.resolve(),
    };
  });

  it("says so when nothing could be sent", async () => {
    const url = await queues.create();
    await assertUnavailable(
      createSqsWorkQueue({ client: queues.client, queueUrlOf: () => `${url}-that-is-not-there` }),
    );
  });

  it("puts all of one account and Region into one group", async () => {
    const url = await queues.create();
    const queue = createSqsWorkQueue({ client: queues.client, queueUrlOf: () => url });
    const item = { clusterId: "111111111111/eu-west-1/a", operationId: "op", claimedAt: 1, hop: 0, traceparent: null };
    await queue.send([{ item, delaySeconds: 0 }]);
    const [message] = await receive(queues.client, url);
    assert.equal(message?.Attributes?.MessageGroupId, "111111111111#eu-west-1");
  });
});

async function receive(client: SQSClient, url: string): Promise<readonly Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    }),
  );
  if (Messages.length > 0) {
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
  }
  return Messages;
}

function itemOf({ Body = "", MessageAttributes = {} }: Message): WorkItem {
  const messageAttributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, { stringValue: StringValue }]),
  );
  const parsed = parseWorkItem({ body: Body, messageAttributes });
  assert(parsed.kind === "item");
  return parsed.item;
}
