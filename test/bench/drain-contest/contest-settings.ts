import type { DrainSettings } from "../../../runtime/drain/index.js";

/**
 * What Curfew is allowed in the contest: as much as the bare loop. The defaults are politer, since a cluster at
 * dusk has all night.
 */
export const CONTEST_SETTINGS: Partial<DrainSettings> = {
  maxNodes: 10,
  maxPodsInFlight: 50,
  maxPodsInFlightPerBudget: 10,
  requestsPerSecond: 1000,
};
