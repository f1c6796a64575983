import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { HUB_TABLE } from "../../runtime/ports/hub-table.js";

/** Creates an empty table as the hub's stack would, on demand; without TTL, for tests' instants lie long ago. */
export async function createHubTable(client: DynamoDBClient, name: string): Promise<void> {
  const schema = (hashKey: string, rangeKey: string) => [
    { AttributeName: hashKey, KeyType: "HASH" as const },
    { AttributeName: rangeKey, KeyType: "RANGE" as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: HUB_TABLE.attributes.map(({ name, type }) => ({
        AttributeName: name,
        AttributeType: type,
      })),
      KeySchema: schema(HUB_TABLE.hashKey, HUB_TABLE.rangeKey),
      GlobalSecondaryIndexes: HUB_TABLE.indexes.map(({ name, hashKey, rangeKey, projection }) => ({
        IndexName: name,
        KeySchema: schema(hashKey, rangeKey),
        Projection: { ProjectionType: projection },
      })),
    }),
  );
}
