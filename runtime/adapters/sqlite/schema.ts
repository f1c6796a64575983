import type { DatabaseSync } from "node:sqlite";

import { STATE_SETTING, unavailable } from "./failures.js";

/** Marks our files in `PRAGMA application_id`: "CRFW". */
const APPLICATION_ID = 0x43524657;

/**
 * Step n brings a file from version n to n + 1; released steps never change.
 * Columns carry the names of the port's records. One row of `clusters` holds all that a fenced write touches,
 * lease included, so that "is the lease still ours" and the write are one condition on one row. The row outlives its
 * declaration: the fence in it may never go down.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE clusters (
    clusterId TEXT NOT NULL PRIMARY KEY,
    declaration TEXT, registeredAt INTEGER, reached TEXT, hold TEXT,
    holder TEXT, fence INTEGER NOT NULL DEFAULT 0, expiresAt INTEGER,
    cycleId TEXT, openedAt INTEGER, snapshot TEXT, progress TEXT
  ) STRICT;
  CREATE TABLE retiredCycles (
    clusterId TEXT NOT NULL, cycleId TEXT NOT NULL, openedAt INTEGER NOT NULL,
    snapshot TEXT NOT NULL, progress TEXT NOT NULL, retiredAt INTEGER NOT NULL,
    PRIMARY KEY (clusterId, cycleId)
  ) STRICT;
  CREATE INDEX retiredCyclesByTime ON retiredCycles (clusterId, retiredAt, cycleId);
  CREATE TABLE reports (
    clusterId TEXT NOT NULL, reportId TEXT NOT NULL, finishedAt INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (clusterId, reportId)
  ) STRICT;
  CREATE INDEX reportsByTime ON reports (clusterId, finishedAt, reportId);
  `,
];

/**
 * Brings the file to this version's schema; call it inside a write transaction.
 * `Failure` store-unavailable when the file is a newer Curfew's or another program's.
 */
export function migrate(database: DatabaseSync, file: string): void {
  const version = pragma(database, "user_version");
  if (isForeign(database)) throw foreignFile(file);
  if (version > MIGRATIONS.length) throw newerFile(file, version);
  for (const step of MIGRATIONS.slice(version)) database.exec(step);
  // Written even when nothing changes: on a file that may only be read BEGIN IMMEDIATE succeeds, a write does not.
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
}

function isForeign(database: DatabaseSync): boolean {
  const isEmpty = database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
  return !isEmpty && pragma(database, "application_id") !== APPLICATION_ID;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function foreignFile(file: string): Error {
  return unavailable(
    `${file} is a SQLite database of another program.`,
    `Point ${STATE_SETTING} at a file of Curfew's own.`,
  );
}

function newerFile(file: string, version: number): Error {
  return unavailable(
    `The state store ${file} was written by a newer Curfew (schema ${version}, this one knows ${MIGRATIONS.length}).`,
    `Update Curfew to the version that wrote it, or point ${STATE_SETTING} at another file.`,
  );
}
