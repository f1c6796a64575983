import assert from "node:assert/strict";
import { measureHub } from "../../bench/fleet/measure-hub.js";

describe("a wave over whole accounts", () => {
  it("is as fast as the accounts' quotas allow, is never throttled, and reaches every cluster", async function () {
    this.timeout(120_000);
    const { sleep, wake, warmUpThrottles } = await measureHub({ clusters: 40, perAccount: 20 });
    for (const { ratio, throttles, reached } of [sleep, wake]) {
      assert.ok(ratio <= 1.2, `${ratio} times the floor`);
      assert.equal(throttles, 0);
      assert.equal(reached, 40);
    }
    assert.equal(warmUpThrottles, 0);
    assert.ok(wake.afterEdgeMs <= 0, "usable when its window begins");
  });
});
