import type { DatabaseSync } from "node:sqlite";

import type { ClusterRecord, FencedAnswer, Lease, ReachedState, Registration } from "../../ports/state-store.js";
import { IS_OURS, leaseValues } from "./leases.js";
import { prepareQuery } from "./query.js";

const PAGE_SIZE = 100;

const COLUMNS = "clusterId, declaration, reached, hold";

/** False of a row that only carries a lease or a cycle: nothing is known of such a cluster. */
const IS_KNOWN = "coalesce(declaration, reached, hold) IS NOT NULL";

/** Cluster and hold calls of the port. */
export interface ClusterCalls {
  read(clusterId: string): ClusterRecord | undefined;
  register(registration: Registration): void;
  remove(clusterId: string): void;
  saveReached(lease: Lease, reached: ReachedState): FencedAnswer;
  list(after?: string, limit?: number): readonly ClusterRecord[];
  putHold(clusterId: string, hold: string): void;
  removeHold(clusterId: string): void;
}

/** The calls over an opened database; every write is one statement, `saveReached` on condition of the lease. */
export function clusterCalls(database: DatabaseSync): ClusterCalls {
  const read = prepareQuery<ClusterRecord>(
    database,
    `SELECT ${COLUMNS} FROM clusters WHERE clusterId = :clusterId AND ${IS_KNOWN}`,
  );
  const register = prepareQuery(database, REGISTER);
  const remove = prepareQuery(
    database,
    "UPDATE clusters SET declaration = NULL, registeredAt = NULL, reached = NULL, hold = NULL WHERE clusterId = :clusterId",
  );
  const saveReached = prepareQuery(database, `UPDATE clusters SET reached = :body WHERE ${IS_OURS}`);
  const list = prepareQuery<ClusterRecord>(
    database,
    `SELECT ${COLUMNS} FROM clusters WHERE clusterId > :after AND ${IS_KNOWN} ORDER BY clusterId LIMIT :limit`,
  );
  const putHold = prepareQuery(database, PUT_HOLD);
  const removeHold = prepareQuery(database, "UPDATE clusters SET hold = NULL WHERE clusterId = :clusterId");
  return {
    read: (clusterId) => read.first({ clusterId }),
    register: ({ clusterId, declaration, registeredAt }) => void register.run({ clusterId, declaration, registeredAt }),
    remove: (clusterId) => void remove.run({ clusterId }),
    // Whoever holds the lease has a row, so an update creates the record of an undeclared cluster as well.
    saveReached: (lease, { body }) => (saveReached.run({ ...leaseValues(lease), body }) > 0 ? "saved" : "fenced"),
    list: (after = "", limit = PAGE_SIZE) => list.all({ after, limit }),
    putHold: (clusterId, hold) => void putHold.run({ clusterId, hold }),
    removeHold: (clusterId) => void removeHold.run({ clusterId }),
  };
}

const REGISTER = `
  INSERT INTO clusters (clusterId, declaration, registeredAt) VALUES (:clusterId, :declaration, :registeredAt)
  ON CONFLICT (clusterId) DO UPDATE SET declaration = excluded.declaration, registeredAt = excluded.registeredAt`;

const PUT_HOLD = `
  INSERT INTO clusters (clusterId, hold) VALUES (:clusterId, :hold)
  ON CONFLICT (clusterId) DO UPDATE SET hold = excluded.hold`;
