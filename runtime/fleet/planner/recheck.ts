import { hashOf } from "./hash.js";
import type { Rhythm } from "./rhythm.js";

/**
 * The next instant after `now` at which a cluster is looked at whatever its calendar says. Each cluster has its own slot in the
 * period, by the hash of its id, so that the sweep of a fleet is spread evenly and stays so over restarts.
 */
export function recheckAfter(
  clusterId: string,
  now: number,
  { recheckSeconds }: Pick<Rhythm, "recheckSeconds">,
): number {
  const periodMs = recheckSeconds * 1000;
  const slotMs = slotOf(clusterId, recheckSeconds);
  return (Math.floor((now - slotMs) / periodMs) + 1) * periodMs + slotMs;
}

/** Whether `at` is one of the cluster's slots: then it is due for no other reason. */
export function isRecheck(clusterId: string, at: number, { recheckSeconds }: Pick<Rhythm, "recheckSeconds">): boolean {
  return (at - slotOf(clusterId, recheckSeconds)) % (recheckSeconds * 1000) === 0;
}

function slotOf(clusterId: string, recheckSeconds: number): number {
  return (hashOf(clusterId) % recheckSeconds) * 1000;
}
