/** One fleet in a thread of its own, so that two of them use two cores. */
import { parentPort, workerData } from "node:worker_threads";

import type { FleetSize } from "./fleet.js";
import { measureHub, type HubFigures } from "./measure-hub.js";
import { measureNaive, type NaiveFigures } from "./naive.js";

/** A fleet under Curfew's hub, and the same under the naive design. */
export interface FleetMeasurement extends HubFigures {
  readonly naive: { readonly sleep: NaiveFigures; readonly wake: NaiveFigures };
}

const size = workerData as FleetSize;
const measurement: FleetMeasurement = {
  ...(await measureHub(size, (line) => console.error(`  ${size.perAccount} per account: ${line}`))),
  naive: { sleep: await measureNaive(size, "sleep"), wake: await measureNaive(size, "wake") },
};
parentPort?.postMessage(measurement);
