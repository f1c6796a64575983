import type { FleetEntry } from "../../ports/index.js";
import { changeAt, weighAt } from "./outlook.js";
import { isRecheck } from "./recheck.js";
import type { Rhythm } from "./rhythm.js";

/**
 * Why a cluster is due.
 * - `change`: its calendar wants another state from now on.
 * - `unconverged`: it is not in the state wanted, or nobody knows.
 * - `weigh`: its next wake is near enough to work out the lead, and nothing else is due.
 * - `recheck`: its turn in the sweep.
 * - `asked`: somebody made it due: a new declaration, a hold, a worker that was never heard of again.
 *
 * Whoever plans an instant ({@link nextDue}) plans it to the millisecond, so that an instant which was not planned tells
 * that somebody asked, without a field for it.
 */
export type DueReason = "change" | "unconverged" | "weigh" | "recheck" | "asked";

/** Pure. */
export function whyDue(entry: FleetEntry, now: number, rhythm: Rhythm): DueReason {
  const change = changeAt(entry);
  if (change !== null && change <= now) return "change";
  if (entry.unconvergedSince !== null) return "unconverged";
  if (entry.dueAt === weighAt(entry, rhythm)) return "weigh";
  // Stores write 0 for "at once", which is the slot of one cluster in thousands.
  return entry.dueAt > 0 && isRecheck(entry.clusterId, entry.dueAt, rhythm) ? "recheck" : "asked";
}
