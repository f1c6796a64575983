import { parseReached, type Reached } from "../../run/index.js";
import type { ScheduledCluster } from "../../config/index.js";
import type { FailureCode, FleetEntry, Settlement } from "../../ports/index.js";
import type { Hold } from "../../schedule/index.js";
import { activeHold } from "../hold.js";
import { recheckAfter } from "../planner/recheck.js";
import type { Rhythm } from "../planner/rhythm.js";
import type { WorkerPorts } from "./ports.js";

/** What the table says of the cluster of a work item. */
export type Target =
  | {
      readonly kind: "scheduled";
      readonly entry: FleetEntry;
      readonly cluster: ScheduledCluster;
      readonly hold: Hold | undefined;
      readonly reached: Reached | null;
    }
  /** Not to be touched, or not to be understood: nothing is done, and it is looked at again at the next recheck. */
  | { readonly kind: "untouchable"; readonly entry: FleetEntry; readonly code: FailureCode; readonly why: string }
  /** No such cluster, or not any more. */
  | { readonly kind: "gone" };

/** Two reads by key; no call to AWS. */
export async function readTarget(
  clusterId: string,
  { fleet, store, clock, parseDeclaration }: Pick<WorkerPorts, "fleet" | "store" | "clock" | "parseDeclaration">,
): Promise<Target> {
  const entry = await fleet.readEntry(clusterId);
  if (entry === undefined) return { kind: "gone" };
  const record = await store.readCluster(clusterId);
  if (record?.declaration == null) return { kind: "gone" };
  const parsed = parseDeclaration(record.declaration);
  if (!parsed.ok) {
    const why = parsed.problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
    return { kind: "untouchable", entry, code: "config-invalid", why };
  }
  const cluster = parsed.value;
  if (cluster.exclusion !== null) {
    return { kind: "untouchable", entry, code: "cluster-excluded", why: cluster.exclusion.reason };
  }
  const hold = activeHold(record.hold, clock.now());
  return { kind: "scheduled", entry, cluster, hold, reached: parseReached(record.reached) };
}

/** What is written of a cluster that is not touched: nothing is wanted of it. */
export function untouchedAs({ clusterId }: FleetEntry, code: FailureCode, now: number, rhythm: Rhythm): Settlement {
  const nothing = { wanted: null, transitionAt: null, leadMs: 0, unconvergedSince: null, attempts: 0 };
  return { ...nothing, lastCode: code, dueAt: recheckAfter(clusterId, now, rhythm) };
}
