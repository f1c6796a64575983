import { openDynamoStore } from "./adapters/dynamodb/store.js";
import { createAnnouncer } from "./adapters/sns/announcer.js";
import { createSqsClient } from "./adapters/sqs/client.js";
import { createSqsWorkQueue } from "./adapters/sqs/work-queue.js";
import { createSystemClock } from "./adapters/system/clock.js";
import { createSystemRandom } from "./adapters/system/random.js";
import { DEFAULT_WAVE_OPTIONS } from "./fleet/planner/index.js";
import { openHubTelemetry, queueUrlOf, rhythmOf } from "./compose-hub.js";
import type { HubSettings } from "./lambda/environment.js";
import type { Planner } from "./lambda/planner-handler.js";

/** The planner, wired to real adapters. Makes no call to AWS. Knows no adapter of clusters: its bundle stays small. */
export async function composePlanner(settings: HubSettings): Promise<Planner> {
  const { region, table, shards, topicArn, busName, tellSuccess, partitions, summaryHour } = settings;
  const { telemetry, log } = await openHubTelemetry(settings, "planner");
  const store = openDynamoStore({ region, table, shards });
  return {
    partitions,
    summaryHour,
    log,
    options: { ...DEFAULT_WAVE_OPTIONS, rhythm: rhythmOf(settings) },
    ports: {
      clock: createSystemClock(),
      random: createSystemRandom(),
      fleet: store,
      ledger: store,
      queue: createSqsWorkQueue({ client: createSqsClient(), queueUrlOf: queueUrlOf(settings) }),
      announcer: createAnnouncer({ topicArn, busName, tellSuccess, warn: (message) => log("warn", message) }),
      telemetry,
    },
  };
}
