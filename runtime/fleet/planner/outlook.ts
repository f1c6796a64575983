import type { FleetEntry } from "../../ports/index.js";
import type { Rhythm } from "./rhythm.js";

/** What is known of a cluster's near future. */
export type Outlook = Pick<FleetEntry, "clusterId" | "wanted" | "transitionAt" | "leadMs" | "unconvergedSince">;

/** When the wake that comes next is wanted; null when the next change is none, or is a sleep. */
export function wakeAt({ wanted, transitionAt }: Pick<Outlook, "wanted" | "transitionAt">): number | null {
  return wanted === "hibernated" ? transitionAt : null;
}

/** When the next change has to be acted on: a wake by its lead ahead; null when no change is known. */
export function changeAt(outlook: Pick<Outlook, "wanted" | "transitionAt" | "leadMs">): number | null {
  const { transitionAt, leadMs } = outlook;
  return transitionAt !== null && wakeAt(outlook) !== null ? transitionAt - leadMs : transitionAt;
}

/** When the planner weighs the wave of a wake whose lead is not known yet; null when there is none to weigh. */
export function weighAt(outlook: Outlook, { horizonSeconds }: Pick<Rhythm, "horizonSeconds">): number | null {
  const at = wakeAt(outlook);
  return at === null || outlook.leadMs > 0 ? null : at - horizonSeconds * 1000;
}

/** When a cluster that is not in the state wanted has missed its target; null for one that is. */
export function missedAt(
  { unconvergedSince }: Pick<Outlook, "unconvergedSince">,
  { missedAfterSeconds }: Pick<Rhythm, "missedAfterSeconds">,
): number | null {
  return unconvergedSince === null ? null : unconvergedSince + missedAfterSeconds * 1000;
}
