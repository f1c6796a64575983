import type { SQSEvent, SQSRecord } from "aws-lambda";

import { workMessage } from "../../runtime/adapters/sqs/message.js";
import type { WorkItem } from "../../runtime/ports/index.js";

/** A record as Lambda hands it to a worker. */
export function recordOf(messageId: string, item: WorkItem): SQSRecord {
  const { body, traceparent } = workMessage(item);
  return rawRecord(messageId, body, traceparent);
}

/** A record with any body. */
export function rawRecord(messageId: string, body: string, traceparent: string | null = null): SQSRecord {
  return {
    messageId,
    receiptHandle: messageId,
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "0",
      SenderId: "test",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: traceparent === null ? {} : { traceparent: { dataType: "String", stringValue: traceparent } },
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:work",
    awsRegion: "eu-west-1",
  };
}

export const eventOf = (records: readonly SQSRecord[]): SQSEvent => ({ Records: [...records] });
