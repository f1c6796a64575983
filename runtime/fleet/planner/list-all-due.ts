import type { FleetEntry, FleetStore } from "../../ports/index.js";

const FIRST_LIMIT = 1000;

/**
 * All that is due in a shard. A wave is weighed as a whole, so nothing may be claimed before everything is seen; and pages have
 * no cursor, because the index may lag behind claims. So it asks again for twice as many until an answer is not full: at most
 * twice the reading, and for a fleet of ten thousand one query.
 */
export async function listAllDue(
  shard: number,
  until: number,
  fleet: Pick<FleetStore, "listDue">,
): Promise<readonly FleetEntry[]> {
  for (let limit = FIRST_LIMIT; ; limit *= 2) {
    const entries = await fleet.listDue(shard, until, limit);
    if (entries.length < limit) return entries;
  }
}
