import type { FleetEntry, FleetStore, Settlement } from "../../ports/index.js";
import type { FleetEntries } from "./fleet-entries.js";

const PAGE_SIZE = 100;

/** The port's calls, each at once and whole. */
export interface FleetCalls {
  read(clusterId: string): FleetEntry | undefined;
  listDue(shard: number, until: number, limit: number): readonly FleetEntry[];
  claim(...[entry, claim]: Parameters<FleetStore["claim"]>): "claimed" | "lost";
  settle(clusterId: string, generation: string, settlement: Settlement): "settled" | "superseded";
  makeDue(clusterId: string, at: number): void;
  listUnconverged(...[after, limit]: Parameters<FleetStore["listUnconverged"]>): readonly FleetEntry[];
  list(after?: string, limit?: number): readonly FleetEntry[];
}

/** The calls over `entries`. */
export function fleetCalls(entries: FleetEntries): FleetCalls {
  const put = (entry: FleetEntry, changes: Partial<FleetEntry>): void =>
    entries.put({ ...entry, ...changes, revision: entry.revision + 1 });
  const all = (ids: readonly string[]): readonly FleetEntry[] => ids.flatMap((id) => entries.get(id) ?? []);
  return {
    read: (clusterId) => entries.get(clusterId),
    listDue: (shard, until, limit) => all(entries.due(shard).upTo(until, limit)),
    claim({ clusterId, revision }, claim) {
      const entry = entries.get(clusterId);
      if (entry?.revision !== revision) return "lost";
      put(entry, claim);
      return "claimed";
    },
    settle(clusterId, generation, settlement) {
      const entry = entries.get(clusterId);
      if (entry?.generation !== generation) return "superseded";
      put(entry, settlement);
      return "settled";
    },
    makeDue(clusterId, at) {
      const entry = entries.get(clusterId);
      if (entry !== undefined && entry.dueAt > at) put(entry, { dueAt: at });
    },
    listUnconverged: (after, limit = PAGE_SIZE) =>
      all(entries.unconverged.after(after && { id: after.clusterId, at: after.unconvergedSince }, limit)),
    list: (after = "", limit = PAGE_SIZE) => all([...entries.ids()].filter((id) => id > after).sort()).slice(0, limit),
  };
}
