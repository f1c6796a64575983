import assert from "node:assert/strict";

import { settingsSchema, type SettingsInput } from "../../runtime/cycle/index.js";
import type { DrainForecast, LeavingPod } from "../../runtime/drain/index.js";
import { estimateDrain, estimateHibernate, estimateWake } from "../../runtime/doctor/estimate.js";
import type { RunReport } from "../../runtime/run/index.js";
import { runReport } from "../fleet/run-report.js";
import { doctorFixture, told } from "./fixture.js";

function forecast(leaving: readonly LeavingPod[], more: Partial<DrainForecast> = {}): DrainForecast {
  const empty = { refusal: null, refused: [], lost: [], deadEnds: [], blocked: [], holds: [], podWarnings: [] };
  return { ...empty, localVolumes: [], silent: [], warnings: [], leaving, ...more };
}

/** So many pods with this grace, spread over nodes. */
function pods(count: number, graceSeconds: number, nodes: number): readonly LeavingPod[] {
  return Array.from({ length: count }, (_, index) => ({
    pod: `shop/p-${index}`,
    node: `n-${index % nodes}`,
    graceSeconds,
    isLeftForLast: false,
    budgets: [],
  }));
}

const settings = (input: SettingsInput = {}) => settingsSchema.parse(input);

describe("the estimate of a drain", () => {
  it("is nothing without pods", () => {
    assert.deepEqual(estimateDrain(forecast([]), settings()), { leastSeconds: 0, mostSeconds: 0 });
  });

  it("is at best the time of sending, at worst the longest grace in rounds of nodes", () => {
    const drain = { requestsPerSecond: 20, maxPodsInFlight: 100, maxNodes: 5, timeoutSeconds: 1800 };
    const found = estimateDrain(forecast(pods(40, 30, 10)), settings({ drain }));
    // 40 evictions at 20 a second; ten nodes, five at once, 30 s each; 5 s to settle.
    assert.deepEqual(found, { leastSeconds: 7, mostSeconds: 65 });
  });

  it("is the whole time where a silent node keeps its pods, and not where its instance has ended", () => {
    const silent = { node: "n-0", state: "node n-0 is Unknown", end: null, pods: ["shop/p-0"] };
    const drain = { timeoutSeconds: 1800 };
    const stuck = forecast(pods(1, 30, 1), { silent: [silent] });
    assert.deepEqual(estimateDrain(stuck, settings({ drain })), { leastSeconds: 1800, mostSeconds: 1800 });
    const ended = forecast(pods(1, 30, 1), { silent: [{ ...silent, end: "terminated" }] });
    assert.ok(estimateDrain(ended, settings({ drain })).mostSeconds < 60);
  });

  it("counts graces up to the cap, through the pods in flight", () => {
    const drain = { maxPodsInFlight: 2, maxNodes: 100, podDeletionCapSeconds: 60 };
    // Ten pods of at most 60 s, two at a time.
    assert.equal(estimateDrain(forecast(pods(10, 3600, 1)), settings({ drain })).mostSeconds, 305);
  });

  it("is the whole timeout when a budget or a mark holds a pod", () => {
    const given = settings({ drain: { timeoutSeconds: 900 } });
    const held = { budget: "shop/a", problem: "", needs: 1, has: 1 };
    const marked = pods(1, 1, 1).map((pod) => ({ ...pod, isLeftForLast: true }));
    for (const one of [forecast(pods(1, 1, 1), { holds: [held] }), forecast(marked)])
      assert.deepEqual(estimateDrain(one, given), { leastSeconds: 900, mostSeconds: 900 });
  });
});

describe("the estimate of a run", () => {
  const run = (seconds: number, more: Partial<RunReport> = {}) =>
    runReport({ action: "hibernate", result: "completed", startedAt: 0, finishedAt: seconds * 1000, ...more });

  it("rests on the last completed runs of the same kind", () => {
    const reports = [
      ...[run(100), run(9999, { result: "failed" }), run(140), run(8888, { action: "wake" })],
      ...[run(120), run(110), run(130), run(7777)],
    ];
    const estimate = estimateHibernate(forecast(pods(1, 1, 1)), settings(), reports);
    assert.deepEqual(estimate, { leastSeconds: 100, mostSeconds: 140, basis: "reports", runs: 5 });
  });

  it("rests on the formula before the first", () => {
    const wake = estimateWake(settings({ nodesStableSeconds: 0 }), []);
    const slower = estimateWake(settings({ nodesStableSeconds: 30 }), []);
    assert.equal(wake.basis, "formula");
    assert.equal(slower.leastSeconds - wake.leastSeconds, 30);
    assert.ok(wake.leastSeconds < wake.mostSeconds);
  });
});

describe("the check of duration", () => {
  it("warns when draining may take longer than it is given", async () => {
    const { cluster, check } = doctorFixture();
    cluster.addDeployment({ name: "slow", graceSeconds: 300 });
    assert.equal((await check("duration")).status, "ok");
    const short = await check("duration", { drain: { timeoutSeconds: 60 } });
    assert.match(told(short)[0] ?? "", /^warning: Draining may take 305 s .* has 60 s/);
  });

  it("tells how long the last runs took", async () => {
    const { run, check } = doctorFixture();
    await run("hibernated");
    await run("running");
    const lines = told(await check("duration"));
    assert.equal(lines.filter((line) => line.includes("by its last 1 run(s)")).length, 2);
  });
});
