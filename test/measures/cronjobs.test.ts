import assert from "node:assert/strict";

import { CRON_JOBS, missedRuns } from "../../runtime/cycle/index.js";
import { CRONJOBS } from "../../runtime/cycle/measures/cronjobs.js";
import { object, settings, survey } from "./object.js";

const NOW = Date.parse("2026-01-05T06:00:00Z");

describe("H20: CronJobs", () => {
  it("are suspended, and nothing else of them is touched", () => {
    const spec = { schedule: "0 3 * * *", startingDeadlineSeconds: 60 };
    const { amendments } = CRONJOBS.plan(
      survey([
        CRON_JOBS,
        [object(CRON_JOBS, "absent", { spec }), object(CRON_JOBS, "given", { spec: { ...spec, suspend: false } })],
      ]),
      settings(),
    );
    assert.deepEqual(
      amendments.map(({ id, original }) => [id, original]),
      [
        ["CronJob/shop/absent#spec.suspend", undefined],
        ["CronJob/shop/given#spec.suspend", false],
      ],
    );
  });

  it("S44: that a person suspended stay as they are", () => {
    const suspended = object(CRON_JOBS, "report", { spec: { schedule: "* * * * *", suspend: true } });
    assert.deepEqual(CRONJOBS.plan(survey([CRON_JOBS, [suspended]]), settings()).amendments, []);
  });
});

describe("W21: runs that a CronJob missed", () => {
  const missed = (spec: object, lastScheduleTime: string | null = "2026-01-04T20:00:00Z") =>
    missedRuns(
      object(CRON_JOBS, "report", { spec, ...(lastScheduleTime !== null && { status: { lastScheduleTime } }) }),
      NOW,
    ).count;

  it("are counted since the last one, the present minute included", () => {
    assert.equal(missed({ schedule: "0 3 * * *" }), 1);
    assert.equal(missed({ schedule: "0 */2 * * *" }), 5);
    assert.equal(missed({ schedule: "0 12 * * *" }), 0);
  });

  it("are counted since the creation of one that never ran", () => {
    assert.equal(missed({ schedule: "0 3 * * *" }, null), 1);
  });

  it("count no further back than the deadline allows", () => {
    assert.equal(missed({ schedule: "30 5 * * *", startingDeadlineSeconds: 600 }), 0);
    assert.equal(missed({ schedule: "55 5 * * *", startingDeadlineSeconds: 600 }), 1);
  });

  it("are counted in the zone of the CronJob", () => {
    assert.equal(missed({ schedule: "0 23 * * *", timeZone: "America/New_York" }), 1);
    assert.equal(missed({ schedule: "30 1 * * *", timeZone: "America/New_York" }), 0);
  });

  it("are counted to just above the number at which Kubernetes warns", () => {
    assert.equal(missed({ schedule: "* * * * *" }), 101);
  });

  it("are unknown where the schedule cannot be read", () => {
    assert.equal(missed({ schedule: "@every 5m" }), null);
    assert.equal(missed({ schedule: 5 }), null);
  });
});
