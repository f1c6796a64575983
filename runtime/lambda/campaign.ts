/** Entry point of the campaign function: a state machine's task becomes one action on the table. */
import { composeCampaign } from "../compose-campaign.js";
import { createCampaignHandler } from "./campaign-handler.js";
import { parseHubEnvironment } from "./environment.js";

export const handler = createCampaignHandler(async () => composeCampaign(parseHubEnvironment(process.env)));
