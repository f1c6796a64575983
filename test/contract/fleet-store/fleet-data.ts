import assert from "node:assert/strict";

import type { FleetEntry, FleetStore, Settlement, StateStore } from "../../../runtime/ports/index.js";

/** The stored data of one test, empty at its start. */
export interface FleetData {
  /** The handle in use. */
  readonly store: StateStore & FleetStore;
  /** Another handle on the same data, as a second process would have. */
  open(): StateStore & FleetStore;
}

/** The cluster of most tests. */
export const CLUSTER = "222222222222/eu-west-1/payments-dev";
export const SHARDS = 4;

/** What a worker writes that found a cluster as it should be, asleep until 90,000. */
export const ASLEEP: Settlement = {
  dueAt: 60_000,
  wanted: "hibernated",
  transitionAt: 90_000,
  leadMs: 0,
  unconvergedSince: null,
  attempts: 0,
  lastCode: null,
};

/** Declares a cluster. */
export function register(store: StateStore, clusterId = CLUSTER, declaration = "declared"): Promise<void> {
  return store.registerCluster({ clusterId, declaration, registeredAt: 1_000 });
}

/** The entry of a cluster that must be registered. */
export async function entryOf(store: FleetStore, clusterId = CLUSTER): Promise<FleetEntry> {
  const entry = await store.readEntry(clusterId);
  assert.ok(entry, `${clusterId} has no entry`);
  return entry;
}

/** Settles a cluster under the generation it has. */
export async function settle(
  store: FleetStore,
  changes: Partial<Settlement> = {},
  clusterId = CLUSTER,
): Promise<FleetEntry> {
  const { generation } = await entryOf(store, clusterId);
  assert.equal(await store.settle(clusterId, generation, { ...ASLEEP, ...changes }), "settled");
  return entryOf(store, clusterId);
}

/** Names of those due at `until`, over all shards, earliest first within a shard. */
export async function dueNames(store: FleetStore, until: number, limit = 100): Promise<readonly string[]> {
  const pages = await Promise.all(
    Array.from({ length: store.shards }, (_, shard) => store.listDue(shard, until, limit)),
  );
  return namesOf(pages.flat());
}

/** What the ids end with. */
export function namesOf(entries: readonly FleetEntry[]): readonly string[] {
  return entries.map(({ clusterId }) => clusterId.slice(clusterId.lastIndexOf("/") + 1));
}
