import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

import type { DeadLetters } from "../../ports/index.js";
import { createSqsClient } from "./client.js";
import { translateFault } from "./failures.js";

/** Of a task that is over another may begin. */
const UNFINISHED: ReadonlySet<string | undefined> = new Set(["RUNNING", "CANCELLING"]);

/** SQS's dead-letter queues of one Region, with the ambient credentials. Makes no call by itself. */
export function openSqsDeadLetters(region: string): DeadLetters & { readonly close: () => void } {
  const client = createSqsClient(region);
  const attempt = async <T>(queue: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw translateFault(queue, error);
    }
  };
  return {
    count: (queue) => attempt(queue, async () => (await look(client, queue)).messages),
    redrive: (queue) => attempt(queue, async () => move(client, (await look(client, queue)).arn)),
    close: () => client.destroy(),
  };
}

async function look(client: SQSClient, queue: string): Promise<{ readonly arn: string; readonly messages: number }> {
  const QueueUrl = await urlOf(client, queue);
  const AttributeNames = ["QueueArn", "ApproximateNumberOfMessages"] as const;
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return { arn: Attributes.QueueArn ?? "", messages: Number(Attributes.ApproximateNumberOfMessages) };
}

async function urlOf(client: SQSClient, queue: string): Promise<string | undefined> {
  if (URL.canParse(queue)) return queue;
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queue }));
  return QueueUrl;
}

/** SQS refuses a second task while one runs, with the code of any bad parameter: so it is asked beforehand. */
async function move(client: SQSClient, SourceArn: string): Promise<"started" | "under-way"> {
  const { Results = [] } = await client.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
  if (Results.some(({ Status }) => UNFINISHED.has(Status))) return "under-way";
  await client.send(new StartMessageMoveTaskCommand({ SourceArn }));
  return "started";
}
