/** The program behind `pulumi up`: one ClusterSchedule for each declared cluster that is not excluded. */
import { readFile } from "node:fs/promises";

import * as pulumi from "@pulumi/pulumi";

import { declareClusters } from "./clusters.js";
import { readFleet } from "./fleet.js";

// Pulumi starts programs in the project's folder, to which the paths in config are relative.
const fleet = await readFleet(pulumi.runtime.allConfig(), process.env, (path) => readFile(path, "utf8"));

/** One row for each cluster under a schedule, as Curfew last saw it. */
export const clusters = declareClusters(fleet);
