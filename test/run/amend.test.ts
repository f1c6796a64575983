import assert from "node:assert/strict";

import { CRON_JOBS, MARK } from "../../runtime/cycle/index.js";
import type { ApiObject } from "../../runtime/ports/index.js";
import { runFixture, type RunFixture } from "./fixture.js";

const REPORT = { namespace: "shop", name: "report" };
const SPEC = { schedule: "0 3 1 1 *", suspend: false };
const QUICK = { nodesStableSeconds: 1, pollSeconds: 1 };

/** A cluster with one CronJob. */
function withCronJob(spec: object = SPEC): RunFixture & { readonly report: () => ApiObject | undefined } {
  const fixture = runFixture();
  fixture.cluster.objects.put(CRON_JOBS, { metadata: REPORT, spec });
  return { ...fixture, report: () => fixture.cluster.objects.get(CRON_JOBS, REPORT) };
}

const night = (fixture: RunFixture, operationId = "night") =>
  fixture.run("hibernated", { operationId, settings: QUICK });
const morning = (fixture: RunFixture) => fixture.run("running", { operationId: "morning", settings: QUICK });

describe("amendments over a night", () => {
  it("are marked with the cycle while they last, and leave no trace", async () => {
    const fixture = withCronJob();
    const before = fixture.report();
    const asleep = await night(fixture);
    assert.equal(asleep.result, "completed", asleep.summary);
    assert.equal(fixture.report()?.metadata.annotations?.[MARK], asleep.cycleId);
    assert.deepEqual(fixture.report()?.["spec"], { ...SPEC, suspend: true });
    const awake = await morning(fixture);
    assert.equal(awake.result, "completed", awake.summary);
    assert.deepEqual(fixture.report()?.["spec"], before?.["spec"]);
    assert.equal(fixture.report()?.metadata.annotations, undefined);
  });

  it("are all in the journal before the first of them is made", async () => {
    const fixture = withCronJob();
    const saved: unknown[] = [];
    fixture.world.onMutation((_, moment) => {
      if (moment === "before") saved.push(fixture.store.readCycle("111111111111/eu-west-1/pay"));
    });
    await night(fixture);
    const [first] = await Promise.all(saved);
    assert.match(JSON.stringify(first), /CronJob\/shop\/report#spec\.suspend/);
  });

  it("give back a field that was not there by taking it away", async () => {
    const fixture = withCronJob({ schedule: "0 3 1 1 *" });
    await night(fixture);
    await morning(fixture);
    assert.deepEqual(fixture.report()?.["spec"], { schedule: "0 3 1 1 *" });
  });

  it("keep what somebody set meanwhile, and report it", async () => {
    const fixture = withCronJob();
    await night(fixture);
    fixture.cluster.objects.put(CRON_JOBS, { ...fixture.report()!, spec: { schedule: SPEC.schedule } });
    const report = await morning(fixture);
    assert.equal(report.result, "completed", report.summary);
    assert.match(report.drift.join(" "), /CronJob\/shop\/report.*was changed by somebody/);
    assert.deepEqual(fixture.report()?.["spec"], { schedule: SPEC.schedule });
    assert.equal(fixture.report()?.metadata.annotations?.[MARK], undefined);
  });

  it("leave an object alone that was made anew, and say so", async () => {
    const fixture = withCronJob();
    await night(fixture);
    fixture.cluster.objects.remove(CRON_JOBS, REPORT);
    fixture.cluster.objects.put(CRON_JOBS, { metadata: REPORT, spec: { schedule: "5 5 * * *", suspend: true } });
    const report = await morning(fixture);
    assert.match(report.drift.join(" "), /CronJob\/shop\/report.*made anew/);
    assert.deepEqual(fixture.report()?.["spec"], { schedule: "5 5 * * *", suspend: true });
  });

  it("leave a value to whoever set it between the plan and the change", async () => {
    const fixture = withCronJob();
    let isSet = false;
    fixture.world.onMutation((_, moment) => {
      if (moment !== "before" || isSet) return;
      isSet = true;
      fixture.cluster.objects.put(CRON_JOBS, { ...fixture.report()!, spec: { ...SPEC, suspend: true } });
    });
    fixture.cluster.objects.put(CRON_JOBS, { metadata: { namespace: "ahead", name: "first" }, spec: SPEC });
    const asleep = await night(fixture);
    assert.equal(asleep.result, "completed", asleep.summary);
    assert.equal(fixture.report()?.metadata.annotations?.[MARK], undefined);
    await morning(fixture);
    assert.deepEqual(fixture.report()?.["spec"], { ...SPEC, suspend: true });
  });

  it("are made again by the next run where somebody undid one", async () => {
    const fixture = withCronJob();
    fixture.cluster.addDeployment({ name: "web", replicas: 2 });
    fixture.cluster.putBudget({ name: "web", minAvailable: 2 });
    const startedAt = fixture.ports.clock.now();
    const first = await fixture.run("hibernated", { settings: QUICK, budget: { yieldAt: startedAt + 20_000 } });
    assert.equal(first.result, "yielded");
    fixture.cluster.objects.put(CRON_JOBS, { ...fixture.report()!, spec: { ...SPEC, suspend: false } });
    fixture.cluster.removeBudget({ name: "web" });
    const second = await night(fixture, "op-2");
    assert.equal(second.result, "completed", second.summary);
    assert.equal((fixture.report()?.["spec"] as { suspend: boolean }).suspend, true);
    await morning(fixture);
    assert.deepEqual(fixture.report()?.["spec"], SPEC);
  });

  it("that admission refuses stop the hibernate with a way out, and everything is taken back", async () => {
    const fixture = withCronJob();
    fixture.cluster.objects.refuse(CRON_JOBS, "policy says no");
    const report = await night(fixture);
    assert.equal(report.failure?.code, "pause-failed");
    assert.match(report.failure.message, /policy says no/);
    assert.match(report.failure.remedy, /settings\.measures\.cronjobs/);
    assert.equal(report.reached, "running");
    assert.deepEqual(fixture.report()?.["spec"], SPEC);
  });

  it("that Curfew may not even look for are left out and said", async () => {
    const fixture = withCronJob();
    fixture.cluster.objects.forbid(CRON_JOBS, ["list"]);
    const report = await night(fixture);
    assert.equal(report.result, "completed", report.summary);
    assert.match(report.warnings.join(" "), /cronjobs: skipped/);
    assert.deepEqual(fixture.report()?.["spec"], SPEC);
  });
});
