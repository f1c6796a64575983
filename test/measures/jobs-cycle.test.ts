import assert from "node:assert/strict";

import { JOBS } from "../../runtime/cycle/index.js";
import { runFixture, type RunFixture } from "../run/fixture.js";

const QUICK = { nodesStableSeconds: 1, pollSeconds: 1 };
const ETL = { namespace: "shop", name: "etl" };

function putJob({ cluster }: RunFixture, active: number): void {
  cluster.objects.put(JOBS, { metadata: ETL, spec: {}, status: { active } });
}

const isSuspended = ({ cluster }: RunFixture) =>
  (cluster.objects.get(JOBS, ETL)?.["spec"] as { suspend?: boolean }).suspend;

describe("Jobs over a night", () => {
  it("H21: are waited for before the first eviction", async () => {
    const fixture = runFixture();
    fixture.cluster.addDeployment({ name: "web", replicas: 1 });
    putJob(fixture, 1);
    const startedAt = fixture.ports.clock.now();
    fixture.cluster.after(300_000, () => putJob(fixture, 0));
    let evictedAt = 0;
    fixture.world.onMutation(({ call }) => {
      if (call === "evict") evictedAt ||= fixture.ports.clock.now();
    });
    const report = await fixture.run("hibernated", { settings: { ...QUICK, jobs: { policy: "wait" } } });
    assert.equal(report.result, "completed", report.summary);
    assert.ok(evictedAt - startedAt >= 300_000);
    assert.doesNotMatch(report.warnings.join(" "), /scratch/);
  });

  it("H21: are not waited for beyond the bound, and those that lose their work are named", async () => {
    const fixture = runFixture();
    putJob(fixture, 1);
    const settings = { ...QUICK, jobs: { policy: "wait" as const, waitTimeoutSeconds: 60 } };
    const report = await fixture.run("hibernated", { settings });
    assert.equal(report.result, "completed", report.summary);
    assert.match(report.warnings.join(" "), /Still running after the wait.*shop\/etl/);
  });

  it("H21: are suspended and resumed where settings say so", async () => {
    const fixture = runFixture();
    putJob(fixture, 1);
    const settings = { ...QUICK, jobs: { policy: "suspend" as const } };
    await fixture.run("hibernated", { settings });
    assert.equal(isSuspended(fixture), true);
    const report = await fixture.run("running", { settings, operationId: "op-2" });
    assert.equal(report.result, "completed", report.summary);
    assert.equal(isSuspended(fixture), undefined);
  });
});
