import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { openDynamoStore } from "../../runtime/adapters/dynamodb/store.js";
import type { FleetStore, Ledger, StateStore } from "../../runtime/ports/index.js";
import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { createHubTable } from "../lab/hub-table.js";
import { describeFleetStore } from "./fleet-store.js";
import { describeLedger } from "./ledger.js";
import { describeStateStore } from "./state-store.js";
import { describeFleetTwins } from "./store-twins.js";

let tables = 0;

/** Every port that the hub's table serves, each test on a new table. `client` is asked once the server runs. */
export function describeDynamoStore(name: string, client: () => DynamoDBClient): void {
  const create = () => createSubject(client());
  describeStateStore(name, create);
  describeFleetStore(name, create);
  describeLedger(name, create);
  describeTwins(name, create);
}

function describeTwins(name: string, create: () => ReturnType<typeof createSubject>): void {
  describe("beside memory", () => {
    let store: StateStore & FleetStore;
    before(async () => {
      store = (await create()).open();
    });
    after(() => store.close());
    describeFleetTwins(name, () => [store, createMemoryStore()], 12);
  });
}

async function createSubject(client: DynamoDBClient): Promise<{
  readonly open: () => StateStore & FleetStore & Ledger;
  readonly dispose: () => Promise<void>;
}> {
  const table = `hub-${(tables += 1)}`;
  await createHubTable(client, table);
  return {
    open: () => openDynamoStore({ region: "us-east-1", table, shards: 4, client }),
    dispose: () => Promise.resolve(),
  };
}
