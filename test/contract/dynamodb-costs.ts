import assert from "node:assert/strict";

import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { openDynamoStore } from "../../runtime/adapters/dynamodb/store.js";
import type { FleetStore, Ledger, StateStore } from "../../runtime/ports/index.js";
import { meterCapacity, type CapacityMeter } from "../lab/consumed-capacity.js";
import { createHubTable } from "../lab/hub-table.js";
import { ASLEEP, entryOf, register, settle } from "./fleet-store/fleet-data.js";
import { CLUSTER, CYCLE, take } from "./state-store/stored-data.js";

const KILOBYTE = "x".repeat(1_024);

/** What calls cost, counted by the database itself, indexes included. The client is this suite's alone. */
export function describeDynamoCosts(client: () => DynamoDBClient): void {
  describe("what the hub's table charges", () => {
    let meter: CapacityMeter;
    let store: StateStore & FleetStore & Ledger;
    let tables = 0;

    before(() => {
      meter = meterCapacity(client());
    });
    beforeEach(async () => {
      const table = `costs-${(tables += 1)}`;
      await createHubTable(client(), table);
      store = openDynamoStore({ region: "us-east-1", table, shards: 4, client: client() });
      meter.take();
    });

    const writeUnits = async (call: Promise<unknown>): Promise<number> => {
      meter.take();
      await call;
      const { readUnits, writeUnits } = meter.take();
      assert.equal(readUnits, 0);
      return writeUnits;
    };
    const readUnits = async (call: Promise<unknown>): Promise<number> => {
      meter.take();
      await call;
      const { readUnits, writeUnits } = meter.take();
      assert.equal(writeUnits, 0);
      return readUnits;
    };

    it("is one unit to take, renew and release a lease", async () => {
      meter.take();
      const lease = await take(store, "op-a");
      assert.deepEqual(meter.take(), { readUnits: 0, writeUnits: 1 });
      assert.equal(await writeUnits(store.renewLease(lease, 70_000)), 1);
      assert.equal(await writeUnits(store.releaseLease(lease)), 1);
    });

    it("is a checkpoint's own size, whatever the snapshot's", async () => {
      const lease = await take(store, "op-a");
      await store.openCycle(lease, { ...CYCLE, snapshot: KILOBYTE.repeat(100) });
      assert.equal(await writeUnits(store.saveProgress(lease, "cycle-1", KILOBYTE.repeat(2))), 3);
    });

    it("is four units to claim a cluster for another state: the item, its place in the due index twice, one in the other", async () => {
      await register(store);
      await settle(store);
      const entry = await entryOf(store);
      assert.equal(await writeUnits(store.claim(entry, { dueAt: 1, unconvergedSince: 5 })), 4);
      assert.equal(await writeUnits(store.settle(CLUSTER, entry.generation, ASLEEP)), 4);
    });

    it("is three units to claim and to settle what stays where it is", async () => {
      await register(store);
      const entry = await settle(store);
      assert.equal(await writeUnits(store.claim(entry, { dueAt: 1 })), 3);
      assert.equal(await writeUnits(store.settle(CLUSTER, entry.generation, ASLEEP)), 3);
    });

    it("is half a unit to find a shard with nobody due, however many wait", async () => {
      for (let index = 0; index < 50; index++) {
        const clusterId = `222222222222/eu-west-1/c${index}`;
        await register(store, clusterId);
        await settle(store, {}, clusterId);
      }
      for (const shard of [0, 1, 2, 3]) assert.ok((await readUnits(store.listDue(shard, 59_999, 1_000))) <= 0.5);
    });

    it("is nothing for reports and snapshots when clusters are listed", async () => {
      await register(store);
      const lease = await take(store, "op-a");
      await store.openCycle(lease, { ...CYCLE, snapshot: KILOBYTE.repeat(100) });
      await store.addReport({ clusterId: CLUSTER, reportId: "r1", finishedAt: 1, body: KILOBYTE.repeat(100) });
      assert.ok((await readUnits(store.listClusters())) <= 2);
      assert.ok((await readUnits(store.listEntries())) <= 2);
      assert.ok((await readUnits(store.listUnconverged())) <= 2);
    });

    it("is one unit to go on with a ledger page, which no list's index hears of", async () => {
      await store.write("pace/x", "1", null);
      assert.equal(await writeUnits(store.write("pace/x", "2", 1)), 1);
    });
  });
}
