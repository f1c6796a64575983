import type { DatabaseSync } from "node:sqlite";

import { KEPT_REPORTS, type StoredReport } from "../../ports/state-store.js";
import { transaction } from "./database.js";
import { prepareQuery } from "./query.js";

const PAGE_SIZE = 100;

/** Report calls of the port. */
export interface ReportCalls {
  add(report: StoredReport): void;
  list(clusterId: string, options?: { readonly since?: number; readonly limit?: number }): readonly StoredReport[];
}

/** The calls over an opened database. */
export function reportCalls(database: DatabaseSync): ReportCalls {
  const add = prepareQuery(
    database,
    `INSERT INTO reports (clusterId, reportId, finishedAt, body) VALUES (:clusterId, :reportId, :finishedAt, :body)
     ON CONFLICT (clusterId, reportId) DO NOTHING`,
  );
  const trim = prepareQuery(database, TRIM);
  const list = prepareQuery<StoredReport>(
    database,
    `SELECT clusterId, reportId, finishedAt, body FROM reports WHERE clusterId = :clusterId AND finishedAt >= :since
     ORDER BY finishedAt DESC, reportId DESC LIMIT :limit`,
  );
  return {
    add: ({ clusterId, reportId, finishedAt, body }) =>
      transaction(database, () => {
        const added = add.run({ clusterId, reportId, finishedAt, body });
        if (added > 0) trim.run({ clusterId, kept: KEPT_REPORTS });
      }),
    list: (clusterId, { since = 0, limit = PAGE_SIZE } = {}) => list.all({ clusterId, since, limit }),
  };
}

/** Without a report beyond those kept the inner query has no row, and nothing compares to that. */
const TRIM = `
  DELETE FROM reports WHERE clusterId = :clusterId AND (finishedAt, reportId) <= (
    SELECT finishedAt, reportId FROM reports WHERE clusterId = :clusterId
    ORDER BY finishedAt DESC, reportId DESC LIMIT 1 OFFSET :kept)`;
