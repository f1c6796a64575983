import type { Announcement, FleetEntry } from "../../ports/index.js";

/** Tells that a cluster was not brought to the state wanted in time. The claim that crosses the bound says it, once. */
export function missedAnnouncement(entry: FleetEntry, unconvergedSince: number, now: number): Announcement {
  const { clusterId, attempts, lastCode } = entry;
  const minutes = Math.round((now - unconvergedSince) / 60_000);
  const why =
    lastCode === null ? "no run has failed: workers may be late or missing" : `the last run ended ${lastCode}`;
  return {
    kind: "missed-target",
    clusterId,
    at: now,
    message: `${clusterId} has not been in the state wanted for ${minutes} min; ${why}.`,
    data: { unconvergedSince, attempts, lastCode },
  };
}
