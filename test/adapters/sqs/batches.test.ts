import assert from "node:assert/strict";
import fc from "fast-check";

import { packBatches } from "../../../runtime/adapters/sqs/batches.js";

const pack = (sizes: readonly number[], maxEntries = 10, maxBytes = 100) =>
  packBatches(sizes, (size) => size, { maxEntries, maxBytes });

describe("batches of messages", () => {
  it("hold ten at most", () => {
    assert.deepEqual(
      pack(Array.from({ length: 23 }, () => 1)).map(({ length }) => length),
      [10, 10, 3],
    );
  });

  it("hold no more bytes than a call may carry", () => {
    assert.deepEqual(pack([60, 40, 1, 99, 2]), [[60, 40], [1, 99], [2]]);
  });

  it("leave what is too large alone, for the service to refuse", () => {
    assert.deepEqual(pack([1, 500, 1]), [[1], [500], [1]]);
  });

  it("lose nothing, keep the order and stay within both limits", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 })), fc.integer({ min: 1, max: 10 }), (sizes, maxEntries) => {
        const batches = pack(sizes, maxEntries);
        assert.deepEqual(batches.flat(), sizes);
        for (const batch of batches) {
          assert(batch.length >= 1 && batch.length <= maxEntries);
          assert(batch.reduce((sum, size) => sum + size, 0) <= 100);
        }
      }),
    );
  });
});
