import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { join } from "node:path";

import { githubActions } from "./github-actions.js";
import { gitlabCi } from "./gitlab-ci.js";
import type { Asked, JobRun, Pipeline, Runner } from "./pipeline.js";
import { createRepository, type Form, type Repository } from "./repository.js";

/** Both examples serve both forms of a repository; running each with one of them is enough. */
const SYSTEMS: readonly {
  readonly system: string;
  readonly form: Form;
  readonly open: (runner: Runner) => Promise<Pipeline>;
}[] = [
  { system: "GitHub Actions", form: "clone", open: githubActions },
  { system: "GitLab CI", form: "dependent", open: gitlabCi },
];

function succeeded({ exitCode, output }: JobRun): string {
  assert.equal(exitCode, 0, output);
  return output;
}

/** All that people see of a job without its log. */
const shownBy = ({ shown }: JobRun): string => Object.values(shown).join("\n");

for (const { system, form, open } of SYSTEMS) {
  describe(`the example for ${system}, run as it is written in a ${form}`, function () {
    this.timeout(300_000);
    let repository: Repository;
    let pipeline: Pipeline;

    before(async () => {
      repository = await createRepository(form);
      pipeline = await open(repository.runner);
      await repository.declare("dev", "pay-dev always", "shop-dev always");
      await repository.declare("staging", "pay-staging always");
      await repository.declare("production", "pay-production always");
    });
    after(() => repository[Symbol.asyncDispose]());

    it("has jobs for a review, a merge, every night and on demand, and guards what is hard to take back", () => {
      assert.deepEqual(pipeline.jobsOn("review"), ["validate", "preview"]);
      assert.deepEqual(pipeline.jobsOn("merge"), ["deploy", "deploy-production"]);
      assert.deepEqual(pipeline.jobsOn("nightly"), ["drift"]);
      assert.deepEqual(pipeline.jobsOn("on-demand"), ["plan", "carry-out"]);
      assert.deepEqual(pipeline.guardedOn("review"), []);
      assert.deepEqual(pipeline.guardedOn("merge"), ["deploy-production"]);
      assert.deepEqual(pipeline.guardedOn("on-demand"), ["carry-out"]);
    });

    it("fails a review whose config is wrong, and names every environment's problems", async () => {
      await repository.declare("dev", "pay-dev sometimes");
      await repository.declare("staging", "pay-staging seldom");
      const { exitCode, output } = await pipeline.run("validate");
      assert.equal(exitCode, 1, output);
      assert.match(output, /no schedule is called "sometimes"/);
      assert.match(output, /no schedule is called "seldom"/);
      await repository.declare("dev", "pay-dev always", "shop-dev always");
      await repository.declare("staging", "pay-staging always");
      succeeded(await pipeline.run("validate"));
    });

    it("shows in a review what a merge would do to which clusters", async () => {
      const run = await pipeline.run("preview");
      succeeded(run);
      for (const cluster of ["pay-dev", "shop-dev", "pay-staging", "pay-production"]) {
        assert.ok(shownBy(run).includes(cluster), `${cluster} is missing:\n${shownBy(run)}`);
      }
    });

    it("fails a review that the policies refuse, and says so where people look", async () => {
      await repository.declare("production", "pay-production always unapproved");
      const run = await pipeline.run("preview");
      assert.notEqual(run.exitCode, 0);
      assert.match(shownBy(run), /pay-production[^\n]*approv|approv[^\n]*pay-production/i);
      await repository.declare("production", "pay-production always");
    });

    it("deploys, and finds no drift in what it deployed", async () => {
      const deployed = await pipeline.run("deploy");
      succeeded(deployed);
      assert.match(shownBy(deployed), /dev.*changed[^]*create.*pay-dev[^]*create.*pay-staging/);
      succeeded(await pipeline.run("deploy-production"));
      const again = await pipeline.run("preview");
      succeeded(again);
      assert.equal(again.shown["preview.md"]?.match(/unchanged/g)?.length, 3, again.shown["preview.md"]);
      succeeded(await pipeline.run("drift"));
    });

    it("shows the plan before it puts clusters to sleep on demand, and keeps the report", async () => {
      const asked: Asked = { ACTION: "hibernate", ENVIRONMENT: "staging", CLUSTERS: "pay-staging" };
      const plan = await pipeline.run("plan", asked);
      assert.match(succeeded(plan), /pay-staging/);
      assert.match(shownBy(plan), /drain/);
      const run = await pipeline.run("carry-out", asked);
      succeeded(run);
      assert.match(run.shown["report.md"] ?? "", /^\|.*pay-staging.*hibernate/m);
    });

    it("fails the nightly job when a cluster is not as it was left, and names it", async () => {
      // Simulated clusters begin anew with every process: the one that was put to sleep is awake when somebody looks again.
      const run = await pipeline.run("drift");
      assert.equal(run.exitCode, 3, run.output);
      assert.match(shownBy(run), /pay-staging/);
    });

    it("wakes them again, and keeps the report of that too", async () => {
      const run = await pipeline.run("carry-out", { ACTION: "wake", ENVIRONMENT: "staging", CLUSTERS: "pay-staging" });
      succeeded(run);
      assert.match(run.shown["report.md"] ?? "", /^\|.*pay-staging.*wake/m);
    });

    it("fails before anything happens when one of the names is wrong", async () => {
      const asked: Asked = { ACTION: "hibernate", ENVIRONMENT: "staging", CLUSTERS: "pay-staging no-such-cluster" };
      const { exitCode, output } = await pipeline.run("plan", asked);
      assert.equal(exitCode, 2, output);
      assert.match(output, /no-such-cluster/);
    });

    it("takes what was typed for names, whatever it looks like", async () => {
      const asked: Asked = { ACTION: "hibernate", ENVIRONMENT: "staging", CLUSTERS: "--all $(touch broken-in);" };
      const { exitCode, output } = await pipeline.run("plan", asked);
      assert.equal(exitCode, 2, output);
      assert.match(output, /"--all"/);
      await assert.rejects(access(join(repository.runner.folder, "broken-in")));
    });
  });
}
