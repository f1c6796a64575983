import assert from "node:assert/strict";

import { CRON_JOBS } from "../../runtime/cycle/index.js";
import { runFixture, type RunFixture } from "../run/fixture.js";

const settings = { nodesStableSeconds: 1, pollSeconds: 1, cronjobs: { staggerSeconds: 10 } };

function putCronJob({ cluster }: RunFixture, name: string, spec: object): void {
  cluster.objects.put(CRON_JOBS, { metadata: { namespace: "shop", name }, spec });
}

function isSuspended({ cluster }: RunFixture, name: string): unknown {
  return (cluster.objects.get(CRON_JOBS, { namespace: "shop", name })?.["spec"] as { suspend?: boolean }).suspend;
}

describe("CronJobs over a night", () => {
  it("S44: rest and come back, and those that a person suspended stay as they are", async () => {
    const fixture = runFixture();
    putCronJob(fixture, "theirs", { schedule: "* * * * *", suspend: true });
    putCronJob(fixture, "ours", { schedule: "0 12 1 1 *" });
    await fixture.run("hibernated", { settings });
    assert.deepEqual([isSuspended(fixture, "theirs"), isSuspended(fixture, "ours")], [true, true]);
    const report = await fixture.run("running", { settings, operationId: "op-2" });
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual([isSuspended(fixture, "theirs"), isSuspended(fixture, "ours")], [true, undefined]);
  });

  it("W21: those that missed a run come back one by one, those that did not at once", async () => {
    const fixture = runFixture();
    for (const name of ["often-1", "often-2", "often-3"]) putCronJob(fixture, name, { schedule: "* * * * *" });
    putCronJob(fixture, "yearly", { schedule: "0 0 1 1 *" });
    await fixture.run("hibernated", { settings });
    const { clock } = fixture.ports;
    const resumedAt = new Map<string, number>();
    fixture.cluster.objects.react(CRON_JOBS, ({ metadata: { name } }) => resumedAt.set(name, clock.now()));
    await clock.sleep(600_000);
    const report = await fixture.run("running", { settings, operationId: "op-2" });
    const at = (name: string) => resumedAt.get(name) ?? 0;
    assert.ok(at("yearly") <= at("often-1"));
    assert.ok(at("often-2") - at("often-1") >= 10_000);
    assert.ok(at("often-3") - at("often-2") >= 10_000);
    const detail = report.steps.find(({ id }) => id === "resume cronjobs")?.detail;
    assert.match(detail ?? "", /missed a run and start it now: shop\/often-1, shop\/often-2, shop\/often-3/);
    assert.deepEqual(
      report.warnings.filter((warning) => warning.includes("Missed")),
      [],
    );
  });

  it("W21: one that missed more than a hundred runs is reported", async () => {
    const fixture = runFixture();
    putCronJob(fixture, "often", { schedule: "* * * * *" });
    await fixture.run("hibernated", { settings });
    await fixture.ports.clock.sleep(3 * 3_600_000);
    const report = await fixture.run("running", { settings, operationId: "op-2" });
    assert.match(report.warnings.join(" "), /Missed more than 100 runs.*shop\/often/);
  });

  it("are left firing where settings say report, and it is said", async () => {
    const fixture = runFixture();
    putCronJob(fixture, "often", { schedule: "* * * * *" });
    const report = await fixture.run("hibernated", { settings: { ...settings, measures: { cronjobs: "report" } } });
    assert.equal(report.result, "completed", report.summary);
    assert.equal(isSuspended(fixture, "often"), undefined);
    assert.match(report.warnings.join(" "), /CronJob\/shop\/often#spec\.suspend: left alone/);
  });
});
