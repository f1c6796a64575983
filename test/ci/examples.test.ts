import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { packagePath } from "../lab/package-path.js";
import { LEFT_OUT, readWorkflow, type Workflow } from "./github-actions.js";
import { jobsOf, readConfiguration, type Configuration } from "./gitlab-ci.js";

const CREDENTIALS = "aws-actions/configure-aws-credentials";

describe("the example for GitHub Actions", () => {
  let workflow: Workflow;
  before(async () => {
    workflow = await readWorkflow();
  });
  const jobs = () => Object.entries(workflow.jobs);
  const steps = () => jobs().flatMap(([, job]) => job.steps);

  it("may read the repository, and asks for a token where it talks to AWS and nowhere else", () => {
    assert.deepEqual(workflow.permissions, { contents: "read" });
    for (const [name, { permissions, steps: own }] of jobs()) {
      const talksToAws = own.some(({ uses }) => uses?.startsWith(CREDENTIALS));
      assert.deepEqual(permissions, talksToAws ? { contents: "read", "id-token": "write" } : undefined, name);
    }
  });

  it("bounds every job in time", () => {
    for (const [name, job] of jobs()) assert.ok((job["timeout-minutes"] ?? Infinity) <= 120, name);
  });

  it("writes no expression into a script, where it would be run", () => {
    for (const { run = "" } of steps()) assert.doesNotMatch(run, /\$\{\{/);
  });

  it("gives secrets to the steps that need them, not to whole jobs", () => {
    const wide = [workflow.env, ...jobs().map(([, { env = {} }]) => env)];
    for (const variables of wide) assert.doesNotMatch(JSON.stringify(variables), /secrets\./);
  });

  it("names actions by a major version, and knows them all", () => {
    const used = steps().flatMap(({ uses }) => uses ?? []);
    for (const action of used) assert.match(action, /^[\w-]+\/[\w-]+@v\d+$/);
    const names = new Set(used.map((action) => action.split("@")[0]));
    assert.deepEqual([...names].toSorted(), LEFT_OUT.toSorted());
  });
});

describe("the example for GitLab CI", () => {
  let configuration: Configuration;
  before(async () => {
    configuration = await readConfiguration();
  });

  it("has a rule for every job, and a token where a job talks to AWS and nowhere else", () => {
    for (const [name, job] of jobsOf(configuration)) {
      assert.equal(job.rules?.length, 1, name);
      assert.equal(job.id_tokens === undefined, name === "validate", name);
    }
  });

  it("keeps no secret in the file", async () => {
    const text = await readFile(packagePath("stacks", "ci", "gitlab-ci.yml"), "utf8");
    assert.doesNotMatch(text, /^ +(PULUMI_CONFIG_PASSPHRASE|PULUMI_ACCESS_TOKEN|AWS_SECRET_ACCESS_KEY):/m);
  });
});
