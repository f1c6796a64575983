/** Entry point of the planner function: EventBridge Scheduler's event becomes a tick. */
import { composePlanner } from "../compose-planner.js";
import { parseHubEnvironment } from "./environment.js";
import { createPlannerHandler } from "./planner-handler.js";

export const handler = createPlannerHandler(async () => composePlanner(parseHubEnvironment(process.env)));
