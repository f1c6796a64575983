import assert from "node:assert/strict";

import { parseQuantity, readRoom } from "../../runtime/cycle/quantity.js";

describe("a Kubernetes quantity", () => {
  it("reads every form that the API writes", () => {
    const seen = ["250m", "2", "1.5Gi", "64Mi", "1e3", "500k", "100n", 3].map(parseQuantity);
    assert.deepEqual(seen.slice(0, 6), [0.25, 2, 1_610_612_736, 67_108_864, 1000, 500_000]);
    assert.ok(Math.abs((seen[6] ?? 0) - 1e-7) < 1e-15);
    assert.equal(seen[7], 3);
  });

  it("counts for nothing when it is none", () => {
    assert.deepEqual(["", "lots", "1Zi", null, undefined, {}, Number.NaN].map(parseQuantity), [0, 0, 0, 0, 0, 0, 0]);
  });

  it("gives room in thousandths of a core and bytes", () => {
    assert.deepEqual(readRoom({ cpu: "1930m", memory: "3Gi", pods: "17" }), {
      cpuMillis: 1930,
      memoryBytes: 3_221_225_472,
      pods: 17,
    });
  });
});
