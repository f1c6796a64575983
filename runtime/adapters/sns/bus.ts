import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";

import { parseClusterId, type Announcement } from "../../ports/index.js";
import { slices } from "./slices.js";
import type { Sender } from "./topic.js";

/** EventBridge's own bound. */
const MAX_ENTRIES = 10;
/** What a rule matches on, with the kind as detail type. */
const SOURCE = "curfew";

/** A sender to an EventBridge bus. Loads its SDK with the first announcement: most invocations have none. */
export function createBus(busName: string): Sender {
  let loading: ReturnType<typeof load> | undefined;
  return async (announcements) => {
    const { client, PutEventsCommand } = await (loading ??= load());
    const entries = announcements.map((announcement) => busEntry(announcement, busName));
    const answers = await Promise.allSettled(
      slices(entries, MAX_ENTRIES).map((batch) => client.send(new PutEventsCommand({ Entries: [...batch] }))),
    );
    for (const answer of answers) {
      if (answer.status === "rejected") throw answer.reason;
      const refused = answer.value.Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
      if (refused) throw new Error(`${refused.ErrorCode ?? "refused"}: ${refused.ErrorMessage ?? ""}`);
    }
  };
}

async function load() {
  const { EventBridgeClient, PutEventsCommand } = await import("@aws-sdk/client-eventbridge");
  return { client: new EventBridgeClient({}), PutEventsCommand };
}

function busEntry({ kind, clusterId, at, message, data }: Announcement, busName: string): PutEventsRequestEntry {
  const identity = clusterId === null ? undefined : parseClusterId(clusterId);
  return {
    EventBusName: busName,
    Source: SOURCE,
    DetailType: kind,
    Time: new Date(at),
    Detail: JSON.stringify({ clusterId, ...identity, message, data }),
    ...(identity && { Resources: [`arn:aws:eks:${identity.region}:${identity.account}:cluster/${identity.name}`] }),
  };
}
