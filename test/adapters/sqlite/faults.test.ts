import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { openDatabase } from "../../../runtime/adapters/sqlite/database.js";
import { openSqliteStore, sqliteStore } from "../../../runtime/adapters/sqlite/state-store.js";
import { isFailure } from "../../../runtime/ports/failure.js";

const CLUSTER = "222222222222/eu-west-1/payments-dev";

/** That `error` is store-unavailable, says `message`, and tells both names of the path setting. */
function isUnavailable(message: RegExp, remedy: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(isFailure(error), String(error));
    assert.equal(error.code, "store-unavailable");
    assert.match(error.message, message);
    assert.match(error.remedy, remedy);
    assert.match(error.remedy, /CURFEW_STATE \(or curfew:state in the stack config\)/);
    return true;
  };
}

/** Runs `work` without root's right to write everywhere. Only for work that is done when it returns. */
function asOrdinaryUser<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("sqlite store and its file", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "curfew-file-"));
    file = join(folder, "state.db");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function inDatabase(work: (database: DatabaseSync) => void): void {
    const database = new DatabaseSync(file);
    try {
      work(database);
    } finally {
      database.close();
    }
  }

  it("creates missing folders for this user only", async () => {
    await openSqliteStore(join(folder, "a", "b", "state.db")).close();
    assert.equal(statSync(join(folder, "a", "b")).mode & 0o777, 0o700);
  });

  it("takes a path such as :memory: for a file's name", async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      await openSqliteStore(":memory:").close();
    } finally {
      process.chdir(before);
    }
    assert.ok(statSync(join(folder, ":memory:")).size > 0);
  });

  it("writes ahead, durably, and lets another process read meanwhile", () => {
    const database = openDatabase(file);
    assert.equal(database.prepare("PRAGMA journal_mode").get()?.["journal_mode"], "wal");
    assert.equal(database.prepare("PRAGMA synchronous").get()?.["synchronous"], 2);
    database.exec("BEGIN IMMEDIATE");
    inDatabase((reader) => assert.deepEqual(reader.prepare("SELECT * FROM clusters").all(), []));
    database.close();
  });

  it("notes its schema version and finds it again", async () => {
    for (let opening = 0; opening < 2; opening++) await openSqliteStore(file).close();
    inDatabase((database) => assert.equal(database.prepare("PRAGMA user_version").get()?.["user_version"], 1));
  });

  it("refuses a newer Curfew's file, and leaves it as it is", async () => {
    await openSqliteStore(file).close();
    inDatabase((database) => database.exec("PRAGMA user_version = 2"));
    const before = readFileSync(file);
    assert.throws(
      () => openSqliteStore(file),
      isUnavailable(/newer Curfew \(schema 2, this one knows 1\)/, /Update Curfew/),
    );
    assert.deepEqual(readFileSync(file), before);
  });

  it("refuses another program's database, and leaves it as it is", () => {
    inDatabase((database) => database.exec("CREATE TABLE recipes (name TEXT)"));
    const before = readFileSync(file);
    assert.throws(() => openSqliteStore(file), isUnavailable(/database of another program/, /a file of Curfew's own/));
    assert.deepEqual(readFileSync(file), before);
  });

  it("refuses what is no database, and leaves it as it is", () => {
    writeFileSync(file, "clusters: [payments-dev]\n".repeat(100));
    assert.throws(() => openSqliteStore(file), isUnavailable(/not a database/, /Restore the file from a backup/));
    assert.match(readFileSync(file, "utf8"), /^clusters: \[payments-dev\]/);
  });

  it("says so when pages of an opened file turn out to be damaged", async () => {
    const store = openSqliteStore(file);
    for (let index = 0; index < 200; index++) await store.putHold(`${CLUSTER}-${String(index)}`, "x".repeat(500));
    await store.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xa5, 8_192));

    const damaged = openSqliteStore(file);
    await assert.rejects(damaged.listClusters(), isUnavailable(/malformed/, /do not start with an empty one/));
    await damaged.close();
  });

  it("refuses a folder in which it may not write", () => {
    chmodSync(folder, 0o555);
    asOrdinaryUser(() => {
      assert.throws(() => openSqliteStore(file), isUnavailable(/unable to open database file/, /write access/));
      assert.throws(
        () => openSqliteStore(join(folder, "deeper", "state.db")),
        isUnavailable(/permission denied/, /write access/),
      );
    });
  });

  it("refuses a file that it may only read, before a run can rely on it", async () => {
    await openSqliteStore(file).close();
    chmodSync(file, 0o444);
    chmodSync(folder, 0o777);
    asOrdinaryUser(() =>
      assert.throws(() => openSqliteStore(file), isUnavailable(/readonly database/, /write access/)),
    );
  });

  it("refuses a path that is a folder, or leads through a file", () => {
    mkdirSync(file);
    assert.throws(() => openSqliteStore(file), isUnavailable(/unable to open/, /write access/));
    writeFileSync(join(folder, "plain"), "");
    assert.throws(
      () => openSqliteStore(join(folder, "plain", "state.db")),
      isUnavailable(/EEXIST|ENOTDIR/, /write access/),
    );
  });

  it("says so when the disk is full, keeps what it had and works again with space", async () => {
    const database = openDatabase(file);
    const store = sqliteStore(database, file);
    await store.putHold(CLUSTER, "small");
    const { page_count: pages } = database.prepare("PRAGMA page_count").get() as { page_count: number };
    database.exec(`PRAGMA max_page_count = ${String(pages)}`);

    const lease = { clusterId: CLUSTER, operationId: "op-a", fence: 1 };
    await store.acquireLease({ ...lease, now: 0, expiresAt: 60_000 });
    const cycle = { clusterId: CLUSTER, cycleId: "c1", openedAt: 0, snapshot: "x".repeat(100_000), progress: "" };
    await assert.rejects(store.openCycle(lease, cycle), isUnavailable(/full/, /Free space/));
    assert.equal(await store.readCycle(CLUSTER), undefined);
    assert.equal((await store.readCluster(CLUSTER))?.hold, "small");

    database.exec("PRAGMA max_page_count = 100000");
    assert.equal((await store.openCycle(lease, cycle)).kind, "opened");
    await store.close();
  });

  it("waits for another writer only so long", async () => {
    const blocker = openDatabase(file);
    const store = sqliteStore(openDatabase(file, 50), file);
    blocker.exec("BEGIN IMMEDIATE");
    await assert.rejects(store.putHold(CLUSTER, "x"), isUnavailable(/locked/, /Another program keeps the file locked/));
    assert.throws(() => openDatabase(file, 50), isUnavailable(/locked/, /Another program/));
    blocker.exec("COMMIT");
    await store.putHold(CLUSTER, "x");
    await store.close();
    blocker.close();
  });

  it("does not dress up a defect of its own as a fault of the disk", async () => {
    const store = openSqliteStore(file);
    const registration = { clusterId: CLUSTER, declaration: "{}", registeredAt: 0.5 };
    await assert.rejects(store.registerCluster(registration), (error) => error instanceof Error && !isFailure(error));
    await store.close();
  });
});
