import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { openSqliteStore } from "../../runtime/adapters/sqlite/state-store.js";
import type { StateStore } from "../../runtime/ports/index.js";
import { describeStateTwins } from "../contract/store-twins.js";

describe("stores on this computer", () => {
  let folder: string;
  let sqlite: StateStore;
  let memory: StateStore;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "curfew-twins-"));
    sqlite = openSqliteStore(join(folder, "state.db"));
    memory = createMemoryStore();
  });

  after(async () => {
    await Promise.all([sqlite.close(), memory.close()]);
    rmSync(folder, { recursive: true });
  });

  describeStateTwins("sqlite and memory", () => [sqlite, memory], 60);
});
