import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";

import { openDynamoStore } from "../../runtime/adapters/dynamodb/store.js";
import { clusterId } from "../../runtime/ports/index.js";
import { buildBundles, type BuiltBundles } from "../bench/cold/bundles.js";
import { startEmulatedQueues, type EmulatedQueues } from "../contract/emulated-queues.js";
import { HUB_ACCOUNT } from "../lab/emulator/emulator.js";
import { createHubTable } from "../lab/hub-table.js";
import { environmentOf } from "../lab/lab-aws.js";
import { until } from "../lab/until.js";
import { eventOf, rawRecord } from "./hub-events.js";

const TABLE = "curfew-hub";
const SHARDS = 4;
const IDENTITY = { account: HUB_ACCOUNT, region: "us-east-1", name: "payments" };

/** Calls a bundle's handler as Lambda does; the answer comes last, after what the function wrote. */
const PROGRAM = `
  const { handler } = await import(process.argv[1]);
  const answer = await handler(JSON.parse(process.argv[2]), { getRemainingTimeInMillis: () => 60_000 });
  console.log(JSON.stringify(answer ?? null));
  process.exit();
`;

describe("the bundles against the emulated cloud", function () {
  this.timeout(120_000);
  const running = new AsyncDisposableStack();
  let queues: EmulatedQueues;
  let bundles: BuiltBundles;
  let queueUrl: string;
  let store: ReturnType<typeof openDynamoStore>;

  before(async () => {
    queues = running.use(await startEmulatedQueues());
    bundles = running.use(await buildBundles());
    queueUrl = await queues.create();
    const client = running.adopt(new DynamoDBClient({}), (each) => each.destroy());
    await createHubTable(client, TABLE);
    store = openDynamoStore({ region: "us-east-1", table: TABLE, shards: SHARDS, client });
  });
  after(() => running.disposeAsync());

  /** Runs a function once, in a process of its own. Gives the objects it wrote, then its answer. */
  async function invoke(name: "planner" | "worker", event: object): Promise<readonly Record<string, unknown>[]> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", PROGRAM, pathToFileURL(bundles.path(name)).href, JSON.stringify(event)],
      {
        env: {
          ...environmentOf(queues.front),
          AWS_LAMBDA_FUNCTION_NAME: `curfew-${name}-0`,
          CURFEW_TABLE: TABLE,
          CURFEW_SHARDS: String(SHARDS),
          CURFEW_QUEUE_URLS: JSON.stringify([queueUrl]),
        },
      },
    );
    return stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it("hand a cluster from the table over the queue to a worker, which finds out that it is not there", async () => {
    const id = clusterId(IDENTITY);
    const schedule = { name: "never", minimumWindowMinutes: 30, input: { timezone: "UTC", awake: "never" } };
    const declaration = JSON.stringify({ version: 1, id, schedule });
    await store.registerCluster({ clusterId: id, declaration, registeredAt: Date.now() });

    const told = await invoke("planner", { partition: 0 });
    assert.match(String(told[0]?.["message"]), /^1 due in 1 accounts and Regions, 1 sent/);
    const lag = told.find((line) => "ConvergenceLag" in line);
    assert.deepEqual([lag?.["service"], lag?.["Region"]], ["curfew", "us-east-1"]);

    const message = await until(async () => {
      const { Messages = [] } = await queues.client.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MessageAttributeNames: ["All"] }),
      );
      return Messages[0];
    });
    const traceparent = message.MessageAttributes?.["traceparent"]?.StringValue;
    const worked = await invoke("worker", eventOf([rawRecord("m1", message.Body ?? "", traceparent)]));
    assert.deepEqual(worked.at(-1), { batchItemFailures: [] });
    const [, traceId] = traceparent?.split("-") ?? [];
    assert.ok(worked.some((line) => line["cluster"] === id && line["trace_id"] === traceId));
    const entry = await store.readEntry(id);
    assert.deepEqual([entry?.lastCode, entry?.attempts, entry?.wanted], ["cluster-not-found", 1, "hibernated"]);
  });

  it("say everything that is wrong with their environment", async () => {
    await assert.rejects(
      promisify(execFile)(
        process.execPath,
        ["--input-type=module", "--eval", PROGRAM, pathToFileURL(bundles.path("planner")).href, "{}"],
        { env: { CURFEW_TABLE: TABLE } },
      ),
      /AWS_REGION[^]*CURFEW_QUEUE_URLS/,
    );
  });
});
