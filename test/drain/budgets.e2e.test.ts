import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { outcomeOf } from "./run-drain.js";
import { scenariosOnRealCluster } from "./real-cluster.js";
import { until } from "../lab/until.js";
import { isPodReady, statefulSet } from "../lab/workload.js";
import { MERGE_PATCH } from "./arrangements.js";
import type { Corner } from "./corner.js";

describe("draining a real API server under budgets", function () {
  this.timeout(60_000);
  const scenario = scenariosOnRealCluster();

  scenario(
    "S1: with a spare node all three leave through refusals, and never fewer than two are ready",
    async (corner) => {
      const full = await corner.addNode("full");
      await corner.run("api", 3, { annotations: { "lab/start": "500ms" } });
      await corner.addNode("spare");
      await corner.guard("api", { minAvailable: 2 });
      const readiness = sampleReady(corner, "api");
      const { report } = await corner.drain({ request: { isTarget: ({ name }) => name === full } });
      const { outcome, forced, counts, answers } = await report;
      assert.equal(outcome, "drained");
      assert.deepEqual(forced, []);
      assert.equal(counts.evicted, 3);
      assert.ok((answers["budget-exhausted"] ?? 0) > 0, "some evictions were refused");
      const readyCounts = await readiness.stop();
      assert.equal(Math.min(...readyCounts), 2, `ready over time: ${readyCounts.join(" ")}`);
      assert.ok((await corner.pods("api")).every(({ spec }) => spec?.nodeName !== full));
    },
  );

  scenario(
    "S2: down to zero the last two stay, and the report names their budget with needs and has",
    async (corner) => {
      await corner.addNode("a");
      await corner.run("api", 3);
      await corner.guard("api", { minAvailable: 2 });
      const forecast = await corner.inspect();
      assert.match(forecast.warnings.join("\n"), /budget \S+\/api \(needs 2 healthy, has 3\).*hold the last 2/);
      const { report, attempts } = await corner.drain({ settings: { policy: "wait", timeoutSeconds: 8 } });
      const { outcome, sentence, counts, forced, pods } = await report;
      assert.equal(outcome, "blocked");
      assert.match(sentence, /^Blocked: test-\d+\/api-\S+ is held by budget test-\d+\/api \(needs 2 healthy, has 2\)/);
      assert.deepEqual([counts.evicted, counts.blocked], [1, 2]);
      assert.deepEqual(forced, []);
      assert.ok(
        attempts.every(({ verb }) => verb === "evict"),
        "nothing is deleted past a budget",
      );
      const held = pods.find((pod) => pod.outcome === "blocked");
      assert.deepEqual(held?.budgets, [{ name: "api", needs: 2, has: 2, allows: 0 }]);
      assert.equal((await corner.pods("api")).filter(isPodReady).length, 2);
    },
  );

  scenario("S2: the preflight's dry runs leave the budget as it was", async (corner) => {
    await corner.addNode("a");
    await corner.run("api", 2);
    await corner.guard("api", { minAvailable: 2 });
    const before = await corner.readBudget("api");
    const { blocked, deadEnds } = await corner.inspect();
    assert.match(blocked[0]?.message ?? "", /disruption budget/);
    assert.match(deadEnds[0]?.problem ?? "", /all of its 2 pods/);
    assert.deepEqual((await corner.readBudget("api")).status, before.status);
  });

  scenario("S3: a pod under two budgets is asked for at most once in 10 s, and others leave", async (corner) => {
    await corner.addNode("a");
    await corner.run("twice", 1);
    await corner.run("plain", 2);
    await corner.guard("twice", { minAvailable: 0 }, "one");
    await corner.guard("twice", { minAvailable: 0 }, "other");
    const { report, attempts } = await corner.drain({ settings: { timeoutSeconds: 12 } });
    const { outcome, answers, counts, pods } = await report;
    assert.equal(outcome, "blocked");
    assert.equal(counts.evicted, 2);
    assert.deepEqual(Object.keys(answers).sort(), ["accepted", "several-budgets"]);
    assert.match(pods[0]?.reason ?? "", /more than one budget \(test-\d+\/one, test-\d+\/other\)/);
    const calls = attempts.filter(({ pod }) => pod.name.startsWith("twice")).map(({ at }) => at);
    const gaps = calls.slice(1).map((at, index) => at - (calls[index] ?? 0));
    assert.ok(
      gaps.every((gap) => gap >= 10_000),
      `gaps of ${gaps.join(", ")} ms`,
    );
  });

  scenario("S4: a StatefulSet pod that was refused and then replaced elsewhere is never evicted", async (corner) => {
    const { admin, namespace } = corner;
    const drained = await corner.addNode("drained");
    await admin.apps.createNamespacedStatefulSet({
      namespace,
      body: statefulSet({ namespace, name: "db" }, 1, corner.placement),
    });
    const first = await until(async () => (await corner.pods("db")).find(isPodReady));
    const elsewhere = await corner.addNode("elsewhere");
    await corner.guard("db", { minAvailable: 1 });
    let replacement = "";
    const replace = async (): Promise<void> => {
      await admin.core.deleteNamespacedPod({ namespace, name: "db-0", gracePeriodSeconds: 0 });
      const second = await until(async () => (await corner.pods("db")).find(isPodReady));
      replacement = second.metadata?.uid ?? "";
      // From here on the server itself would let the replacement go.
      const loosened = { namespace, name: "db", body: { spec: { minAvailable: 0 } } };
      await admin.policy.patchNamespacedPodDisruptionBudget(loosened, MERGE_PATCH);
      await until(async () => (await corner.readBudget("db")).status?.disruptionsAllowed === 1);
    };
    const { report, attempts } = await corner.drain({
      request: { isTarget: ({ name }) => name === drained },
      beforeEviction: (answered) => (answered === 1 ? replace() : Promise.resolve()),
    });
    const { outcome, pods } = await report;
    assert.equal(outcome, "drained");
    assert.deepEqual(
      attempts.map(({ pod, answer }) => [pod.uid, answer]),
      [
        [first.metadata?.uid, "budget-exhausted"],
        [first.metadata?.uid, "gone"],
      ],
    );
    assert.deepEqual(
      pods.map(({ uid, outcome: of }) => [uid, of]),
      [[first.metadata?.uid, "gone"]],
    );
    const [now] = await corner.pods("db");
    const seen = [now?.metadata?.uid, now?.spec?.nodeName, now?.metadata?.deletionTimestamp];
    assert.deepEqual(seen, [replacement, elsewhere, undefined]);
  });

  scenario("S13: a finished pod leaves a node that a budget locks, without a refusal", async (corner) => {
    const node = await corner.addNode("a");
    await corner.run("api", 1);
    await corner.runBare("job", node, { labels: { app: "api" } });
    await corner.finish("job");
    await corner.guard("api", { minAvailable: 1 });
    const { report, attempts } = await corner.drain({ settings: { timeoutSeconds: 6 } });
    const ended = await report;
    assert.equal(ended.outcome, "blocked");
    assert.equal(outcomeOf(ended, "job"), "evicted");
    const tries = attempts.filter(({ pod }) => pod.name === "job").map(({ answer }) => answer);
    assert.deepEqual(tries, ["accepted"]);
    assert.deepEqual(
      (await corner.pods()).map(({ metadata }) => metadata?.labels?.["app"]),
      ["api"],
    );
  });

  scenario("S14: an unready pod under a broken budget is held by IfHealthyBudget", async (corner) => {
    await corner.addNode("a");
    await corner.run("sick", 1, { annotations: { "lab/never-ready": "true" } });
    await corner.guard("sick", { minAvailable: 1 });
    const { report } = await corner.drain({ settings: { timeoutSeconds: 6 } });
    const ended = await report;
    assert.equal(ended.outcome, "blocked");
    assert.match(ended.sentence, /needs 1 healthy, has 0\): the pod is unhealthy and the budget not met/);
    assert.equal((await corner.pods("sick")).filter(({ metadata }) => metadata?.deletionTimestamp).length, 0);
  });

  scenario("S14: an unready pod under a broken budget leaves by AlwaysAllow", async (corner) => {
    await corner.addNode("a");
    await corner.run("sick", 1, { annotations: { "lab/never-ready": "true" } });
    await corner.guard("sick", { minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
    const { report } = await corner.drain();
    const { outcome, answers } = await report;
    assert.equal(outcome, "drained");
    assert.deepEqual(answers, { accepted: 1 });
  });
});

/** Counts the Ready pods of `app` again and again until it is stopped. */
function sampleReady(corner: Corner, app: string): { stop(): Promise<readonly number[]> } {
  const stopping = new AbortController();
  const sampling = (async () => {
    const counts: number[] = [];
    while (!stopping.signal.aborted) {
      counts.push((await corner.pods(app)).filter(isPodReady).length);
      await sleep(50);
    }
    return counts;
  })();
  return {
    stop: () => {
      stopping.abort();
      return sampling;
    },
  };
}
