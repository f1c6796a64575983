import assert from "node:assert/strict";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";

import { createAnnouncer } from "../../../runtime/adapters/sns/announcer.js";
import type { Announcement } from "../../../runtime/ports/index.js";
import { startEmulatedQueues, type EmulatedQueues } from "../../contract/emulated-queues.js";
import { until } from "../../lab/until.js";

const announcement = (changes: Partial<Announcement> = {}): Announcement => ({
  kind: "failure",
  clusterId: "111111111111/eu-west-1/payments",
  at: Date.parse("2026-01-05T07:00:00Z"),
  message: "payments did not wake.",
  data: { code: "nodes-not-ready" },
  ...changes,
});

const refuse = (warning: string): never => {
  throw new Error(warning);
};

describe("announcements over emulated SNS and EventBridge", function () {
  this.timeout(60_000);
  let queues: EmulatedQueues;

  before(async () => void (queues = await startEmulatedQueues()));
  after(() => queues[Symbol.asyncDispose]());
  afterEach(() => queues.front.clearFaults());

  const arnOf = (queueUrl: string) => `arn:aws:sqs:us-east-1:123456789012:${queueUrl.split("/").at(-1) ?? ""}`;

  /** Bodies that a queue holds, once there are so many. */
  const bodies = (queueUrl: string, count: number) => {
    const seen: string[] = [];
    return until(async () => {
      const { Messages = [] } = await queues.client.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
      );
      seen.push(...Messages.map(({ Body = "" }) => Body));
      return seen.length >= count && seen;
    });
  };

  async function subscribedTopic(): Promise<{ readonly topicArn: string; readonly queueUrl: string }> {
    const client = new SNSClient({});
    const { TopicArn = "" } = await client.send(new CreateTopicCommand({ Name: "curfew" }));
    const queueUrl = await queues.create();
    await client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arnOf(queueUrl) }));
    client.destroy();
    return { topicArn: TopicArn, queueUrl };
  }

  it("tells people on the topic, but not of every success", async () => {
    const { topicArn, queueUrl } = await subscribedTopic();
    const announcer = createAnnouncer({ topicArn, warn: refuse });
    await announcer.announce([announcement({ kind: "success" }), announcement()]);
    const [body = ""] = await bodies(queueUrl, 1);
    const { Subject, Message } = JSON.parse(body) as { readonly Subject: string; readonly Message: string };
    assert.equal(Subject, "Curfew: failure 111111111111/eu-west-1/payments");
    assert.deepEqual(JSON.parse(Message), {
      kind: "failure",
      clusterId: "111111111111/eu-west-1/payments",
      at: "2026-01-05T07:00:00.000Z",
      message: "payments did not wake.",
      data: { code: "nodes-not-ready" },
    });
  });

  it("tells programs on the bus, more than one call may carry", async () => {
    const client = new EventBridgeClient({});
    const queueUrl = await queues.create();
    await client.send(new PutRuleCommand({ Name: "all", EventPattern: JSON.stringify({ source: ["curfew"] }) }));
    await client.send(new PutTargetsCommand({ Rule: "all", Targets: [{ Id: "queue", Arn: arnOf(queueUrl) }] }));
    client.destroy();
    const announcer = createAnnouncer({ busName: "default", warn: refuse });
    await announcer.announce(Array.from({ length: 12 }, () => announcement({ kind: "success" })));
    const [first] = (await bodies(queueUrl, 12)).map((body) => JSON.parse(body) as Record<string, unknown>);
    assert.equal(first?.["detail-type"], "success");
    assert.deepEqual(first["detail"], {
      clusterId: "111111111111/eu-west-1/payments",
      account: "111111111111",
      region: "eu-west-1",
      name: "payments",
      message: "payments did not wake.",
      data: { code: "nodes-not-ready" },
    });
  });

  it("warns and goes on when neither takes it", async () => {
    const warnings: string[] = [];
    queues.front.inject({ service: "sns", kind: "error", code: "AuthorizationError", status: 403 });
    queues.front.inject({ service: "events", kind: "error", code: "AccessDeniedException" });
    const announcer = createAnnouncer({
      topicArn: "arn:aws:sns:us-east-1:123456789012:curfew",
      busName: "default",
      warn: (message) => void warnings.push(message),
    });
    await announcer.announce([announcement()]);
    assert.deepEqual(warnings.map((warning) => /^The (SNS topic|event bus)/.exec(warning)?.[1]).sort(), [
      "SNS topic",
      "event bus",
    ]);
  });

  it("says nothing where there is nobody to tell", async () => {
    queues.front.resetCalls();
    await createAnnouncer({ warn: refuse }).announce([announcement()]);
    assert.deepEqual(queues.front.calls(), []);
  });
});
