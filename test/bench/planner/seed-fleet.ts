import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import pLimit from "p-limit";

import { entryAttributes, newEntry } from "../../../runtime/adapters/dynamodb/fleet-entry.js";
import { encodeValues, type Item } from "../../../runtime/adapters/dynamodb/item.js";
import type { FleetEntry } from "../../../runtime/ports/index.js";

/** DynamoDB's own limit of one BatchWriteItem. */
const BATCH_SIZE = 25;
const BATCHES_AT_ONCE = 8;

/** What one cluster's entry shall say. */
export type Seed = Pick<FleetEntry, "clusterId" | "dueAt" | "wanted" | "transitionAt">;

/** Writes the entries of settled clusters past the store, which has no call for many at once. Replaces those there are. */
export async function seedFleet(
  client: DynamoDBClient,
  table: string,
  shards: number,
  seeds: readonly Seed[],
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(seeds.length / BATCH_SIZE) }, (_, index) =>
    seeds.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  );
  await pLimit(BATCHES_AT_ONCE).map(batches, async (batch) => {
    const puts = batch.map((seed) => ({ PutRequest: { Item: encodeValues(itemOf(seed, shards)) } }));
    const { UnprocessedItems = {} } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
    if (Object.keys(UnprocessedItems).length > 0) throw new Error("the table did not take a batch whole");
  });
}

function itemOf({ clusterId, ...seed }: Seed, shards: number): Item {
  const { key, set, add } = newEntry(clusterId, shards, "seeded");
  const settled = entryAttributes(clusterId, { ...seed, unconvergedSince: null, groups: 4, nodes: 20 });
  const attributes = Object.entries({ ...set, ...settled, ...add });
  return {
    ...key,
    ...Object.fromEntries(attributes.flatMap(([name, value]) => (value == null ? [] : [[name, value]]))),
  };
}
