import type { ClusterSpec } from "../../config/index.js";
import type { Announcer, FleetStore, Ports, Telemetry, WorkQueue } from "../../ports/index.js";
import type { executeRun } from "../../run/index.js";
import type { Parsed } from "../../schedule/index.js";
import type { Breaker } from "../breaker/index.js";

/** What a worker needs from outside, besides what a run needs. */
export interface WorkerPorts extends Ports {
  readonly fleet: Pick<FleetStore, "readEntry" | "settle" | "makeDue">;
  /** Where the next hop of an operation is sent. */
  readonly queue: WorkQueue;
  readonly breaker: Breaker;
  readonly telemetry: Telemetry;
  readonly announcer: Announcer;
  /** Carries a run out; here, or in the cluster's own network. */
  readonly execute: typeof executeRun;
  /** Reads a stored declaration. A process that reads the same ones again may remember them. */
  readonly parseDeclaration: (text: string) => Parsed<ClusterSpec>;
}
