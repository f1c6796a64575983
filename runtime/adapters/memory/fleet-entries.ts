import { createHash } from "node:crypto";

import type { ClusterRecord, FleetEntry } from "../../ports/index.js";
import { createInstantIndex, type InstantIndex } from "./instant-index.js";

/** The entries of all registered clusters, and the two orders in which they are asked for. */
export interface FleetEntries {
  readonly shards: number;
  get(clusterId: string): FleetEntry | undefined;
  /** Replaces the entry, in both orders. */
  put(entry: FleetEntry): void;
  /** Calling twice is safe. */
  remove(clusterId: string): void;
  ids(): Iterable<string>;
  /** By `dueAt`. */
  due(shard: number): InstantIndex;
  /** By `unconvergedSince`; only those that have one. */
  readonly unconverged: InstantIndex;
}

/** No entries. */
export function createFleetEntries(shards: number): FleetEntries {
  const entries = new Map<string, FleetEntry>();
  const due = Array.from({ length: shards }, createInstantIndex);
  const unconverged = createInstantIndex();
  const dueIn = (shard: number): InstantIndex => {
    const index = due[shard];
    if (index === undefined) throw new RangeError(`there is no shard ${shard} of ${shards}`);
    return index;
  };
  return {
    shards,
    unconverged,
    due: dueIn,
    get: (clusterId) => entries.get(clusterId),
    ids: () => entries.keys(),
    put(entry) {
      const { clusterId, dueAt, unconvergedSince } = entry;
      entries.set(clusterId, Object.freeze({ ...entry }));
      dueIn(shardOf(clusterId, shards)).put(clusterId, dueAt);
      if (unconvergedSince === null) unconverged.remove(clusterId);
      else unconverged.put(clusterId, unconvergedSince);
    },
    remove(clusterId) {
      entries.delete(clusterId);
      dueIn(shardOf(clusterId, shards)).remove(clusterId);
      unconverged.remove(clusterId);
    },
  };
}

/**
 * Keeps the entry in step with what is known of the cluster: a new or changed declaration or hold makes it due at once
 * and forgets what was foreseen and tried under the old one. Nothing when neither changed.
 */
export function followRecord(entries: FleetEntries, before: ClusterRecord, after: ClusterRecord): void {
  const { clusterId, declaration, hold } = after;
  if (declaration === before.declaration && hold === before.hold) return;
  if (declaration === null) {
    entries.remove(clusterId);
    return;
  }
  const entry = entries.get(clusterId) ?? newEntry(clusterId);
  const revision = entry.revision + 1;
  // Not of the content alone: a hold that came and went is a change as well.
  const generation = `${digest(declaration).toString("base64url")}.${revision}`;
  entries.put({ ...entry, ...AFRESH, generation, revision });
}

const AFRESH = { dueAt: 0, transitionAt: null, leadMs: 0, attempts: 0, lastCode: null } as const;

function newEntry(clusterId: string): FleetEntry {
  const unseen = { wanted: null, unconvergedSince: null, groups: null, nodes: null };
  return { clusterId, generation: "", revision: 0, ...AFRESH, ...unseen };
}

/** By account and Region: whoever reads a shard sees their whole wave. */
function shardOf(clusterId: string, shards: number): number {
  return digest(clusterId.slice(0, clusterId.lastIndexOf("/"))).readUInt32BE() % shards;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
