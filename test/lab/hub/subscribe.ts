import { SubscribeCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

import type { Lab } from "../index.js";
import { administratorOf } from "./hub-lab.js";

/** Somebody who listens to a topic. */
export interface Subscriber extends Disposable {
  /** The messages that came since the last question, as they were published. */
  heard(): Promise<readonly string[]>;
}

/** Subscribes a queue of its own to a topic of the hub's account. */
export async function subscribe(lab: Lab, region: string, topicArn: string): Promise<Subscriber> {
  const administrator = administratorOf(lab, region);
  const [sns, sqs] = [new SNSClient(administrator), new SQSClient(administrator)];
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "listener" }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  return {
    async heard() {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      return Messages.map(({ Body = "" }) => Body);
    },
    [Symbol.dispose]: () => [sns, sqs].forEach((client) => client.destroy()),
  };
}
