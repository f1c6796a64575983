import type { DesiredState } from "../schedule/index.js";
import type { FailureCode } from "./failure.js";

/**
 * What the hub knows of every registered cluster: when it is due, and whether it is where it should be.
 * One small item per cluster, beside what {@link StateStore} keeps of it.
 *
 * Registering a new or changed declaration, setting a hold and removing one make the cluster due at once, in the same
 * write (`StateStore.registerCluster`, `putHold`, `removeHold`); `removeCluster` takes the item away.
 * Any I/O fault is `Failure` store-unavailable.
 */
export interface FleetStore {
  /** How many shards the due index has. All clusters of one account and Region lie in one shard, so that whoever reads it sees their whole wave. */
  readonly shards: number;
  /** Undefined when the cluster is not registered. Read consistently. */
  readEntry(clusterId: string): Promise<FleetEntry | undefined>;
  /**
   * A page of those due at or before `until` in one shard, earliest first. Read from an index that may lag: what
   * matters is decided by {@link claim}. Costs what is due, not what is registered.
   */
  listDue(shard: number, until: number, limit: number): Promise<readonly FleetEntry[]>;
  /**
   * Takes a due cluster for one tick: moves `dueAt` to `entry`'s next instant if nobody has written the item since it
   * was read. Of two planners one gets `lost`.
   */
  claim(entry: FleetEntry, change: Claim): Promise<"claimed" | "lost">;
  /**
   * What a worker leaves behind. `superseded` when the declaration or the hold changed meanwhile: then nothing is
   * written, and the cluster stays due at once. Calling twice is safe.
   */
  settle(clusterId: string, generation: string, settlement: Settlement): Promise<"settled" | "superseded">;
  /** Makes a cluster due at `at` unless it is due earlier. Nothing when it is not registered. */
  makeDue(clusterId: string, at: number): Promise<void>;
  /** A page of the clusters that are not in the state wanted, those for longest first. Costs what it lists. */
  listUnconverged(after?: UnconvergedCursor, limit?: number): Promise<readonly FleetEntry[]>;
  /** A page of all entries in id order: for people's lists. */
  listEntries(after?: string, limit?: number): Promise<readonly FleetEntry[]>;
}

/** One registered cluster as the hub sees it. Instants in epoch milliseconds. */
export interface FleetEntry {
  readonly clusterId: string;
  /** Changes with every new declaration and every change of the hold: a run begun under another one is out of date. */
  readonly generation: string;
  /** Rises with every write of the item. */
  readonly revision: number;
  /** When the hub looks at it next. */
  readonly dueAt: number;
  /** The state last found wanted; null before the first look. */
  readonly wanted: DesiredState | null;
  /** The next change of the state wanted, so that a wave can be seen coming; null when there is none, or none is known. */
  readonly transitionAt: number | null;
  /** How far ahead of a wake the hub begins; 0 unless a wake is being prepared. */
  readonly leadMs: number;
  /** Since when it is not in the state wanted; null when it is. */
  readonly unconvergedSince: number | null;
  /** Attempts on this wish that came to nothing. */
  readonly attempts: number;
  /** Why the last one did; null when it did not. */
  readonly lastCode: FailureCode | null;
  /** Node groups and the nodes that they have awake, as the last run saw them; what a wave is weighed by. */
  readonly groups: number | null;
  readonly nodes: number | null;
}

/** What a planner writes when it takes a cluster. */
export type Claim = Pick<FleetEntry, "dueAt"> & Partial<Pick<FleetEntry, "leadMs" | "unconvergedSince" | "wanted">>;

/** What a worker writes when it is done with a cluster for now. */
export type Settlement = Pick<
  FleetEntry,
  "dueAt" | "wanted" | "transitionAt" | "leadMs" | "unconvergedSince" | "attempts" | "lastCode"
> &
  Partial<Pick<FleetEntry, "groups" | "nodes">>;

/** Where the next page of {@link FleetStore.listUnconverged} begins. */
export type UnconvergedCursor = Pick<FleetEntry, "clusterId"> & { readonly unconvergedSince: number };
