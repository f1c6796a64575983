import { acceptFleet, type HubOfClusters } from "./accept-fleet.js";
import { declareClusters, type ClusterRow } from "./clusters.js";
import type { FleetInput } from "./fleet-input.js";

/** Who works on the clusters. */
export interface ScheduleClustersOptions {
  /** The hub that takes them to where they should be; without one `pulumi up` does. */
  readonly hub?: HubOfClusters;
}

/**
 * Declares a ClusterSchedule for every cluster that is not excluded, as this package's own program does from a stack file, and
 * answers a row for each: what Curfew saw when it last looked. Throws a `RunError` that names every problem at once.
 */
export function scheduleClusters(fleet: FleetInput, { hub }: ScheduleClustersOptions = {}): readonly ClusterRow[] {
  return declareClusters(acceptFleet({ fleet, hub }), hub?.table);
}
