import { parseClusterId, type FleetEntry } from "../../ports/index.js";
import type { WaveSize } from "./lead.js";
import { wakeAt } from "./outlook.js";
import { groupOf } from "./queue-of.js";

/** What is due together in one account and Region. */
export interface Wave {
  readonly account: string;
  readonly region: string;
  /** In the order in which they shall begin. */
  readonly entries: readonly FleetEntry[];
}

/** What a cluster counts as before a run has seen it (aws.md §12: four groups of five). */
export interface AssumedSize {
  readonly groups: number;
  readonly nodes: number;
}

/**
 * Sorts what is due by account and Region. In each, wakes come first, because people wait for them; then the longest due.
 * The order follows from the entries alone. An id that is not of the form `account/region/name` is left out.
 */
export function groupWaves(entries: readonly FleetEntry[]): readonly Wave[] {
  const waves = new Map<string, { account: string; region: string; entries: FleetEntry[] }>();
  for (const entry of entries) {
    const identity = parseClusterId(entry.clusterId);
    if (identity === undefined) continue;
    const { account, region } = identity;
    const wave = waves.get(groupOf(identity)) ?? { account, region, entries: [] };
    wave.entries.push(entry);
    waves.set(groupOf(identity), wave);
  }
  return [...waves.values()].map((wave) => ({ ...wave, entries: wave.entries.sort(byUrgency) }));
}

/** What the account has to launch for the wakes among `entries`. */
export function wakingSize(entries: readonly FleetEntry[], assumed: AssumedSize): WaveSize {
  const waking = entries.filter((entry) => wakeAt(entry) !== null);
  return {
    groups: total(waking.map(({ groups }) => groups ?? assumed.groups)),
    nodes: total(waking.map(({ nodes }) => nodes ?? assumed.nodes)),
  };
}

function byUrgency(one: FleetEntry, other: FleetEntry): number {
  const rank = Number(wakeAt(one) === null) - Number(wakeAt(other) === null);
  return rank || one.dueAt - other.dueAt || (one.clusterId < other.clusterId ? -1 : 1);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
