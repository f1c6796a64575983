import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import type { FleetStore, Ledger, StateStore } from "../../ports/index.js";
import { clusterCalls } from "./clusters.js";
import { cycleCalls } from "./cycles.js";
import { translateFault, type TablePlace } from "./failures.js";
import { fleetCalls } from "./fleet.js";
import { leaseCalls } from "./leases.js";
import { ledgerCalls } from "./ledger.js";
import { reportCalls } from "./reports.js";
import { openTable } from "./table.js";

/** A socket that hangs must not eat a Lambda's time: the SDK waits for ever unless told, and sends again when it gives up. */
const PATIENCE = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true } as const;

/** Which table, and how it is reached. */
export interface DynamoStoreOptions extends TablePlace {
  /** Shards of the due index: the same number for everybody who writes to the table. */
  readonly shards: number;
  /** Used and left open; absent: one of its own, with the ambient credentials. */
  readonly client?: DynamoDBClient;
}

/**
 * The hub's store: one DynamoDB table as `HUB_TABLE` defines it. Makes no call by itself. Every call throws `Failure`
 * store-unavailable when the table cannot be used, is throttled beyond the SDK's retries, or does not exist.
 */
export function openDynamoStore({
  region,
  table: name,
  shards,
  client,
}: DynamoStoreOptions): StateStore & FleetStore & Ledger {
  const used = client ?? new DynamoDBClient({ region, requestHandler: PATIENCE });
  let isClosed = false;
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isClosed) throw new Error(`the store on table ${name} is closed`);
    try {
      return await work();
    } catch (error) {
      throw translateFault({ region, table: name }, error);
    }
  };
  const table = openTable(used, name);
  const leases = leaseCalls(table);
  const cycles = cycleCalls(table);
  const clusters = clusterCalls(table, shards);
  const reports = reportCalls(table);
  const fleet = fleetCalls(table);
  const ledger = ledgerCalls(table);
  return {
    shards,
    acquireLease: (request) => attempt(() => leases.acquireLease(request)),
    renewLease: (lease, expiresAt) => attempt(() => leases.renewLease(lease, expiresAt)),
    releaseLease: (lease) => attempt(() => leases.releaseLease(lease)),
    readCycle: (clusterId) => attempt(() => cycles.readCycle(clusterId)),
    openCycle: (lease, cycle) => attempt(() => cycles.openCycle(lease, cycle)),
    saveProgress: (lease, cycleId, progress) => attempt(() => cycles.saveProgress(lease, cycleId, progress)),
    retireCycle: (lease, cycleId, retiredAt) => attempt(() => cycles.retireCycle(lease, cycleId, retiredAt)),
    listRetiredCycles: (clusterId, limit) => attempt(() => cycles.listRetiredCycles(clusterId, limit)),
    readCluster: (clusterId) => attempt(() => clusters.readCluster(clusterId)),
    registerCluster: (registration) => attempt(() => clusters.registerCluster(registration)),
    removeCluster: (clusterId) => attempt(() => clusters.removeCluster(clusterId)),
    saveReached: (lease, reached) => attempt(() => clusters.saveReached(lease, reached)),
    listClusters: (after, limit) => attempt(() => clusters.listClusters(after, limit)),
    putHold: (clusterId, hold) => attempt(() => clusters.putHold(clusterId, hold)),
    removeHold: (clusterId) => attempt(() => clusters.removeHold(clusterId)),
    addReport: (report) => attempt(() => reports.addReport(report)),
    listReports: (clusterId, options) => attempt(() => reports.listReports(clusterId, options)),
    readEntry: (clusterId) => attempt(() => fleet.readEntry(clusterId)),
    listDue: (shard, until, limit) => attempt(() => fleet.listDue(shard, until, limit)),
    claim: (entry, claim) => attempt(() => fleet.claim(entry, claim)),
    settle: (clusterId, generation, settlement) => attempt(() => fleet.settle(clusterId, generation, settlement)),
    makeDue: (clusterId, at) => attempt(() => fleet.makeDue(clusterId, at)),
    listUnconverged: (after, limit) => attempt(() => fleet.listUnconverged(after, limit)),
    listEntries: (after, limit) => attempt(() => fleet.listEntries(after, limit)),
    read: (key) => attempt(() => ledger.read(key)),
    write: (key, body, revision) => attempt(() => ledger.write(key, body, revision)),
    list: (prefix) => attempt(() => ledger.list(prefix)),
    close: () => {
      isClosed = true;
      if (client === undefined) used.destroy();
      return Promise.resolve();
    },
  };
}
