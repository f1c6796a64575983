/** Entry point of the worker function: messages of its queue become runs. */
import { composeWorker } from "../compose-worker.js";
import { parseHubEnvironment } from "./environment.js";
import { createWorkerHandler } from "./worker-handler.js";

export const handler = createWorkerHandler(async () => composeWorker(parseHubEnvironment(process.env)));
