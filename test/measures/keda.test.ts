import assert from "node:assert/strict";

import { DEPLOYMENTS, saysPaused, SCALED_JOBS, SCALED_OBJECTS } from "../../runtime/cycle/index.js";
import { KEDA } from "../../runtime/cycle/measures/keda.js";
import { object, settings, survey } from "./object.js";

const OPERATOR = object(
  DEPLOYMENTS,
  "keda-operator",
  { spec: { replicas: 1 }, status: { readyReplicas: 1 } },
  { namespace: "keda" },
);

describe("H19: KEDA", () => {
  it("is paused by the annotation that keeps replicas, scaled objects and scaled jobs alike", () => {
    const seen = survey(
      [SCALED_OBJECTS, [object(SCALED_OBJECTS, "worker", {}, { annotations: { team: "a" } })]],
      [SCALED_JOBS, [object(SCALED_JOBS, "batch")]],
      [DEPLOYMENTS, [OPERATOR]],
    );
    const { amendments, notes } = KEDA.plan(seen, settings());
    assert.deepEqual(
      amendments.map(({ id, ours, original }) => [id, ours, original]),
      [
        ["ScaledObject/shop/worker#metadata.annotations.autoscaling.keda.sh/paused", "true", undefined],
        ["ScaledJob/shop/batch#metadata.annotations.autoscaling.keda.sh/paused", "true", undefined],
      ],
    );
    assert.deepEqual(notes, []);
  });

  for (const [how, annotations] of [
    ["with replicas", { "autoscaling.keda.sh/paused-replicas": "3" }],
    ["plainly", { "autoscaling.keda.sh/paused": "true" }],
    ["in a word that KEDA takes for yes", { "autoscaling.keda.sh/paused": "please" }],
  ] as const) {
    it(`S43: leaves one alone that a person paused ${how}`, () => {
      const seen = survey([SCALED_OBJECTS, [object(SCALED_OBJECTS, "worker", {}, { annotations })]]);
      assert.deepEqual(KEDA.plan(seen, settings()), { amendments: [], notes: [], refusal: null });
    });
  }

  it("pauses one whose annotation says false, and remembers that word", () => {
    const annotations = { "autoscaling.keda.sh/paused": "false" };
    const seen = survey([SCALED_OBJECTS, [object(SCALED_OBJECTS, "worker", {}, { annotations })]]);
    assert.equal(KEDA.plan(seen, settings()).amendments[0]?.original, "false");
  });

  it("leaves one alone that is being deleted", () => {
    const going = object(SCALED_OBJECTS, "worker", {}, { deletionTimestamp: "2026-01-05T00:00:00Z" });
    assert.deepEqual(KEDA.plan(survey([SCALED_OBJECTS, [going]]), settings()).amendments, []);
  });

  it("without a ready operator is paused all the same, and it is said", () => {
    const idle = { ...OPERATOR, status: { readyReplicas: 0 } };
    const seen = survey([SCALED_OBJECTS, [object(SCALED_OBJECTS, "worker")]], [DEPLOYMENTS, [idle]]);
    const { amendments, notes } = KEDA.plan(seen, settings());
    assert.equal(amendments.length, 1);
    assert.match(notes.join(), /no ready keda-operator/);
  });

  it("confirms a pause by its own condition", () => {
    const says = (status: unknown) => saysPaused(object(SCALED_OBJECTS, "worker", { status }));
    assert.ok(says({ conditions: [{ type: "Paused", status: "True" }] }));
    assert.ok(!says({ conditions: [{ type: "Paused", status: "False" }] }));
    assert.ok(!says({ conditions: "none" }));
    assert.ok(!says(undefined));
  });
});
