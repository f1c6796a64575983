import type { PublishBatchRequestEntry } from "@aws-sdk/client-sns";

import { parseClusterId, type Announcement } from "../../ports/index.js";
import { slices } from "./slices.js";

/** SNS's own bounds. */
const MAX_ENTRIES = 10;
const MAX_SUBJECT_CHARACTERS = 100;

/** Sends announcements somewhere; rejects when a call or an entry is refused, after all were tried. */
export type Sender = (announcements: readonly Announcement[]) => Promise<void>;

/** A sender to an SNS topic. Loads its SDK with the first announcement: most invocations have none. */
export function createTopic(topicArn: string): Sender {
  let loading: ReturnType<typeof load> | undefined;
  return async (announcements) => {
    const { client, PublishBatchCommand } = await (loading ??= load());
    const batches = slices(announcements.map(topicEntry), MAX_ENTRIES);
    const answers = await Promise.allSettled(
      batches.map((entries) =>
        client.send(new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: [...entries] })),
      ),
    );
    for (const answer of answers) {
      if (answer.status === "rejected") throw answer.reason;
      const refused = answer.value.Failed?.[0];
      if (refused) throw new Error(`${refused.Code ?? "refused"}: ${refused.Message ?? "SNS did not say why"}`);
    }
  };
}

async function load() {
  const { SNSClient, PublishBatchCommand } = await import("@aws-sdk/client-sns");
  return { client: new SNSClient({}), PublishBatchCommand };
}

/** Kind, account and Region as attributes, so that a subscription's filter policy can choose. */
function topicEntry({ kind, clusterId, at, message, data }: Announcement, index: number): PublishBatchRequestEntry {
  const identity = clusterId === null ? undefined : parseClusterId(clusterId);
  const attributes = { kind, ...(identity && { account: identity.account, region: identity.region }) };
  return {
    Id: String(index),
    Subject: subject(kind, clusterId),
    Message: JSON.stringify({ kind, clusterId, at: new Date(at).toISOString(), message, data }, null, 2),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
    ),
  };
}

function subject(kind: Announcement["kind"], clusterId: string | null): string {
  const text = `Curfew: ${kind.replaceAll("-", " ")}${clusterId === null ? "" : ` ${clusterId}`}`;
  return text.slice(0, MAX_SUBJECT_CHARACTERS);
}
