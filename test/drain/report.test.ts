import assert from "node:assert/strict";

import { budget, node, pod } from "./fixtures.js";
import { runDrain } from "./run-drain.js";

/** More pods than a report lists, one of them held by its budget. */
const PODS = [pod("held-1", "a"), ...Array.from({ length: 230 }, (_, i) => pod(`api-${i}`, "a"))];

function drainOf(pods: typeof PODS) {
  return runDrain({
    nodes: [node("a")],
    pods,
    budgets: [budget("held", 1)],
    settings: { timeoutSeconds: 60, requestsPerSecond: 1000 },
  });
}

describe("a drain's report", () => {
  it("lists 200 pods at most, what needs a person first, and counts them all", async () => {
    const { report } = await drainOf(PODS);
    assert.equal(report.outcome, "blocked");
    assert.equal(report.pods.length, 200);
    assert.equal(report.podsCut, 31);
    assert.equal(report.pods[0]?.name, "held-1");
    assert.deepEqual([report.counts.blocked, report.counts.evicted], [1, 230]);
  });

  it("comes in the same order whatever the order of the pods, so that two runs compare", async () => {
    const [one, other] = await Promise.all([drainOf(PODS), drainOf(PODS.toReversed())]);
    assert.deepEqual(
      one.report.pods.map(({ name, outcome }) => [name, outcome]),
      other.report.pods.map(({ name, outcome }) => [name, outcome]),
    );
  });
});
