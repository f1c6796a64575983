import assert from "node:assert/strict";

import { startLab, type Lab } from "../lab/index.js";
import { packagePath } from "../lab/package-path.js";
import {
  createPulumiWorkspace,
  type PulumiResult,
  type PulumiWorkspace,
  type StateResource,
} from "../lab/pulumi/index.js";
import { createConsumer, projectFile, type Consumer } from "./consumer.js";
import { WITH_HUB } from "./programs.js";

const TABLE = "aws:dynamodb/table:Table";
const FUNCTION = "aws:lambda/function:Function";
const SCHEDULE = "pulumi-nodejs:dynamic/curfew:ClusterSchedule";

type Dependent = StateResource & { readonly dependencies?: readonly string[] };

function succeeded({ exitCode, output }: PulumiResult): string {
  assert.equal(exitCode, 0, output);
  return output;
}

describe("a hub of another Pulumi project", function () {
  this.timeout(300_000);
  let consumer: Consumer;
  let lab: Lab;
  let stack: PulumiWorkspace;

  before(async () => {
    consumer = await createConsumer();
    await consumer.write("infra/Pulumi.yaml", projectFile("infra"));
    await consumer.write("infra/index.js", WITH_HUB);
    lab = await startLab({ clusters: [] });
    stack = await createPulumiWorkspace({
      environment: { ...lab.environment, AWS_REGION: "eu-west-1", CURFEW_STATE: undefined },
      project: consumer.path("infra"),
      programs: [packagePath("test", "lab", "aws-plugin")],
    });
    await stack.writeConfig("config: {}\n");
    succeeded(await stack.up());
  });
  after(async () => {
    await stack.remove();
    await lab.stop();
    await consumer[Symbol.asyncDispose]();
  });

  it("finds its functions in the package, and keeps no path of this computer", async () => {
    const archives = (await stack.resources())
      .filter(({ type }) => type === FUNCTION)
      .map(({ inputs }) => (inputs?.["code"] as { readonly path: string }).path);
    assert.deepEqual(archives.toSorted(), [
      "../node_modules/curfew/bin/lambda/campaign",
      "../node_modules/curfew/bin/lambda/planner",
      "../node_modules/curfew/bin/lambda/worker",
      "../node_modules/curfew/bin/lambda/worker",
    ]);
  });

  it("keeps the state of schedules in its table, and does the work that `pulumi up` does without one", async () => {
    const resources = await stack.resources();
    const table = resources.find(({ type }) => type === TABLE);
    const schedules: readonly Dependent[] = resources.filter(({ type }) => type === SCHEDULE);
    assert.equal(schedules.length, 2);
    for (const { inputs, outputs, dependencies } of schedules) {
      assert.equal(inputs?.["statePath"], (await stack.outputs())["state"]);
      assert.match(String(inputs?.["declaration"]), /"converge":false/);
      assert.equal(outputs?.["wanted"], "hibernated");
      assert.deepEqual(dependencies, [table?.urn]);
    }
  });

  it("is destroyed after its schedules", async () => {
    succeeded(await stack.destroy());
    assert.deepEqual(await stack.resources(), []);
  });
});
