import type { DatabaseSync } from "node:sqlite";

import type { StoredReport } from "../../ports/state-store.js";
import { prepareQuery } from "./query.js";

const PAGE_SIZE = 100;

/** Report calls of the port. */
export interface ReportCalls {
  add(report: StoredReport): void;
  list(clusterId: string, options?: { readonly since?: number; readonly limit?: number }): readonly StoredReport[];
}

/**
 * DynamoDB: add is PutItem `REPORT#<reportId>` if `attribute_not_exists`; list is a Query, newest first,
 * over a local index on `finishedAt`.
 */
export function reportCalls(database: DatabaseSync): ReportCalls {
  const add = prepareQuery(
    database,
    `INSERT INTO reports (clusterId, reportId, finishedAt, body) VALUES (:clusterId, :reportId, :finishedAt, :body)
     ON CONFLICT (clusterId, reportId) DO NOTHING`,
  );
  const list = prepareQuery<StoredReport>(
    database,
    `SELECT clusterId, reportId, finishedAt, body FROM reports WHERE clusterId = :clusterId AND finishedAt >= :since
     ORDER BY finishedAt DESC, reportId DESC LIMIT :limit`,
  );
  return {
    add: ({ clusterId, reportId, finishedAt, body }) => void add.run({ clusterId, reportId, finishedAt, body }),
    list: (clusterId, { since = 0, limit = PAGE_SIZE } = {}) => list.all({ clusterId, since, limit }),
  };
}
