import assert from "node:assert/strict";

import fc from "fast-check";

import { deepQueue, visibilitySeconds, workerConcurrency } from "../../components/hub/sizes.js";

const workers = fc.record({
  timeoutSeconds: fc.integer({ min: 60, max: 900 }),
  memoryMb: fc.constant(1024),
  maximumConcurrency: fc.integer({ min: 2, max: 1_000 }),
  batchSize: fc.integer({ min: 1, max: 10 }),
});

describe("the hub's sizes", () => {
  it("keep a message hidden for six time-outs, within SQS's twelve hours", () => {
    fc.assert(
      fc.property(workers, (sizes) => {
        const seconds = visibilitySeconds(sizes);
        assert.ok(seconds >= 6 * sizes.timeoutSeconds && seconds <= 43_200);
      }),
    );
  });

  it("reserve more than the event source may ever ask for", () => {
    fc.assert(fc.property(workers, (sizes) => assert.ok(workerConcurrency(sizes) > sizes.maximumConcurrency)));
    const concurrency = (maximumConcurrency: number) =>
      workerConcurrency({ timeoutSeconds: 120, memoryMb: 1024, batchSize: 10, maximumConcurrency });
    assert.deepEqual([2, 25, 1_000].map(concurrency), [4, 28, 1_100]);
  });

  it("call a queue deep when its workers need more than four rounds", () => {
    assert.equal(deepQueue({ timeoutSeconds: 120, memoryMb: 1024, batchSize: 10, maximumConcurrency: 25 }), 1_000);
  });
});
