/** The program behind `pulumi up`: the hub if there is one, and a ClusterSchedule for each cluster that is not excluded. */
import { readFile } from "node:fs/promises";

import * as pulumi from "@pulumi/pulumi";

import { clusterTable } from "./cluster-table.js";
import { streamClusters } from "./clusters.js";
import { readFleet } from "./fleet.js";
import { shortenPromiseTraces } from "./promise-traces.js";
import { isHubElsewhere } from "./shard.js";

// Pulumi starts programs in the project's folder, to which the paths in config are relative.
const fleet = await readFleet(pulumi.runtime.allConfig(), process.env, (path) => readFile(path, "utf8"));

// A stack without a hub does not load the AWS package, which takes longer than all the rest.
const declared = fleet.hub === null || isHubElsewhere() ? undefined : (await import("./hub.js")).declareHub(fleet.hub);

// Not before: what is wrong in config or in the hub's parts is told with all its lines.
shortenPromiseTraces(process.env);

/** Where the hub's parts are; absent without one. */
export const hub = declared?.row;

/** One row for each cluster under a schedule, as Curfew last saw it: a JSON text. */
export const clusters = clusterTable(await streamClusters(fleet, declared?.table));
