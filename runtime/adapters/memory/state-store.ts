import type { FleetStore, Ledger } from "../../ports/index.js";
import {
  KEPT_REPORTS,
  type ClusterRecord,
  type CycleRecord,
  type FencedAnswer,
  type Lease,
  type LeaseAnswer,
  type LeaseRequest,
  type OpenCycleAnswer,
  type RetiredCycle,
  type StateStore,
  type StoredReport,
} from "../../ports/state-store.js";
import { createFleetEntries, followRecord, type FleetEntries } from "./fleet-entries.js";
import { fleetCalls } from "./fleet-store.js";
import { ledgerCalls, type LedgerPages } from "./ledger.js";

const DEFAULT_SHARDS = 16;
const KEPT_RETIRED_CYCLES = 20;
const PAGE_SIZE = 100;

/** All that is stored about one cluster; replaced whole, never changed in place. */
interface ClusterEntry {
  readonly known: ClusterRecord;
  readonly holder: string | null;
  readonly fence: number;
  readonly expiresAt: number;
  readonly cycle: CycleRecord | undefined;
  /** Newest first. */
  readonly retired: readonly RetiredCycle[];
  /** Newest first. */
  readonly reports: readonly StoredReport[];
}

/** What several handles share, as several processes share a file. Its content is for stores only. */
export interface MemoryDatabase {
  readonly clusters: Map<string, ClusterEntry>;
  readonly fleet: FleetEntries;
  readonly ledger: LedgerPages;
}

/** An empty database; `shards` are those of the due index. */
export function createMemoryDatabase(shards: number = DEFAULT_SHARDS): MemoryDatabase {
  return { clusters: new Map(), fleet: createFleetEntries(shards), ledger: new Map() };
}

/**
 * The hub's store in memory: for tests, simulations and dry runs; it ends with the process. Each call takes effect at
 * once and whole. Two stores over one `database` behave like two processes on one table.
 */
export function createMemoryStore(database: MemoryDatabase = createMemoryDatabase()): StateStore & FleetStore & Ledger {
  const fleet = fleetCalls(database.fleet);
  const ledger = ledgerCalls(database.ledger);
  let isClosed = false;
  const attempt = <T>(work: () => T): Promise<T> =>
    new Promise((settle) => {
      if (isClosed) throw new Error("the state store is closed");
      settle(work());
    });
  return {
    acquireLease: (request) => attempt(() => acquireLease(database, request)),
    renewLease: (lease, expiresAt) => attempt(() => (changeOurs(database, lease, { expiresAt }) ? "renewed" : "lost")),
    releaseLease: (lease) => attempt(() => void changeOurs(database, lease, { holder: null })),
    readCycle: (clusterId) => attempt(() => entryOf(database, clusterId).cycle),
    openCycle: (lease, cycle) => attempt(() => openCycle(database, lease, cycle)),
    saveProgress: (lease, cycleId, progress) => attempt(() => saveProgress(database, lease, cycleId, progress)),
    retireCycle: (lease, cycleId, retiredAt) => attempt(() => retireCycle(database, lease, cycleId, retiredAt)),
    listRetiredCycles: (clusterId, limit) => attempt(() => entryOf(database, clusterId).retired.slice(0, limit)),
    readCluster: (clusterId) => attempt(() => knownCluster(entryOf(database, clusterId))),
    registerCluster: ({ clusterId, declaration }) => attempt(() => note(database, clusterId, { declaration })),
    removeCluster: (clusterId) =>
      attempt(() => note(database, clusterId, { declaration: null, reached: null, hold: null })),
    saveReached: (lease, { body }) => attempt(() => saveReached(database, lease, body)),
    listClusters: (after, limit) => attempt(() => listClusters(database, after, limit)),
    putHold: (clusterId, hold) => attempt(() => note(database, clusterId, { hold })),
    removeHold: (clusterId) => attempt(() => note(database, clusterId, { hold: null })),
    addReport: (report) => attempt(() => addReport(database, report)),
    listReports: (clusterId, options) => attempt(() => listReports(database, clusterId, options)),
    shards: database.fleet.shards,
    readEntry: (clusterId) => attempt(() => fleet.read(clusterId)),
    listDue: (shard, until, limit) => attempt(() => fleet.listDue(shard, until, limit)),
    claim: (entry, claim) => attempt(() => fleet.claim(entry, claim)),
    settle: (clusterId, generation, settlement) => attempt(() => fleet.settle(clusterId, generation, settlement)),
    makeDue: (clusterId, at) => attempt(() => fleet.makeDue(clusterId, at)),
    listUnconverged: (after, limit) => attempt(() => fleet.listUnconverged(after, limit)),
    listEntries: (after, limit) => attempt(() => fleet.list(after, limit)),
    read: (key) => attempt(() => ledger.read(key)),
    write: (key, body, revision) => attempt(() => ledger.write(key, body, revision)),
    list: (prefix) => attempt(() => ledger.list(prefix)),
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
}

function entryOf(database: MemoryDatabase, clusterId: string): ClusterEntry {
  return database.clusters.get(clusterId) ?? emptyEntry(clusterId);
}

function emptyEntry(clusterId: string): ClusterEntry {
  const known = { clusterId, declaration: null, reached: null, hold: null };
  return { known, holder: null, fence: 0, expiresAt: 0, cycle: undefined, retired: [], reports: [] };
}

function change(database: MemoryDatabase, clusterId: string, changes: Partial<ClusterEntry>): void {
  database.clusters.set(clusterId, { ...entryOf(database, clusterId), ...changes });
}

function note(database: MemoryDatabase, clusterId: string, changes: Partial<ClusterRecord>): void {
  const before = entryOf(database, clusterId).known;
  const known = { ...before, ...changes };
  change(database, clusterId, { known });
  followRecord(database.fleet, before, known);
}

/** An expired lease that nobody took is still ours. */
function isOurs({ holder, fence }: ClusterEntry, lease: Lease): boolean {
  return holder === lease.operationId && fence === lease.fence;
}

/** The conditional write: changes the entry only while the lease is ours, and says whether it did. */
function changeOurs(database: MemoryDatabase, lease: Lease, changes: Partial<ClusterEntry>): boolean {
  if (!isOurs(entryOf(database, lease.clusterId), lease)) return false;
  change(database, lease.clusterId, changes);
  return true;
}

function acquireLease(database: MemoryDatabase, { clusterId, operationId, now, expiresAt }: LeaseRequest): LeaseAnswer {
  const entry = entryOf(database, clusterId);
  const isOwn = entry.holder === operationId;
  if (entry.holder !== null && !isOwn && entry.expiresAt > now) {
    return { kind: "held", holder: entry.holder, expiresAt: entry.expiresAt };
  }
  const fence = isOwn ? entry.fence : entry.fence + 1;
  change(database, clusterId, { holder: operationId, fence, expiresAt });
  return { kind: "acquired", lease: { clusterId, operationId, fence }, expiresAt };
}

function openCycle(database: MemoryDatabase, lease: Lease, cycle: CycleRecord): OpenCycleAnswer {
  const entry = entryOf(database, lease.clusterId);
  if (cycle.clusterId !== lease.clusterId || !isOurs(entry, lease)) return { kind: "fenced" };
  if (entry.cycle) return { kind: "exists", cycle: entry.cycle };
  const opened = Object.freeze({ ...cycle });
  change(database, lease.clusterId, { cycle: opened });
  return { kind: "opened", cycle: opened };
}

function saveProgress(database: MemoryDatabase, lease: Lease, cycleId: string, progress: string): FencedAnswer {
  const { cycle } = entryOf(database, lease.clusterId);
  if (cycle?.cycleId !== cycleId) return "fenced";
  return changeOurs(database, lease, { cycle: Object.freeze({ ...cycle, progress }) }) ? "saved" : "fenced";
}

function retireCycle(database: MemoryDatabase, lease: Lease, cycleId: string, retiredAt: number): FencedAnswer {
  const { cycle, retired } = entryOf(database, lease.clusterId);
  const isRetired = retired.some((old) => old.cycleId === cycleId);
  if (cycle?.cycleId !== cycleId) return isRetired && changeOurs(database, lease, {}) ? "saved" : "fenced";
  const kept = isRetired
    ? retired
    : [...retired, Object.freeze({ ...cycle, retiredAt })].sort(byRetirement).slice(0, KEPT_RETIRED_CYCLES);
  return changeOurs(database, lease, { cycle: undefined, retired: kept }) ? "saved" : "fenced";
}

function byRetirement(a: RetiredCycle, b: RetiredCycle): number {
  return b.retiredAt - a.retiredAt || descending(a.cycleId, b.cycleId);
}

function descending(a: string, b: string): number {
  return a < b ? 1 : -1;
}

/** Undefined of an entry that only carries a lease, cycles or reports: nothing is known of such a cluster. */
function knownCluster({ known }: ClusterEntry): ClusterRecord | undefined {
  return known.declaration === null && known.reached === null && known.hold === null ? undefined : { ...known };
}

function saveReached(database: MemoryDatabase, lease: Lease, reached: string): FencedAnswer {
  const { known } = entryOf(database, lease.clusterId);
  return changeOurs(database, lease, { known: { ...known, reached } }) ? "saved" : "fenced";
}

function listClusters(database: MemoryDatabase, after = "", limit = PAGE_SIZE): readonly ClusterRecord[] {
  const following = [...database.clusters.keys()].filter((id) => id > after).sort();
  return following.flatMap((id) => knownCluster(entryOf(database, id)) ?? []).slice(0, limit);
}

function addReport(database: MemoryDatabase, report: StoredReport): void {
  const { reports } = entryOf(database, report.clusterId);
  if (reports.some(({ reportId }) => reportId === report.reportId)) return;
  const kept = [...reports, Object.freeze({ ...report })].sort(byFinish).slice(0, KEPT_REPORTS);
  change(database, report.clusterId, { reports: kept });
}

function byFinish(a: StoredReport, b: StoredReport): number {
  return b.finishedAt - a.finishedAt || descending(a.reportId, b.reportId);
}

function listReports(
  database: MemoryDatabase,
  clusterId: string,
  { since = 0, limit = PAGE_SIZE }: { readonly since?: number; readonly limit?: number } = {},
): readonly StoredReport[] {
  return entryOf(database, clusterId)
    .reports.filter(({ finishedAt }) => finishedAt >= since)
    .slice(0, limit);
}
