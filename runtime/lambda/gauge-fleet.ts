import { listOpenCircuits } from "../fleet/breaker/index.js";
import type { Rhythm } from "../fleet/planner/index.js";
import type { FleetEntry, FleetStore, Ledger, Telemetry, UnconvergedCursor } from "../ports/index.js";

export interface GaugePorts {
  readonly fleet: Pick<FleetStore, "listUnconverged">;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
}

/** Names of the readings; what alarms watch. */
export const FLEET_GAUGES = {
  lag: "curfew.fleet.lag",
  pastTarget: "curfew.fleet.past-target",
  openCircuits: "curfew.fleet.open-circuits",
} as const;

const PAGE_SIZE = 100;
/** The thousand that have been late for longest say enough: a wave of ten thousand is not read every minute. */
const MAX_PAGES = 10;

/** Takes the fleet's pulse: how late clusters are, how many have missed their target, how many accounts are kept away from. */
export async function gaugeFleet(
  now: number,
  { missedAfterSeconds }: Pick<Rhythm, "missedAfterSeconds">,
  { fleet, ledger, telemetry }: GaugePorts,
): Promise<void> {
  const late = (await listLate(fleet)).map((since) => now - since);
  // A quiet fleet says zero: an alarm must be able to end.
  for (const lagMs of late.length === 0 ? [0] : late) telemetry.record(FLEET_GAUGES.lag, lagMs, {});
  telemetry.record(FLEET_GAUGES.pastTarget, late.filter((lagMs) => lagMs > missedAfterSeconds * 1000).length, {});
  telemetry.record(FLEET_GAUGES.openCircuits, (await listOpenCircuits(ledger)).length, {});
}

/** Since when the clusters that are not in the state wanted are not. */
async function listLate(fleet: GaugePorts["fleet"]): Promise<readonly number[]> {
  const since: number[] = [];
  let after: UnconvergedCursor | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const entries = (await fleet.listUnconverged(after, PAGE_SIZE)).flatMap(cursorOf);
    since.push(...entries.map(({ unconvergedSince }) => unconvergedSince));
    after = entries.at(-1);
    if (entries.length < PAGE_SIZE) break;
  }
  return since;
}

function cursorOf({ clusterId, unconvergedSince }: FleetEntry): readonly UnconvergedCursor[] {
  return unconvergedSince === null ? [] : [{ clusterId, unconvergedSince }];
}
