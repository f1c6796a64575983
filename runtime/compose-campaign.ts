import { openDynamoStore } from "./adapters/dynamodb/store.js";
import { createSystemClock } from "./adapters/system/clock.js";
import { openHubTelemetry } from "./compose-hub.js";
import type { CampaignWork } from "./lambda/campaign-handler.js";
import type { HubSettings } from "./lambda/environment.js";

/** A campaign's work, wired to the hub's table and to nothing else. Makes no call to AWS. */
export async function composeCampaign(settings: HubSettings): Promise<CampaignWork> {
  const { region, table, shards } = settings;
  const { log } = await openHubTelemetry(settings, "campaign");
  const store = openDynamoStore({ region, table, shards });
  return { ports: { clock: createSystemClock(), store, fleet: store }, log };
}
