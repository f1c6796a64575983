import assert from "node:assert/strict";

import { JOBS } from "../../runtime/cycle/index.js";
import { JOBS_MEASURE } from "../../runtime/cycle/measures/jobs.js";
import type { ApiObject } from "../../runtime/ports/index.js";
import { object, settings, survey } from "./object.js";

const IGNORES_DISRUPTION = {
  rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
};

function job(name: string, spec: object = {}, status: object = { active: 1 }): ApiObject {
  return object(JOBS, name, { spec, status });
}

const plan = (jobs: readonly ApiObject[], policy?: "evict" | "wait" | "suspend") =>
  JOBS_MEASURE.plan(survey([JOBS, jobs]), settings(policy === undefined ? {} : { jobs: { policy } }));

describe("H21: Jobs", () => {
  it("that run are evicted unless told otherwise, and those that start over are named", () => {
    const finished = job("old", {}, { active: 1, conditions: [{ type: "Complete", status: "True" }] });
    const { amendments, notes } = plan([job("etl"), finished, job("idle", {}, {}), job("held", { suspend: true })]);
    assert.deepEqual(amendments, []);
    assert.deepEqual(notes, ["1 running Job(s) start over from scratch when the cluster wakes: shop/etl."]);
  });

  it("that may fail for good by being evicted are named apart", () => {
    const { notes } = plan([
      job("tight", { backoffLimit: 0 }),
      job("nearly", { backoffLimit: 2 }, { active: 1, failed: 2 }),
      job("roomy", { backoffLimit: 6 }),
      job("wise", { backoffLimit: 0, podFailurePolicy: IGNORES_DISRUPTION }),
    ]);
    assert.equal(notes.length, 2);
    assert.match(notes[1] ?? "", /^2 running Job\(s\) may fail for good.*: shop\/tight, shop\/nearly\.$/);
  });

  it("are suspended where settings say so: that does not count as a failure", () => {
    const { amendments, notes } = plan([job("etl", { backoffLimit: 0 })], "suspend");
    assert.deepEqual(
      amendments.map(({ id, ours }) => [id, ours]),
      [["Job/shop/etl#spec.suspend", true]],
    );
    assert.equal(notes.length, 1);
  });

  it("lose nothing that has to be said before they have been waited for", () => {
    assert.deepEqual(plan([job("etl")], "wait"), { amendments: [], notes: [], refusal: null });
  });

  it("of another shape are left alone", () => {
    assert.deepEqual(plan([object(JOBS, "odd", { spec: "none", status: { active: "one" } })]).notes, []);
  });
});
