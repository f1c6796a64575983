import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CloudWatchClient, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { build } from "esbuild";

import { startLab, type Lab } from "../index.js";
import { packagePath } from "../package-path.js";
import { createPulumiWorkspace, type PulumiWorkspace } from "../pulumi/index.js";
import { until } from "../until.js";
import { administratorOf } from "./hub-lab.js";

const REGION = "eu-west-1";
const SPOKE = "222222222222";
const STACK_FOLDER = ["test", "lab", "hub", "relay-stack"] as const;

/** The real engine, the stand-in provider, the emulator's Scheduler, Lambda, SQS, STS and DynamoDB: no part is ours to fake. */
describe("a stack of AWS resources on the lab", function () {
  this.timeout(180_000);
  let folder: string;
  let lab: Lab;
  let stack: PulumiWorkspace;
  let config: ReturnType<typeof administratorOf>;
  let clients: { readonly dynamodb: DynamoDBClient; readonly lambda: LambdaClient; readonly sqs: SQSClient };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "curfew-relay-"));
    for (const name of ["tick", "work"]) {
      await build({
        entryPoints: [packagePath(...STACK_FOLDER, `${name}.ts`)],
        outfile: join(folder, name, "index.mjs"),
        bundle: true,
        platform: "node",
        format: "esm",
        banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      });
    }
    lab = await startLab({ clusters: [] });
    await lab.aws.createRole(`arn:aws:iam::${SPOKE}:role/relay`);
    await lab.aws.setTiming({ minuteMs: 1_000 });
    config = administratorOf(lab, REGION);
    clients = { dynamodb: new DynamoDBClient(config), lambda: new LambdaClient(config), sqs: new SQSClient(config) };
    stack = await createPulumiWorkspace({
      environment: { ...lab.environment, AWS_REGION: REGION },
      project: packagePath(...STACK_FOLDER),
      programs: [packagePath("test", "lab", "aws-plugin")],
    });
    await stack.writeConfig(
      `config:\n  curfew-lab-relay:bundles: ${folder}\n  curfew-lab-relay:spokeRole: arn:aws:iam::${SPOKE}:role/relay\n`,
    );
  });
  after(async () => {
    Object.values(clients).forEach((client) => client.destroy());
    await stack.remove();
    await lab.stop();
    await rm(folder, { recursive: true });
  });

  async function assertRefused(why: RegExp): Promise<void> {
    const { exitCode, output: text } = await stack.up();
    assert.notEqual(exitCode, 0);
    assert.match(text, why);
  }

  async function output(name: string): Promise<string> {
    return (await stack.outputs())[name] as string;
  }

  it("comes up: every tick crosses two functions and a queue into another account", async () => {
    const { exitCode, output: text } = await stack.up();
    assert.equal(exitCode, 0, text);
    assert.equal(await output("account"), "123456789012");
    assert.equal(await output("region"), REGION);
    const items = await until(async () => {
      const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName: await output("tableName") }));
      return Items.length >= 2 && Items;
    }, 60_000);
    for (const { account, partition, endpoint } of items) {
      assert.deepEqual([account?.S, partition?.N, endpoint?.S], [SPOKE, "0", lab.aws.endpointUrl]);
    }
  });

  it("puts a message that cannot be read among the dead letters, and only that one", async () => {
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: await output("queueUrl"), MessageBody: "poison" }));
    const QueueUrl = await output("deadUrl");
    const count = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] });
    await until(async () => (await clients.sqs.send(count)).Attributes?.ApproximateNumberOfMessages === "1", 60_000);
  });

  it("does nothing the second time, and changes in place what can be changed", async () => {
    const again = await stack.up();
    assert.match(again.output, /\d+ unchanged/);
    assert.doesNotMatch(again.output, /created|updated|replaced/);
    await stack.setConfig("curfew-lab-relay:visibility", "20");
    await stack.setConfig("curfew-lab-relay:timeout", "12");
    const changed = await stack.up();
    assert.equal(changed.exitCode, 0, changed.output);
    assert.match(changed.output, /3 updated/);
    const name = await output("workName");
    assert.equal((await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }))).Timeout, 12);
    const refreshed = await stack.refresh();
    assert.equal(refreshed.exitCode, 0, refreshed.output);
    assert.doesNotMatch(refreshed.output, /deleted/);
  });

  it("is refused a second mapping, and a queue that shows its messages again too early", async () => {
    await stack.setConfig("curfew-lab-relay:twice", "true");
    await assertRefused(/already exists/);
    await stack.setConfig("curfew-lab-relay:twice", "false");
    await stack.setConfig("curfew-lab-relay:visibility", "11");
    await stack.setConfig("curfew-lab-relay:batchSize", "5");
    await assertRefused(/visibility timeout: 11 seconds is less than Function timeout: 12 seconds/);
  });

  it("goes away without a trace", async () => {
    const { exitCode, output: text } = await stack.destroy();
    assert.equal(exitCode, 0, text);
    const cloudWatch = new CloudWatchClient(config);
    const [tables, functions, queues, dashboards] = await Promise.all([
      clients.dynamodb.send(new ListTablesCommand({})),
      clients.lambda.send(new ListFunctionsCommand({})),
      clients.sqs.send(new ListQueuesCommand({})),
      cloudWatch.send(new ListDashboardsCommand({})),
    ]);
    cloudWatch.destroy();
    assert.deepEqual(tables.TableNames, []);
    assert.deepEqual(functions.Functions, []);
    assert.deepEqual(queues.QueueUrls ?? [], []);
    assert.deepEqual(dashboards.DashboardEntries ?? [], []);
  });
});
