import assert from "node:assert/strict";

import { packagePath } from "../lab/package-path.js";
import { createPulumiWorkspace, type PulumiResult, type PulumiWorkspace } from "../lab/pulumi/index.js";
import { runCommand } from "../lab/tools/command.js";
import { createConsumer, projectFile, type Consumer } from "./consumer.js";
import { ONE_AND_MANY, STOCK_CONFIG } from "./programs.js";

const TYPE = "pulumi-nodejs:dynamic/curfew:ClusterSchedule";

function succeeded({ exitCode, output }: PulumiResult): string {
  assert.equal(exitCode, 0, output);
  return output;
}

describe("another Pulumi project in which the package is installed", function () {
  this.timeout(180_000);
  let consumer: Consumer;
  let workspace: PulumiWorkspace | undefined;

  /** A project of the consumer's, in a folder of its own below the one that has node_modules; "" is that one itself. */
  const open = async (folder: string, config = "config: {}\n"): Promise<PulumiWorkspace> => {
    const environment = { CURFEW_CONNECTOR: "memory" };
    workspace = await createPulumiWorkspace({ environment, project: consumer.path(folder) });
    await workspace.writeConfig(config);
    return workspace;
  };
  const ids = async (stack: PulumiWorkspace) =>
    (await stack.resources()).flatMap(({ type, id = "" }) => (type === TYPE ? [id] : [])).toSorted();
  const runNode = (text: string) =>
    runCommand(process.execPath, ["--input-type=module", "--eval", text], { cwd: consumer.path() });

  before(async () => {
    consumer = await createConsumer();
  });
  afterEach(() => workspace?.remove());
  after(() => consumer[Symbol.asyncDispose]());

  it("finds types for all of it, in the strictest reading", async () => {
    await consumer.write("index.ts", ONE_AND_MANY);
    const flags = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--skipLibCheck", "false"];
    const tsc = packagePath("node_modules", "typescript", "bin", "tsc");
    const args = [tsc, ...flags, "--module", "nodenext", "--target", "es2022", "--types", "node", "index.ts"];
    await runCommand(process.execPath, args, { cwd: consumer.path() });
  });

  it("gets the same library by import and by require, and neither declares anything", async () => {
    const said = await runNode(`
      import { createRequire } from "node:module";
      const imported = await import("curfew");
      const required = createRequire(process.cwd() + "/x.js")("curfew");
      console.log(imported.Hub === required.Hub, Object.keys(imported).sort().join(" "));
    `);
    assert.equal(
      said.trim(),
      "true ClusterAccess ClusterSchedule Hub PrivateDrain SpokeRole SpokeRoles scheduleCluster scheduleClusters",
    );
  });

  it("declares, rests, refreshes and destroys its schedules in the real engine", async () => {
    await consumer.write("Pulumi.yaml", projectFile("platform"));
    const stack = await open("");
    assert.match(succeeded(await stack.up()), /\+ 3 created/);
    assert.deepEqual(await ids(stack), ["111111111111/eu-west-1/pay", "111111111111/eu-west-1/shop"]);
    const { state, rows } = await stack.outputs();
    assert.equal(state, "running");
    assert.deepEqual(rows, ["shop is running: awake: always"]);
    assert.match(succeeded(await stack.up()), /3 unchanged/);
    assert.match(succeeded(await stack.refresh()), /3 unchanged/);
    assert.match(succeeded(await stack.destroy()), /- 3 deleted/);
  });

  it("has its program in a folder below the one with node_modules", async () => {
    await consumer.write("deep/infra/Pulumi.yaml", projectFile("infra"));
    await consumer.write("deep/infra/index.ts", ONE_AND_MANY);
    const stack = await open("deep/infra");
    assert.match(succeeded(await stack.up()), /\+ 3 created/);
    assert.match(succeeded(await stack.destroy()), /- 3 deleted/);
  });

  it("has a program in TypeScript as Pulumi expects it: CommonJS, compiled as it starts", async () => {
    await consumer.write("classic/Pulumi.yaml", "name: classic\nruntime: nodejs\n");
    await consumer.write("classic/package.json", '{ "name": "classic", "private": true }');
    await consumer.write("classic/index.ts", ONE_AND_MANY);
    const stack = await open("classic");
    assert.match(succeeded(await stack.up()), /\+ 3 created/);
    assert.match(succeeded(await stack.destroy()), /- 3 deleted/);
  });

  it("may run this package's own program, on stack files alone", async () => {
    await consumer.write("stock/Pulumi.yaml", projectFile("stock"));
    await consumer.write("stock/index.js", 'export * from "curfew/program";\n');
    const stack = await open("stock", STOCK_CONFIG);
    assert.match(succeeded(await stack.up()), /\+ 2 created/);
    assert.match((await stack.outputs())["clusters"] as string, /"cluster":"pay".*"state":"running"/);
  });

  it("may hold its stacks to this package's policies", async () => {
    await consumer.write("held/Pulumi.yaml", projectFile("held"));
    await consumer.write("held/index.js", 'export * from "curfew/program";\n');
    const stack = await open("held", STOCK_CONFIG.replace("name: pay", "name: pay-production"));
    const { exitCode, output } = await stack.preview(["--policy-pack", consumer.path("node_modules/curfew/policy")]);
    assert.notEqual(exitCode, 0);
    assert.match(output, /pay-production.*approv/i);
  });

  it("is told everything that is wrong at once, without a stack trace", async () => {
    await consumer.write("wrong/Pulumi.yaml", projectFile("wrong"));
    await consumer.write(
      "wrong/index.js",
      `import { scheduleCluster } from "curfew";
       scheduleCluster("pay", { name: "pay", account: "1", region: "nowhere", schedule: { timezone: "Mars", awake: "always" } });`,
    );
    const { exitCode, output } = await (await open("wrong")).preview();
    assert.notEqual(exitCode, 0);
    assert.match(output, /\n *account must be twelve digits.*\n *region must be an AWS Region.*\n/);
    assert.match(output, /\n *schedule\.timezone /);
    assert.doesNotMatch(output, /at .*\.js:\d+/);
  });
});
