import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from "@aws-sdk/client-sqs";
import pLimit from "p-limit";

import { Failure, parseClusterId, type WorkItem, type WorkParcel, type WorkQueue } from "../../ports/index.js";
import { packBatches, type BatchLimits } from "./batches.js";
import { TRACEPARENT, workMessage } from "./message.js";

export interface SqsWorkQueueOptions {
  readonly client: SQSClient;
  /** URL of the queue that a cluster's work goes to. */
  readonly queueUrlOf: (clusterId: string) => string;
  /** How many batches are on their way at once. */
  readonly concurrency?: number;
}

const LIMITS: BatchLimits = { maxEntries: 10, maxBytes: 256 * 1024 };
const DEFAULT_CONCURRENCY = 8;

/** One parcel and how it goes over the wire. */
interface Packed {
  readonly parcel: WorkParcel;
  readonly queueUrl: string;
  readonly entry: Omit<SendMessageBatchRequestEntry, "Id">;
}

type Sent =
  | { readonly kind: "answered"; readonly rejected: readonly WorkParcel[] }
  | { readonly kind: "failed"; readonly parcels: readonly WorkParcel[]; readonly error: unknown };

/**
 * Work on standard SQS queues. Messages of one account and Region are one group of a fair queue: many of them make
 * nobody else wait (aws.md §4). A batch that could not be sent is retried by the SDK only.
 */
export function createSqsWorkQueue({
  client,
  queueUrlOf,
  concurrency = DEFAULT_CONCURRENCY,
}: SqsWorkQueueOptions): WorkQueue {
  return {
    async send(parcels) {
      const limit = pLimit(concurrency);
      const batches = batchesOf(parcels.map((parcel) => pack(parcel, queueUrlOf(parcel.item.clusterId))));
      const sent = await Promise.all(batches.map((batch) => limit(() => sendBatch(client, batch))));
      refuseIfNothingWent(sent);
      return sent.flatMap((each) => (each.kind === "answered" ? each.rejected : each.parcels));
    },
  };
}

function batchesOf(packed: readonly Packed[]): readonly (readonly Packed[])[] {
  const queues = Map.groupBy(packed, ({ queueUrl }) => queueUrl);
  return [...queues.values()].flatMap((queue) => packBatches(queue, bytesOf, LIMITS));
}

function pack({ item, delaySeconds }: WorkParcel, queueUrl: string): Packed {
  const { body, traceparent } = workMessage(item);
  return {
    parcel: { item, delaySeconds },
    queueUrl,
    entry: {
      MessageBody: body,
      DelaySeconds: delaySeconds,
      MessageGroupId: groupOf(item),
      ...(traceparent === null
        ? {}
        : { MessageAttributes: { [TRACEPARENT]: { DataType: "String", StringValue: traceparent } } }),
    },
  };
}

function groupOf({ clusterId }: WorkItem): string {
  const { account, region } = parseClusterId(clusterId) ?? { account: "unknown", region: "unknown" };
  return `${account}#${region}`;
}

/** What counts towards the limit: the body, and each attribute's name, type and value. */
function bytesOf({ entry }: Packed): number {
  const attributes = Object.entries(entry.MessageAttributes ?? {});
  const texts = attributes.flatMap(([name, value]) => [name, value.DataType ?? "", value.StringValue ?? ""]);
  return [entry.MessageBody ?? "", ...texts].reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
}

async function sendBatch(client: SQSClient, batch: readonly Packed[]): Promise<Sent> {
  try {
    const answer = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: batch[0]?.queueUrl,
        Entries: batch.map(({ entry }, index) => ({ Id: String(index), ...entry })),
      }),
    );
    const failed = new Set((answer.Failed ?? []).map(({ Id }) => Id));
    return {
      kind: "answered",
      rejected: batch.filter((_, index) => failed.has(String(index))).map(({ parcel }) => parcel),
    };
  } catch (error) {
    return { kind: "failed", parcels: batch.map(({ parcel }) => parcel), error };
  }
}

function refuseIfNothingWent(sent: readonly Sent[]): void {
  const [first] = sent;
  if (first?.kind !== "failed" || sent.some(({ kind }) => kind === "answered")) return;
  const words = first.error instanceof Error ? first.error.message : String(first.error);
  throw new Failure(
    {
      code: "unavailable",
      message: `SQS took none of the work: ${words}`,
      remedy: "Nothing is lost: the next tick sends it. Check the queues' URLs and the function's permission to send.",
    },
    { cause: first.error },
  );
}
