import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { HUB_ACCOUNT, SECRET_ACCESS_KEY, startEmulator } from "../lab/emulator/emulator.js";
import { startProcessGroup } from "../lab/process/process-group.js";
import { resolveTool } from "../lab/tools/resolve.js";
import { describeDynamoStore } from "./dynamodb.js";

describe("on the AWS emulator", function () {
  this.timeout(120_000);
  const running = new AsyncDisposableStack();
  let client: DynamoDBClient;

  before(async () => {
    const processes = await startProcessGroup();
    running.defer(() => processes.stop());
    const emulator = await startEmulator(processes, await resolveTool("ministack"));
    running.defer(() => emulator.close());
    const credentials = { accessKeyId: HUB_ACCOUNT, secretAccessKey: SECRET_ACCESS_KEY };
    client = new DynamoDBClient({ endpoint: emulator.url, region: "us-east-1", credentials });
    running.defer(() => client.destroy());
  });
  after(() => running.disposeAsync());

  describeDynamoStore("emulated DynamoDB", () => client);
});
