import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { startDynamoDbLocal, whyNoDynamoDbLocal } from "../lab/dynamodb-local.js";
import { startProcessGroup } from "../lab/process/process-group.js";
import { describeDynamoCosts } from "./dynamodb-costs.js";
import { describeDynamoStore } from "./dynamodb.js";

// A test that is skipped fails the run, and it should: so where there is no Java, there is none.
const whyNot = await whyNoDynamoDbLocal();
if (whyNot === undefined) {
  describe("on DynamoDB Local", function () {
    this.timeout(120_000);
    const running = new AsyncDisposableStack();
    let client: DynamoDBClient;
    let metered: DynamoDBClient;

    before(async () => {
      const processes = await startProcessGroup();
      running.defer(() => processes.stop());
      const local = await startDynamoDbLocal(processes);
      [client, metered] = [local.client(), local.client()];
      running.defer(() => client.destroy());
      running.defer(() => metered.destroy());
    });
    after(() => running.disposeAsync());

    describeDynamoStore("DynamoDB Local", () => client);
    describeDynamoCosts(() => metered);
  });
} else {
  process.stdout.write(`Not on DynamoDB Local: ${whyNot} The same suites run on the emulator.\n`);
}
