import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { packagePath } from "../lab/package-path.js";
import {
  createPulumiWorkspace,
  type PulumiResult,
  type PulumiWorkspace,
  type StateResource,
} from "../lab/pulumi/index.js";

const TYPE = "pulumi-nodejs:dynamic/curfew:ClusterSchedule";

/** A stack file; clusters as `name schedule [region]`. */
const stackFile = (...clusters: readonly string[]): string => `config:
  curfew:schedules:
    always: { timezone: UTC, awake: always }
    all-day: { timezone: UTC, awake: ["00:00-24:00"] }
  curfew:clusters:
${clusters
  .map((line) => line.split(" "))
  .map(
    ([name, schedule, region = "eu-west-1"]) =>
      `    - { name: ${name}, account: "111111111111", region: ${region}, schedule: ${schedule} }`,
  )
  .join("\n")}
`;

function succeeded({ exitCode, output }: PulumiResult): string {
  assert.equal(exitCode, 0, output);
  return output;
}

async function stackFiles(): Promise<readonly (readonly [string, string])[]> {
  const folder = packagePath("stacks");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const));
}

async function clustersOf(workspace: PulumiWorkspace): Promise<readonly StateResource[]> {
  return (await workspace.resources()).filter(({ type }) => type === TYPE);
}

describe("the stack in the real engine", function () {
  this.timeout(180_000);

  let workspace: PulumiWorkspace;

  /** Simulated clusters begin anew with every process of the provider, so those of these stacks are to be awake. */
  const open = async (environment: Readonly<Record<string, string>> = {}, stackFilePath?: string) => {
    workspace = await createPulumiWorkspace({
      environment: { CURFEW_CONNECTOR: "memory", ...environment },
      ...(stackFilePath === undefined ? {} : { stackFile: stackFilePath }),
    });
  };

  afterEach(() => workspace.remove());

  it("creates, rests, updates, replaces, refreshes and destroys", async () => {
    await open();
    await workspace.writeConfig(stackFile("pay always", "shop always"));
    assert.match(succeeded(await workspace.up()), /\+ 3 created/);
    const { clusters } = await workspace.outputs();
    assert.deepEqual((JSON.parse(clusters as string) as readonly unknown[])[0], {
      cluster: "pay",
      account: "111111111111",
      region: "eu-west-1",
      schedule: "always",
      state: "running",
      wanted: "running",
      nextTransitionAt: null,
      rule: "awake: always",
    });
    assert.match(succeeded(await workspace.up()), /3 unchanged/);
    for (const resource of await clustersOf(workspace)) {
      // The backend writes the whole state again around every step.
      assert.ok(JSON.stringify(resource).length <= 5_120, "a cluster takes more than 5 KB of state");
    }

    await workspace.setConfig("curfew:clusters[0].schedule", "all-day");
    assert.match(succeeded(await workspace.preview()), /~ 1 to update\n\s+2 unchanged/);
    assert.match(succeeded(await workspace.up()), /~ 1 updated\n\s+2 unchanged/);

    await workspace.setConfig("curfew:clusters[1].region", "eu-west-2");
    assert.match(succeeded(await workspace.up()), /shop deleted original[^]*shop created replacement[^]*1 replaced/);
    assert.deepEqual((await clustersOf(workspace)).map(({ id }) => id).toSorted(), [
      "111111111111/eu-west-1/pay",
      "111111111111/eu-west-2/shop",
    ]);

    assert.match(succeeded(await workspace.refresh()), /3 unchanged/);
    succeeded(await workspace.destroy());
    assert.deepEqual(await workspace.resources(), []);
  });

  it("renames the resource, and does not touch its cluster, when a namesake comes", async () => {
    await open();
    await workspace.writeConfig(stackFile("pay always"));
    succeeded(await workspace.up());
    await workspace.writeConfig(stackFile("pay always", "pay always eu-west-2"));
    assert.match(succeeded(await workspace.up()), /\+ 1 created\n\s+2 unchanged/);
  });

  it("keeps what failed, and the next up goes on with an update", async () => {
    const aws = await startMuteAws();
    try {
      await open({ CURFEW_CONNECTOR: "", ...aws.environment });
      await workspace.writeConfig(stackFile("pay always"));
      const failed = await workspace.up();
      assert.notEqual(failed.exitCode, 0);
      assert.match(failed.output, /111111111111\/eu-west-1\/pay: failed: \[role-refused\]/);
      const [kept] = await clustersOf(workspace);
      assert.equal(kept?.id, "111111111111/eu-west-1/pay");
      assert.equal(kept.initErrors?.length, 1);
      assert.equal(kept.outputs?.["lastResult"], "failed");
      assert.match((await workspace.preview()).output, /~ 1 to update/);
      const again = await workspace.up();
      assert.match(again.output, /ClusterSchedule pay \*\*updating failed\*\*/);
      succeeded(await workspace.destroy());
    } finally {
      aws.server.close();
    }
  });

  it("refuses a wrong config before anything happens", async () => {
    await open();
    await workspace.writeConfig(stackFile("pay sometimes"));
    const { exitCode, output } = await workspace.up();
    assert.notEqual(exitCode, 0);
    assert.match(output, /curfew:clusters\[0\]\.schedule no schedule is called "sometimes"/);
    assert.doesNotMatch(output, /at .*\.js:\d+/);
    assert.deepEqual(await clustersOf(workspace), []);
  });

  it("plans the worked example", async () => {
    await open({}, packagePath("stacks", "Pulumi.dev.yaml"));
    assert.match(succeeded(await workspace.preview()), /\+ 4 to create/);
  });

  it("leaves the committed stack files as they are", async () => {
    const before = await stackFiles();
    await open();
    await workspace.setConfig("curfew:minimumWindowMinutes", "45");
    succeeded(await workspace.preview());
    assert.deepEqual(await stackFiles(), before);
  });
});

/** An AWS that refuses every role. */
async function startMuteAws(): Promise<{
  readonly server: Server;
  readonly environment: Readonly<Record<string, string>>;
}> {
  const refusal =
    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>";
  const server = createServer((_request, response) => void response.writeHead(403).end(refusal));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const environment = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "hub",
    AWS_SECRET_ACCESS_KEY: "hub",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return { server, environment };
}
