import type { DesiredState } from "../../schedule/index.js";
import type { FailureCode, FleetEntry } from "../../ports/index.js";
import { digest } from "./digest.js";
import { numberOf, numberOrNull, textOf, textOrNull, type Item, type Value } from "./item.js";
import { clusterIdOf, clusterKey, sortableInstant } from "./keys.js";
import type { Update } from "./write.js";

/** Marks the DUE items in the registry. */
export const REGISTERED = "entries";

/** Enough for a wave in which a whole fleet changes its state at once; their pages are merged. */
export const UNCONVERGED_SHARDS = 4;

/** The due index's partition of a shard. */
export function dueShard(shard: number): string {
  return `due#${shard}`;
}

/** The unconverged index's partition of a shard. */
export function unconvergedShard(shard: number): string {
  return `unconverged#${shard}`;
}

/** Sorts by instant, then by id, so that any place in the list can be gone on from. */
export function unconvergedOrder({ unconvergedSince, clusterId }: UnconvergedPlace): string {
  return `${sortableInstant(unconvergedSince)}#${clusterId}`;
}

interface UnconvergedPlace {
  readonly unconvergedSince: number;
  readonly clusterId: string;
}

/**
 * The entry of a cluster whose declaration or hold has changed: due at once, and what was foreseen and tried under the
 * old one is forgotten. `changes` only counts them; it makes the generation.
 */
export function entryAfresh(clusterId: string): Update {
  return {
    key: clusterKey(clusterId, "DUE"),
    set: { dueAt: 0, leadMs: 0, attempts: 0, transitionAt: null, lastCode: null },
    add: { revision: 1, changes: 1 },
  };
}

/** The same, of a declaration that is new; refused when it is the one in force. */
export function newEntry(clusterId: string, shards: number, declarationHash: string): Update {
  const { set, ...afresh } = entryAfresh(clusterId);
  // All clusters of one account and Region lie in one shard: whoever reads it sees their whole wave.
  const shard = digest(clusterId.slice(0, clusterId.lastIndexOf("/"))).readUInt32BE() % shards;
  return {
    ...afresh,
    set: { ...set, registry: REGISTERED, dueShard: dueShard(shard), declarationHash },
    condition: { text: "attribute_not_exists(#declarationHash) OR #declarationHash <> :declarationHash" },
  };
}

/** Attributes of a partial entry. */
export function entryAttributes(
  clusterId: string,
  { unconvergedSince, ...others }: Partial<Omit<FleetEntry, "clusterId" | "generation" | "revision">>,
): Readonly<Record<string, Value | null | undefined>> {
  if (unconvergedSince === undefined) return others;
  if (unconvergedSince === null) return { ...others, unconvergedSince, unconvergedShard: null, unconvergedOrder: null };
  return {
    ...others,
    unconvergedSince,
    unconvergedShard: unconvergedShard(digest(clusterId).readUInt32BE() % UNCONVERGED_SHARDS),
    unconvergedOrder: unconvergedOrder({ unconvergedSince, clusterId }),
  };
}

/** The entry that an item holds. */
export function entryOf(item: Item): FleetEntry {
  return {
    clusterId: clusterIdOf(textOf(item, "pk")),
    generation: `${textOf(item, "declarationHash")}.${numberOf(item, "changes")}`,
    revision: numberOf(item, "revision"),
    dueAt: numberOf(item, "dueAt"),
    wanted: textOrNull(item, "wanted") as DesiredState | null,
    transitionAt: numberOrNull(item, "transitionAt"),
    leadMs: numberOf(item, "leadMs"),
    unconvergedSince: numberOrNull(item, "unconvergedSince"),
    attempts: numberOf(item, "attempts"),
    lastCode: textOrNull(item, "lastCode") as FailureCode | null,
    groups: numberOrNull(item, "groups"),
    nodes: numberOrNull(item, "nodes"),
  };
}

/** The parts of a generation; undefined when it is none of ours. */
export function generationParts(
  generation: string,
): { readonly declarationHash: string; readonly changes: number } | undefined {
  const [declarationHash, changes, ...rest] = generation.split(".");
  if (!declarationHash || !changes || rest.length > 0 || !/^\d+$/.test(changes)) return undefined;
  return { declarationHash, changes: Number(changes) };
}
