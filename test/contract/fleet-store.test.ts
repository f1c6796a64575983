import { createMemoryDatabase, createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { describeFleetStore } from "./fleet-store.js";
import { describeLedger } from "./ledger.js";

describeFleetStore("memory", () => {
  const database = createMemoryDatabase(4);
  return { open: () => createMemoryStore(database), dispose: () => Promise.resolve() };
});

describeLedger("memory", () => {
  const database = createMemoryDatabase();
  return { open: () => createMemoryStore(database), dispose: () => Promise.resolve() };
});
