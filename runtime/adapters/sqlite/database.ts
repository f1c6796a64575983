import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { isBusy, translateFault } from "./failures.js";
import { migrate } from "./schema.js";

/** How long a call waits for another process's write; writes take milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;
const RETRY_PAUSE_MS = 20;

/**
 * Opens the state file, creating it and its folder (for this user only) when missing, and proves that it can be
 * written. Several processes may do so at once.
 *
 * @param file absolute path: SQLite gives names such as `:memory:` a meaning of their own.
 * @throws `Failure` store-unavailable
 */
export function openDatabase(file: string, busyTimeoutMs: number = BUSY_TIMEOUT_MS): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return prepareFile(new DatabaseSync(file, { timeout: busyTimeoutMs }), file, busyTimeoutMs);
  } catch (error) {
    throw translateFault(file, error);
  }
}

function prepareFile(database: DatabaseSync, file: string, busyTimeoutMs: number): DatabaseSync {
  try {
    // A commit must survive a power cut: the snapshot is durable before the first change (safe-cycle H2).
    database.exec("PRAGMA synchronous = FULL");
    transaction(database, () => migrate(database, file));
    // Only now: the mode stays in the file, and the file may have turned out to be another program's.
    useWriteAheadLog(database, busyTimeoutMs / RETRY_PAUSE_MS);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Readers then never wait for the writer. SQLite ignores the busy timeout in this one statement, so we wait ourselves. */
function useWriteAheadLog(database: DatabaseSync, retries: number): void {
  for (let attempt = 0; ; attempt++) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || attempt >= retries) throw error;
      pause(RETRY_PAUSE_MS);
    }
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/**
 * Runs `work` as one write, or not at all. The write lock is taken first: a transaction that reads and then writes
 * would fail, not wait, when another process wrote in between.
 */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
