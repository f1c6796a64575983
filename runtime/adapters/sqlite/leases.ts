import type { DatabaseSync } from "node:sqlite";

import type { Lease, LeaseAnswer, LeaseRequest } from "../../ports/state-store.js";
import { transaction } from "./database.js";
import { prepareQuery, type Query } from "./query.js";

/** True of a cluster's row while the lease is ours. An expired lease that nobody took is still ours. */
export const IS_OURS = "clusterId = :clusterId AND holder = :operationId AND fence = :fence";

/** The values that {@link IS_OURS} needs. */
export function leaseValues({ clusterId, operationId, fence }: Lease): {
  clusterId: string;
  operationId: string;
  fence: number;
} {
  return { clusterId, operationId, fence };
}

/** Whether a lease is still ours; for telling apart why a conditional write changed nothing. */
export function prepareIsOurs(database: DatabaseSync): (lease: Lease) => boolean {
  const query = prepareQuery(database, `SELECT 1 FROM clusters WHERE ${IS_OURS}`);
  return (lease) => query.first(leaseValues(lease)) !== undefined;
}

/** Lease calls of the port. */
export interface LeaseCalls {
  acquire(request: LeaseRequest): LeaseAnswer;
  renew(lease: Lease, expiresAt: number): "renewed" | "lost";
  release(lease: Lease): void;
}

/** The calls over an opened database. A release removes the holder and keeps the fence, which may never go down. */
export function leaseCalls(database: DatabaseSync): LeaseCalls {
  const take = prepareQuery<{ fence: number }>(database, TAKE);
  const holder = prepareQuery<{ holder: string; expiresAt: number }>(
    database,
    "SELECT holder, expiresAt FROM clusters WHERE clusterId = :clusterId AND holder IS NOT NULL",
  );
  const renew = prepareQuery(database, `UPDATE clusters SET expiresAt = :expiresAt WHERE ${IS_OURS}`);
  const release = prepareQuery(database, `UPDATE clusters SET holder = NULL, expiresAt = NULL WHERE ${IS_OURS}`);
  return {
    // One transaction, so that a refusal names the holder that refused.
    acquire: (request) => transaction(database, () => acquire(take, holder, request)),
    renew: (lease, expiresAt) => (renew.run({ ...leaseValues(lease), expiresAt }) > 0 ? "renewed" : "lost"),
    release: (lease) => void release.run(leaseValues(lease)),
  };
}

/** `holder IS NOT :operationId` is 1 when the holder changes, nobody included; SET still sees the old holder. */
const TAKE = `
  INSERT INTO clusters (clusterId, holder, fence, expiresAt) VALUES (:clusterId, :operationId, 1, :expiresAt)
  ON CONFLICT (clusterId) DO UPDATE
    SET fence = fence + (holder IS NOT :operationId), holder = :operationId, expiresAt = :expiresAt
    WHERE holder IS NULL OR holder = :operationId OR clusters.expiresAt <= :now
  RETURNING fence`;

function acquire(
  take: Query<{ fence: number }>,
  holder: Query<{ holder: string; expiresAt: number }>,
  { clusterId, operationId, now, expiresAt }: LeaseRequest,
): LeaseAnswer {
  const taken = take.first({ clusterId, operationId, now, expiresAt });
  if (taken) return { kind: "acquired", lease: { clusterId, operationId, fence: taken.fence }, expiresAt };
  const held = holder.first({ clusterId });
  if (!held) throw new Error(`the lease of ${clusterId} was refused, but nobody holds it`);
  return { kind: "held", ...held };
}
