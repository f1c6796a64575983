import type { ConsumedCapacity, DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** Units that DynamoDB charged, indexes included. */
export interface Capacity {
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Counts what every call of one client costs from now on. */
export interface CapacityMeter {
  /** What has been charged since the last time it was asked. */
  take(): Capacity;
}

const READS = /^(GetItem|BatchGetItem|Query|Scan)/;

/** Asks DynamoDB with every call of `client` to say what it charges. */
export function meterCapacity(client: DynamoDBClient): CapacityMeter {
  let readUnits = 0;
  let writeUnits = 0;
  client.middlewareStack.add(
    (next, context) => async (call) => {
      const result = await next({ ...call, input: { ...call.input, ReturnConsumedCapacity: "TOTAL" } });
      const units = unitsOf(result.output);
      if (READS.test(String(context.commandName))) readUnits += units;
      else writeUnits += units;
      return result;
    },
    { step: "initialize", name: "meterCapacity" },
  );
  return {
    take() {
      const taken = { readUnits, writeUnits };
      readUnits = 0;
      writeUnits = 0;
      return taken;
    },
  };
}

/** One table's, or one of several as batches and transactions have it. */
function unitsOf(output: object): number {
  const { ConsumedCapacity: consumed } = output as { ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] };
  return [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
