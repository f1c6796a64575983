import assert from "node:assert/strict";

import fc from "fast-check";

import { applyJsonPatch } from "../../runtime/adapters/memory/json-patch.js";
import {
  amend,
  amendAgain,
  amendmentSchema,
  applyingPatch,
  CRON_JOBS,
  givingBackPatch,
  isMarked,
  MARK,
  SCALED_OBJECTS,
  standingOf,
  type Amendment,
  type AmendmentWish,
} from "../../runtime/cycle/index.js";
import type { ApiObject } from "../../runtime/ports/index.js";
import { object } from "../measures/object.js";

const SUSPEND: AmendmentWish = {
  purpose: "cronjobs",
  type: CRON_JOBS,
  path: ["spec", "suspend"],
  ours: true,
  reason: "a test asks",
};

function amended(from: ApiObject, wish: AmendmentWish): Amendment {
  const amendment = amend(from, wish);
  assert.ok(amendment);
  return amendment;
}

function patched(live: ApiObject, operations: Parameters<typeof applyJsonPatch>[1]): ApiObject {
  return applyJsonPatch(live, operations) as ApiObject;
}

describe("an amendment", () => {
  it("H3: remembers a field that was not there apart from every value", () => {
    const absent = amended(object(CRON_JOBS, "report", { spec: {} }), SUSPEND);
    const given = amended(object(CRON_JOBS, "report", { spec: { suspend: false } }), SUSPEND);
    assert.ok(!("original" in absent));
    assert.equal(given.original, false);
  });

  it("is not made of a value that is there already: that is somebody's own", () => {
    assert.equal(amend(object(CRON_JOBS, "report", { spec: { suspend: true } }), SUSPEND), null);
  });

  it("is not made of an object that has another shape", () => {
    assert.equal(amend(object(CRON_JOBS, "report", { spec: "none" }), SUSPEND), null);
    assert.equal(amend(object(CRON_JOBS, "report", { spec: null }), SUSPEND), null);
  });

  it("is named after kind, object and field, and survives the journal", () => {
    const amendment = amended(object(CRON_JOBS, "report", { spec: {} }), SUSPEND);
    assert.equal(amendment.id, "CronJob/shop/report#spec.suspend");
    assert.deepEqual(amendmentSchema.parse(JSON.parse(JSON.stringify(amendment))), amendment);
  });

  it("takes what the object says by then as its original when it is planned again", () => {
    const amendment = amended(object(CRON_JOBS, "report", { spec: { suspend: false } }), SUSPEND);
    assert.ok(!("original" in amendAgain(amendment, object(CRON_JOBS, "report", { spec: {} }))));
  });

  for (const [standing, live] of [
    ["original", object(CRON_JOBS, "report", { spec: { suspend: false } })],
    ["ours", object(CRON_JOBS, "report", { spec: { suspend: true } })],
    ["changed", object(CRON_JOBS, "report", { spec: {} })],
    ["recreated", object(CRON_JOBS, "report", { spec: { suspend: true } }, { uid: "another" })],
    ["gone", null],
  ] as const) {
    it(`stands as "${standing}" by comparing original, ours and live`, () => {
      const amendment = amended(object(CRON_JOBS, "report", { spec: { suspend: false } }), SUSPEND);
      assert.equal(standingOf(amendment, live), standing);
    });
  }

  it("sets value and mark in one patch, and takes the mark off with the last one", () => {
    const before = object(CRON_JOBS, "report", { spec: { suspend: false } });
    const amendment = amended(before, SUSPEND);
    const asleep = patched(before, applyingPatch([amendment], before, "night-1"));
    assert.ok(isMarked(asleep, "night-1"));
    assert.ok(!isMarked(asleep, "night-2"));
    assert.deepEqual(applyingPatch([amendment], asleep, "night-1"), []);
    assert.ok(isMarked(patched(asleep, givingBackPatch([amendment], asleep, true)), "night-1"));
    assert.deepEqual(patched(asleep, givingBackPatch([amendment], asleep, false)), before);
  });

  it("gives an object without annotations back without any", () => {
    const before = object(SCALED_OBJECTS, "worker", { spec: {} });
    const path = ["metadata", "annotations", "autoscaling.keda.sh/paused"];
    const amendment = amended(before, { ...SUSPEND, purpose: "keda", type: SCALED_OBJECTS, path, ours: "true" });
    const asleep = patched(before, applyingPatch([amendment], before, "night-1"));
    assert.deepEqual(asleep.metadata.annotations, {
      "autoscaling.keda.sh/paused": "true",
      [MARK]: "night-1",
    });
    assert.deepEqual(patched(asleep, givingBackPatch([amendment], asleep, false)), before);
  });

  it("property: whatever object and fields, giving back after applying is the original to the letter", () => {
    const word = fc.constantFrom("suspend", "limits", "cpu", "a/b");
    const tree = fc.letrec((tie) => ({
      node: fc.dictionary(word, fc.oneof({ depthSize: "small" }, fc.integer(), fc.boolean(), tie("node")), {
        noNullPrototype: true,
      }),
    })).node;
    const annotations = fc.option(
      fc.dictionary(fc.constantFrom("x", "y"), fc.string(), { minKeys: 1, noNullPrototype: true }),
      {
        nil: undefined,
      },
    );
    const wishes = fc.uniqueArray(
      fc.record({
        path: fc.array(word, { minLength: 1, maxLength: 3 }),
        ours: fc.option(fc.integer(), { nil: undefined }),
      }),
      { maxLength: 3, selector: ({ path }) => path[0] },
    );
    fc.assert(
      fc.property(tree, annotations, wishes, (spec, marks, wanted) => {
        const before = object(CRON_JOBS, "any", { spec }, marks === undefined ? {} : { annotations: marks });
        const amendments = wanted.flatMap(({ path, ours }) => {
          const wish = { ...SUSPEND, path: ["spec", ...path] };
          const { ours: _, ...removal } = wish;
          return amend(before, ours === undefined ? removal : { ...wish, ours }) ?? [];
        });
        const asleep = patched(before, applyingPatch(amendments, before, "night-1"));
        for (const one of amendments) assert.equal(standingOf(one, asleep), "ours");
        assert.deepEqual(patched(asleep, givingBackPatch(amendments, asleep, false)), before);
      }),
    );
  });
});
