import type { LimitFunction } from "p-limit";

import type { ScheduledCluster } from "../config/index.js";
import { clusterStatus, readStatus, type ClusterStatus } from "../fleet/index.js";
import type { Ports } from "../ports/index.js";
import type { Cancellation } from "./cancellation.js";

/** What the lifecycle of a ClusterSchedule needs of the process it runs in. */
export interface ResourceHost {
  /** The ports over one state file; the same for the same path. Throws `Failure` store-unavailable. */
  portsFor(statePath: string | undefined): Ports;
  /** Keeps the number of clusters under work polite; waits for its turn. Throws `Failure` config-invalid. */
  limit(): LimitFunction;
  readonly cancellation: Cancellation;
  /** One line for the person who runs `pulumi up`. */
  readonly write: (line: string) => void;
  /** Owner of the leases that this process takes. */
  readonly operationId: string;
}

/** The status of a cluster even when the store has just failed: then by its calendar alone. */
export async function statusAnyway(spec: ScheduledCluster, ports: Ports): Promise<ClusterStatus> {
  try {
    return await readStatus(spec, ports);
  } catch {
    return clusterStatus(spec.id, spec.schedule, undefined, ports.clock.now());
  }
}
