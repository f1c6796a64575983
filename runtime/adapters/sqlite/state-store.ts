import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";

import type { StateStore } from "../../ports/state-store.js";
import { clusterCalls } from "./clusters.js";
import { cycleCalls } from "./cycles.js";
import { openDatabase } from "./database.js";
import { translateFault } from "./failures.js";
import { leaseCalls } from "./leases.js";
import { reportCalls } from "./reports.js";

/**
 * The state store in one SQLite file, for a laptop or a CI job. Any number of processes of one computer may share the
 * file; it must lie on a local disk. Missing folders and the file are created.
 *
 * @throws `Failure` store-unavailable when the file cannot be read and written, is damaged, or is a newer Curfew's.
 */
export function openSqliteStore(path: string): StateStore {
  const file = resolve(path);
  return sqliteStore(openDatabase(file), file);
}

/** The store over an opened database, which it closes with itself. `file` is named in failures. */
export function sqliteStore(database: DatabaseSync, file: string): StateStore {
  const leases = leaseCalls(database);
  const cycles = cycleCalls(database);
  const clusters = clusterCalls(database);
  const reports = reportCalls(database);
  const attempt = <T>(work: () => T): Promise<T> =>
    new Promise((settle) => {
      try {
        settle(work());
      } catch (error) {
        throw translateFault(file, error);
      }
    });
  return {
    acquireLease: (request) => attempt(() => leases.acquire(request)),
    renewLease: (lease, expiresAt) => attempt(() => leases.renew(lease, expiresAt)),
    releaseLease: (lease) => attempt(() => leases.release(lease)),
    readCycle: (clusterId) => attempt(() => cycles.read(clusterId)),
    openCycle: (lease, cycle) => attempt(() => cycles.open(lease, cycle)),
    saveProgress: (lease, cycleId, progress) => attempt(() => cycles.saveProgress(lease, cycleId, progress)),
    retireCycle: (lease, cycleId, retiredAt) => attempt(() => cycles.retire(lease, cycleId, retiredAt)),
    listRetiredCycles: (clusterId, limit) => attempt(() => cycles.listRetired(clusterId, limit)),
    readCluster: (clusterId) => attempt(() => clusters.read(clusterId)),
    registerCluster: (registration) => attempt(() => clusters.register(registration)),
    removeCluster: (clusterId) => attempt(() => clusters.remove(clusterId)),
    saveReached: (lease, reached) => attempt(() => clusters.saveReached(lease, reached)),
    listClusters: (after, limit) => attempt(() => clusters.list(after, limit)),
    putHold: (clusterId, hold) => attempt(() => clusters.putHold(clusterId, hold)),
    removeHold: (clusterId) => attempt(() => clusters.removeHold(clusterId)),
    addReport: (report) => attempt(() => reports.add(report)),
    listReports: (clusterId, options) => attempt(() => reports.list(clusterId, options)),
    close: () => attempt(() => close(database)),
  };
}

function close(database: DatabaseSync): void {
  if (database.isOpen) database.close();
}
