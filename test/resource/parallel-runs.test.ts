import assert from "node:assert/strict";

import { parallelRuns } from "../../runtime/resource/parallel-runs.js";

describe("the limiter of one Pulumi process", () => {
  it("lets as many clusters through at once as CURFEW_PARALLEL says", () => {
    assert.equal(parallelRuns({}).concurrency, 10);
    assert.equal(parallelRuns({ CURFEW_PARALLEL: "" }).concurrency, 10);
    assert.equal(parallelRuns({ CURFEW_PARALLEL: "3" }).concurrency, 3);
  });

  it("refuses what is no number of clusters", () => {
    for (const text of ["0", "-1", "many", "1.5"]) {
      assert.throws(() => parallelRuns({ CURFEW_PARALLEL: text }), { code: "config-invalid" });
    }
  });
});
