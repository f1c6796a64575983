import assert from "node:assert/strict";

import {
  amend,
  CRON_JOBS,
  JOBS,
  planMeasures,
  SCALED_JOBS,
  surveyOf,
  typesRead,
  type Amendment,
  type Measure,
} from "../../runtime/cycle/index.js";
import { object, settings, survey } from "../measures/object.js";

const REPORT = object(CRON_JOBS, "report", { spec: {} });

const SUSPENDING: Measure = {
  purpose: "cronjobs",
  reads: [CRON_JOBS],
  plan: (seen) => ({
    amendments: seen.of(CRON_JOBS).flatMap(
      (cronJob) =>
        amend(cronJob, {
          purpose: "cronjobs",
          type: CRON_JOBS,
          path: ["spec", "suspend"],
          ours: true,
          reason: "it is night",
        }) ?? [],
    ),
    notes: ["seen"],
    refusal: null,
  }),
};

const REFUSING: Measure = {
  purpose: "keda",
  reads: [SCALED_JOBS, CRON_JOBS],
  plan: () => ({
    amendments: [],
    notes: [],
    refusal: { code: "autoscaler-active", message: "No.", remedy: "Wait." },
  }),
};

describe("a survey", () => {
  it("tells what is not served from what may not be read, and has nothing of either", () => {
    const seen = surveyOf([
      { type: CRON_JOBS, items: [REPORT] },
      { type: JOBS, items: "forbidden" },
      { type: SCALED_JOBS, items: "not-served" },
    ]);
    assert.deepEqual(seen.of(CRON_JOBS), [REPORT]);
    assert.deepEqual([seen.of(JOBS), seen.of(SCALED_JOBS)], [[], []]);
    assert.deepEqual([seen.has(CRON_JOBS), seen.has(JOBS), seen.has(SCALED_JOBS)], [true, false, false]);
    assert.deepEqual(seen.hidden, [JOBS]);
  });
});

describe("measures together", () => {
  it("read each type once, and none for what is switched off", () => {
    assert.deepEqual(typesRead([SUSPENDING, REFUSING], settings()), [CRON_JOBS, SCALED_JOBS]);
    assert.deepEqual(typesRead([SUSPENDING, REFUSING], settings({ measures: { keda: "off" } })), [CRON_JOBS]);
  });

  it("plan what they want, with what a person should know", () => {
    const plan = planMeasures([SUSPENDING], survey([CRON_JOBS, [REPORT]]), settings());
    assert.deepEqual(
      plan.amendments.map(({ id }) => id),
      ["CronJob/shop/report#spec.suspend"],
    );
    assert.deepEqual(plan.notes, ["seen"]);
    assert.equal(plan.refusal, null);
  });

  it("set to report only say what they would do, and refuse nothing", () => {
    const reporting = settings({ measures: { cronjobs: "report", keda: "report" } });
    const plan = planMeasures([SUSPENDING, REFUSING], survey([CRON_JOBS, [REPORT]]), reporting);
    assert.deepEqual(plan.amendments, []);
    assert.match(plan.notes.join(" "), /CronJob\/shop\/report#spec\.suspend: left alone.*it is night/);
    assert.equal(plan.refusal, null);
  });

  it("switched off do not even look", () => {
    const plan = planMeasures([SUSPENDING], survey([CRON_JOBS, [REPORT]]), settings({ measures: { cronjobs: "off" } }));
    assert.deepEqual(plan, { amendments: [], notes: [], refusal: null });
  });

  it("that may not see everything are skipped and said, not half done", () => {
    const seen = surveyOf([
      { type: CRON_JOBS, items: [REPORT] },
      { type: SCALED_JOBS, items: "forbidden" },
    ]);
    const plan = planMeasures([SUSPENDING, REFUSING], seen, settings());
    assert.equal(plan.amendments.length, 1);
    assert.equal(plan.refusal, null);
    assert.match(plan.notes.join(" "), /keda: skipped, since Curfew may not list scaledjobs/);
  });

  it("learn what the measures before them are going to change, and nothing of those that only report", () => {
    const learnt: (readonly Amendment[])[] = [];
    const listening: Measure = {
      purpose: "gitops",
      reads: [],
      plan(_survey, _settings, planned = []) {
        learnt.push(planned);
        return { amendments: [], notes: [], refusal: null };
      },
    };
    const seen = survey([CRON_JOBS, [REPORT]]);
    planMeasures([SUSPENDING, listening], seen, settings({ measures: { gitops: "apply" } }));
    planMeasures([SUSPENDING, listening], seen, settings({ measures: { gitops: "apply", cronjobs: "report" } }));
    assert.deepEqual(
      learnt.map((planned) => planned.length),
      [1, 0],
    );
  });
});
