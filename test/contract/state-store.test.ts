import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createMemoryDatabase, createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { openSqliteStore } from "../../runtime/adapters/sqlite/state-store.js";
import { describeStateStore } from "./state-store.js";

describeStateStore("memory", () => {
  const database = createMemoryDatabase();
  return { open: () => createMemoryStore(database), dispose: () => Promise.resolve() };
});

describeStateStore("sqlite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "curfew-state-"));
  return {
    open: () => openSqliteStore(join(folder, "state.db")),
    dispose: () => rm(folder, { recursive: true }),
  };
});
