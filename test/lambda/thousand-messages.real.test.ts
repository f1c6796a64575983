import assert from "node:assert/strict";
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type Message,
} from "@aws-sdk/client-sqs";

import { createSqsWorkQueue } from "../../runtime/adapters/sqs/work-queue.js";
import { startEmulatedQueues, type EmulatedQueues } from "../contract/emulated-queues.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { until } from "../lab/until.js";
import { eventOf, rawRecord } from "./hub-events.js";
import { mortalWorker } from "./mortal-worker.js";
import { thousandClusters } from "./thousand-clusters.js";

const POLLERS = 5;
const BATCH = 10;
const DEATHS = { share: 0.2, effects: 120 };
/** Real seconds: what a dead worker had in hand comes back after them. */
const VISIBILITY_SECONDS = 5;

describe("a thousand messages over emulated SQS", function () {
  this.timeout(180_000);
  let queues: EmulatedQueues;

  before(async () => void (queues = await startEmulatedQueues()));
  after(() => queues[Symbol.asyncDispose]());

  it("put a thousand clusters to sleep once each, while one worker in five dies", async () => {
    const { client } = queues;
    const QueueUrl = await queues.create({ VisibilityTimeout: String(VISIBILITY_SECONDS) });
    // The clusters live in virtual time, the queue in ours: nothing that waits for the one waits for the other.
    const clock = fakeClock();
    const hub = thousandClusters(clock, createSqsWorkQueue({ client, queueUrlOf: () => QueueUrl }), 2);
    await hub.register();
    let isOver = false;
    let deaths = 0;

    async function invoke(messages: readonly Message[]): Promise<void> {
      const dies = hub.random.next() < DEATHS.share;
      const worker = mortalWorker(hub.ports, dies ? 1 + Math.floor(hub.random.next() * DEATHS.effects) : 0);
      const records = messages.map(({ MessageId = "", Body = "", MessageAttributes }) =>
        rawRecord(MessageId, Body, MessageAttributes?.["traceparent"]?.StringValue),
      );
      const answer = await worker.handle(eventOf(records), { getRemainingTimeInMillis: () => 120_000 });
      if (worker.isDead()) {
        deaths += 1;
        return;
      }
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const done = messages.filter(({ MessageId = "" }) => !failed.has(MessageId));
      const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      if (Entries.length > 0) await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }

    async function poll(): Promise<void> {
      while (!isOver) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: BATCH,
            MessageAttributeNames: ["All"],
            WaitTimeSeconds: 1,
          }),
        );
        if (Messages.length > 0) await invoke(Messages);
      }
    }

    async function isQueueEmpty(): Promise<boolean> {
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
      const counts = Object.entries(Attributes ?? {}).filter(([name]) => name.startsWith("ApproximateNumberOf"));
      return counts.every(([, count]) => count === "0");
    }

    const pollers = Array.from({ length: POLLERS }, poll);
    try {
      await hub.tick();
      await until(async () => {
        if (!(await isQueueEmpty())) return false;
        if (await hub.isConverged()) return true;
        // Whatever waits for a later tick or message gets it.
        await clock.sleep(60_000);
        await hub.tick();
        return false;
      }, 150_000);
    } finally {
      isOver = true;
      await Promise.all(pollers);
    }
    assert.ok(deaths > 5, `only ${deaths} workers died`);
    await hub.assertAsleepOnce();
  });
});
