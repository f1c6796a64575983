/** Entry point of a cluster's relay function: requests to its API server, from inside its VPC. */
import { createRelayHandler } from "./relay-handler.js";

/** Empty counts as unset: every host ends with nothing. */
const { CURFEW_RELAY_HOST_SUFFIX: hostSuffix = "" } = process.env;

export const handler = createRelayHandler({
  hostSuffix: hostSuffix === "" ? ".eks.amazonaws.com" : hostSuffix,
  log: (message) => void process.stderr.write(`${message}\n`),
});
