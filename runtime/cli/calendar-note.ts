import type { ClusterSpec } from "../config/index.js";
import { readStatus, type ClusterStatus } from "../fleet/index.js";
import type { Ports } from "../ports/index.js";
import type { DesiredState } from "../schedule/index.js";
import { endingOf } from "./exit-codes.js";
import { isoOf } from "./instant.js";
import type { RunEnd } from "./run-clusters.js";

/**
 * A sentence for each cluster that was taken, or would be, where its calendar does not want it: the next run by calendar takes it back.
 * Never throws: a store that fails now must not hide what the runs did.
 */
export async function calendarNotes(
  ends: readonly RunEnd[],
  desired: DesiredState,
  label: (id: string) => string,
  ports: Pick<Ports, "store" | "clock">,
): Promise<readonly string[]> {
  const arrived = ends.filter(({ report }) => report !== null && endingOf(report.result) === "done");
  const notes = await Promise.all(arrived.map(({ cluster }) => noteOf(cluster, desired, label(cluster.id), ports)));
  return notes.filter((note) => note !== null);
}

async function noteOf(
  cluster: ClusterSpec,
  desired: DesiredState,
  name: string,
  ports: Pick<Ports, "store" | "clock">,
): Promise<string | null> {
  if (cluster.schedule === null) return null;
  const status = await readStatus(cluster, ports).catch(() => null);
  return status === null || status.verdict.state === desired ? null : calendarNote(status, desired, name);
}

/** `… the calendar wants it running from …: …`. Pure. */
function calendarNote({ verdict, hold }: ClusterStatus, desired: DesiredState, name: string): string {
  const since = verdict.since === null ? "" : ` from ${isoOf(verdict.since)}`;
  if (hold !== null) {
    return `${name}: a hold wants it ${verdict.state} (${verdict.rule}) until ${isoOf(hold.until)}: \`curfew release ${name}\` ends that.`;
  }
  return (
    `${name}: the calendar wants it ${verdict.state}${since} (${verdict.rule}), and its next run takes it there: ` +
    `\`curfew hold ${name} --state ${desired} --until +8h --reason …\` keeps it ${desired}.`
  );
}
