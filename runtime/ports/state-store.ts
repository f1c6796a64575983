/** How many reports of each cluster a store keeps. */
export const KEPT_REPORTS = 500;

/**
 * What Curfew remembers between runs. Bodies are opaque JSON text: their shapes and versions belong
 * to the rooms that write them, so that a store can neither lose a field nor "repair" one.
 *
 * Built so that one DynamoDB item collection per cluster can carry it: every read on the way of a run
 * is by key, every write is conditional, no write depends on a read outside its own condition.
 * Any I/O fault is `Failure` store-unavailable.
 */
export interface StateStore {
  /**
   * Takes the cluster's lease when it is free, expired at `now`, or already `operationId`'s own (then it is renewed and keeps its fence).
   * Every change of holder raises the fence by one; fences never go down, not even after a release (safe-cycle H1, aws.md §6).
   */
  acquireLease(request: LeaseRequest): Promise<LeaseAnswer>;
  /** Moves the expiry of a lease that is still ours; `lost` when it is not. */
  renewLease(lease: Lease, expiresAt: number): Promise<"renewed" | "lost">;
  /** Frees the lease if it is still ours; otherwise does nothing. Calling twice is safe. */
  releaseLease(lease: Lease): Promise<void>;

  /** The open cycle of a cluster; undefined when it has none. */
  readCycle(clusterId: string): Promise<CycleRecord | undefined>;
  /**
   * Opens a cycle with its snapshot, once: when one is open already it is returned as it is and nothing is written
   * (safe-cycle H4). `fenced` when the lease is not ours any more.
   */
  openCycle(lease: Lease, cycle: CycleRecord): Promise<OpenCycleAnswer>;
  /** Replaces the open cycle's progress. The snapshot cannot be changed by any call. */
  saveProgress(lease: Lease, cycleId: string, progress: string): Promise<FencedAnswer>;
  /** Closes the cycle and keeps it, unchangeable, for audit; the last 20 per cluster stay (safe-cycle W24). Calling twice is safe. */
  retireCycle(lease: Lease, cycleId: string, retiredAt: number): Promise<FencedAnswer>;
  /** Retired cycles, newest first. */
  listRetiredCycles(clusterId: string, limit: number): Promise<readonly RetiredCycle[]>;

  /** What is known and declared of a cluster; undefined when nothing is. */
  readCluster(clusterId: string): Promise<ClusterRecord | undefined>;
  /** Declares a cluster; keeps what runs have reached. Calling twice is safe. */
  registerCluster(registration: Registration): Promise<void>;
  /** Forgets the declaration, the hold and the reached state; retired cycles and reports stay. */
  removeCluster(clusterId: string): Promise<void>;
  /** Notes what a run reached, fenced. Creates the record when the cluster was never declared. */
  saveReached(lease: Lease, reached: ReachedState): Promise<FencedAnswer>;
  /** All known clusters in id order, a page (100 unless told) at a time: for people's lists, never on the way of a run. */
  listClusters(after?: string, limit?: number): Promise<readonly ClusterRecord[]>;

  /** Sets or replaces the hold of a cluster. */
  putHold(clusterId: string, hold: string): Promise<void>;
  /** Calling twice is safe. */
  removeHold(clusterId: string): Promise<void>;

  /**
   * Adds a report; the same report id again changes nothing. The newest {@link KEPT_REPORTS} per cluster stay, by
   * `finishedAt`, then by id: about eight months of a night and a morning a day, while a cluster that is retried every
   * few minutes cannot fill the disk.
   */
  addReport(report: StoredReport): Promise<void>;
  /** Newest first, those finished at or after `since`; 100 unless told. */
  listReports(
    clusterId: string,
    options?: { readonly since?: number; readonly limit?: number },
  ): Promise<readonly StoredReport[]>;

  close(): Promise<void>;
}

export interface LeaseRequest {
  readonly clusterId: string;
  /** The owner: the operation, stable over restarts and hops, not the process (aws.md §6). */
  readonly operationId: string;
  readonly now: number;
  readonly expiresAt: number;
}

export interface Lease {
  readonly clusterId: string;
  readonly operationId: string;
  /** Increasing number; every state write carries it. */
  readonly fence: number;
}

export type LeaseAnswer =
  | { readonly kind: "acquired"; readonly lease: Lease; readonly expiresAt: number }
  | { readonly kind: "held"; readonly holder: string; readonly expiresAt: number };

export type FencedAnswer = "saved" | "fenced";

export type OpenCycleAnswer =
  | { readonly kind: "opened"; readonly cycle: CycleRecord }
  | { readonly kind: "exists"; readonly cycle: CycleRecord }
  | { readonly kind: "fenced" };

export interface CycleRecord {
  readonly clusterId: string;
  readonly cycleId: string;
  readonly openedAt: number;
  /** JSON text of the restore snapshot; written once. */
  readonly snapshot: string;
  /** JSON text of what has been done so far. */
  readonly progress: string;
}

/** A cycle that is over. */
export interface RetiredCycle extends CycleRecord {
  readonly retiredAt: number;
}

export interface Registration {
  readonly clusterId: string;
  /** JSON text of the declared cluster. */
  readonly declaration: string;
  readonly registeredAt: number;
}

export interface ReachedState {
  /** JSON text: state reached, since, last operation, last report's summary. */
  readonly body: string;
}

export interface ClusterRecord {
  readonly clusterId: string;
  readonly declaration: string | null;
  readonly reached: string | null;
  readonly hold: string | null;
}

export interface StoredReport {
  readonly clusterId: string;
  readonly reportId: string;
  readonly finishedAt: number;
  readonly body: string;
}
