import assert from "node:assert/strict";

import { budget, node, pod } from "./fixtures.js";
import { callsTo, outcomeOf, reasonOf, runDrain } from "./run-drain.js";

const STALE = { kind: "budget-stale", message: "still being processed", retryAfterMs: 10_000 } as const;

describe("draining under budgets", () => {
  it("S1: lets pods go one at a time when their replacements come up elsewhere, and forces none", async () => {
    let fewestReady = 3;
    const { report, world } = await runDrain({
      nodes: [node("a"), node("spare")],
      pods: ["1", "2", "3"].map((i) => pod(`api-${i}`, "a")),
      budgets: [budget("api", 2)],
      request: { isTarget: ({ name }) => name === "a" },
      replace: (gone, generation) => (generation > 1 ? null : pod(`${gone.name}x`, "spare", { labels: gone.labels })),
      events: Array.from({ length: 30 }, (_, second) => ({
        afterMs: second * 1000,
        happen: ({ pods }) => {
          const ready = [...pods.values()].filter(({ deletionAt }) => deletionAt === null).length;
          fewestReady = Math.min(fewestReady, ready);
        },
      })),
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(report.forced, []);
    assert.equal(report.counts.evicted, 3);
    assert.ok((report.answers["budget-exhausted"] ?? 0) > 0, "some evictions were refused");
    assert.equal(fewestReady, 2);
    assert.ok(callsTo(world, "evict", "api").length < 12, "refused pods are not hammered");
  });

  it("S2: ends blocked at the deadline and names the budget with what it needs and has", async () => {
    const { report, tookMs, world } = await runDrain({
      nodes: [node("a")],
      pods: ["1", "2", "3"].map((i) => pod(`api-${i}`, "a")),
      budgets: [budget("api", 2)],
      settings: { timeoutSeconds: 120 },
    });
    assert.equal(report.outcome, "blocked");
    assert.equal(report.counts.blocked, 2);
    assert.match(report.sentence, /shop\/api-\d is held by budget shop\/api \(needs 2 healthy, has 2\)/);
    assert.deepEqual(report.forced, []);
    assert.equal(callsTo(world, "delete").length, 0);
    assert.ok(tookMs >= 120_000 && tookMs < 121_000, `took ${tookMs} ms`);
  });

  it("writes one event about each pod that stays blocked, and none about one that soon goes", async () => {
    const { world } = await runDrain({
      nodes: [node("a")],
      pods: [...["1", "2", "3"].map((i) => pod(`api-${i}`, "a")), pod("plain-1", "a")],
      budgets: [budget("api", 2)],
      settings: { timeoutSeconds: 600 },
    });
    const told = world.events.map(({ pod }) => pod).sort();
    assert.equal(new Set(told).size, 2);
    assert.equal(told.length, 2);
    assert.ok(told.every((name) => name.startsWith("api-")));
    assert.ok(world.events.every(({ at }) => at >= 30_000 && at < 40_000));
    assert.match(world.events[0]?.message ?? "", /^shop\/api-\d is held by budget shop\/api .* waits until \d{4}-/);
  });

  it("asks for no second event where the server does not take the first", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: ["1", "2", "3"].map((i) => pod(`api-${i}`, "a")),
      budgets: [budget("api", 3)],
      settings: { timeoutSeconds: 120 },
      refusesEvents: true,
    });
    assert.equal(report.outcome, "blocked");
    assert.equal(world.events.length, 1);
  });

  it("writes fifty events at most", async () => {
    const { world } = await runDrain({
      nodes: [node("a")],
      pods: Array.from({ length: 60 }, (_, i) => pod(`api-${i}`, "a", { labels: { app: "api" } })),
      budgets: [budget("api", 60)],
      settings: { timeoutSeconds: 600 },
    });
    assert.equal(world.events.length, 50);
  });

  it("S3: leaves a pod under two budgets be, at most one call in 10 s, while others go", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("twice-1", "a"), pod("plain-1", "a")],
      budgets: [budget("twice", 0), { ...budget("twice", 0), name: "other" }],
      settings: { timeoutSeconds: 100 },
    });
    assert.equal(report.outcome, "blocked");
    assert.equal(outcomeOf(report, "plain-1"), "evicted");
    assert.match(reasonOf(report, "twice-1"), /more than one budget \(shop\/twice, shop\/other\)/);
    const times = callsTo(world, "evict", "twice").map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    assert.ok(times.length >= 1 && gaps.every((gap) => gap >= 10_000), `calls at ${times.join(", ")}`);
  });

  it("S5: tries contention again, takes another UID for gone, and counts the two apart", async () => {
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), pod("web-1", "a")],
      answers: { "api-1": [{ kind: "budget-contention", message: "too many conflicts" }], "web-1": [{ kind: "gone" }] },
      events: [
        { afterMs: 0, happen: () => undefined },
        { afterMs: 150, happen: ({ pods }) => void pods.delete("uid-web-1") },
      ],
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(report.answers, { accepted: 1, "budget-contention": 1, gone: 1 });
    assert.equal(outcomeOf(report, "api-1"), "evicted");
    assert.equal(outcomeOf(report, "web-1"), "gone");
  });

  it("S6: honours the hint of a budget whose controller is behind", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a")],
      answers: { "api-1": [STALE] },
    });
    assert.equal(report.outcome, "drained");
    const [first, second] = callsTo(world, "evict", "api-1").map(({ at }) => at);
    assert.ok((second ?? 0) - (first ?? 0) >= 10_000, `tried at ${first} and ${second}`);
  });

  it("says that a budget's controller is down once it is behind for more than two minutes", async () => {
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a")],
      budgets: [budget("api", 0, { isStale: true })],
      settings: { timeoutSeconds: 200 },
    });
    assert.equal(report.outcome, "blocked");
    assert.match(reasonOf(report, "api-1"), /controller is down/);
  });

  it("S7: pauses the whole drain when the API server throttles, and marks no pod as blocked", async () => {
    const { report, world, progress } = await runDrain({
      nodes: [node("a")],
      pods: Array.from({ length: 30 }, (_, i) => pod(`api-${i}`, "a")),
      settings: { maxPodsInFlight: 1 },
      answers: { "api-1": [{ kind: "throttled", retryAfterMs: 3000 }] },
    });
    assert.equal(report.outcome, "drained");
    assert.ok(progress.every(({ podsBlocked }) => podsBlocked === 0));
    const times = callsTo(world, "evict").map(({ at }) => at);
    const longest = Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
    assert.ok(longest >= 3000, `longest pause ${longest} ms`);
    assert.equal(report.answers["throttled"], 1);
  });

  it("S8: waits for a terminating namespace to take its pod along", async () => {
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a")],
      answers: {
        "api-1": Array.from(
          { length: 50 },
          () => ({ kind: "namespace-terminating", message: "namespace is being terminated" }) as const,
        ),
      },
      events: [{ afterMs: 15_000, happen: ({ pods }) => void pods.delete("uid-api-1") }],
    });
    assert.equal(report.outcome, "drained");
    assert.equal(outcomeOf(report, "api-1"), "gone");
    assert.equal(report.answers["namespace-terminating"], 2);
  });

  it("S8: stops at once with RBAC when evictions are forbidden", async () => {
    const drained = runDrain({
      nodes: [node("a")],
      pods: Array.from({ length: 50 }, (_, i) => pod(`api-${i}`, "a")),
      answers: { "api-0": [{ kind: "forbidden", message: "cannot create resource pods/eviction" }] },
      settings: { maxPodsInFlight: 1 },
    });
    await assert.rejects(drained, { code: "rbac-denied", message: /^RBAC: .*shop\/api-0/ });
  });

  it("S13: deletes a finished pod on a node that a budget locks, without asking the budget", async () => {
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), pod("api-2", "a", { phase: "Succeeded", isReady: false })],
      budgets: [budget("api", 1)],
      settings: { timeoutSeconds: 30 },
    });
    assert.equal(outcomeOf(report, "api-2"), "evicted");
    assert.equal(report.pods.find(({ name }) => name === "api-2")?.attempts, 1);
    assert.equal(outcomeOf(report, "api-1"), "blocked");
  });

  for (const [policy, outcome] of [
    ["IfHealthyBudget", "blocked"],
    ["AlwaysAllow", "drained"],
  ] as const) {
    it(`S14: an unready pod under a broken budget with ${policy} ends ${outcome}`, async () => {
      const { report } = await runDrain({
        nodes: [node("a")],
        pods: [pod("api-1", "a", { isReady: false })],
        budgets: [budget("api", 1, { unhealthyPodEvictionPolicy: policy })],
        settings: { timeoutSeconds: 30 },
      });
      assert.equal(report.outcome, outcome);
      if (outcome === "blocked") assert.match(reasonOf(report, "api-1"), /unhealthy and the budget not met/);
    });
  }

  it("reports a webhook's refusal with its own words", async () => {
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a")],
      answers: {
        "api-1": Array.from(
          { length: 9 },
          () => ({ kind: "webhook-refused", message: "guard.example says no" }) as const,
        ),
      },
      settings: { timeoutSeconds: 40 },
    });
    assert.equal(report.outcome, "blocked");
    assert.match(report.sentence, /webhook on pods\/eviction: guard\.example says no/);
  });

  it("notices within seconds that a budget has room again, whatever the back-off", async () => {
    const frees = [41_000, 42_000, 43_000, 44_000, 45_000, 46_000, 47_000, 48_000];
    for (const afterMs of frees) {
      const { report, world } = await runDrain({
        nodes: [node("a")],
        pods: [pod("api-1", "a")],
        budgets: [budget("api", 1)],
        events: [{ afterMs, happen: ({ budgets }) => void budgets.splice(0, 1, budget("api", 0)) }],
      });
      assert.equal(report.outcome, "drained");
      const lastAt = Math.max(...callsTo(world, "evict").map(({ at }) => at));
      assert.ok(lastAt - afterMs < 4500, `tried ${lastAt - afterMs} ms later`);
    }
  });

  it("keeps pods without a budget moving while many under one budget are refused", async () => {
    const held = Array.from({ length: 40 }, (_, i) => pod(`held-${i}`, "a"));
    const free = Array.from({ length: 20 }, (_, i) => pod(`free-${i}`, "b"));
    const { report, world } = await runDrain({
      nodes: [node("a"), node("b")],
      pods: [...held, ...free],
      budgets: [budget("held", 40)],
      settings: { timeoutSeconds: 60, maxNodes: 1, requestsPerSecond: 1000 },
    });
    assert.equal(report.outcome, "blocked");
    assert.equal(report.counts.evicted, 20);
    assert.ok(world.peakInFlight <= 20);
    const lastFree = Math.max(...callsTo(world, "evict", "free").map(({ at }) => at));
    assert.ok(lastFree < 5000, `last at ${lastFree} ms`);
  });
});
