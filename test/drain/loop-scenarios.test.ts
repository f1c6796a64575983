import assert from "node:assert/strict";

import { Failure, LOAD_BALANCER_EXCLUSION_LABEL } from "../../runtime/ports/index.js";
import { budget, node, pod } from "./fixtures.js";
import { callsTo, outcomeOf, reasonOf, runDrain } from "./run-drain.js";

const unavailable = () => new Failure({ code: "unavailable", message: "500", remedy: "Wait." });

describe("the drain loop", () => {
  it("cordons every target, noted first, before the first eviction, and skips what is done already", async () => {
    const done = node("b", { isUnschedulable: true, labels: { [LOAD_BALANCER_EXCLUSION_LABEL]: "true" } });
    const { world, notes } = await runDrain({
      nodes: [node("a"), done, node("c")],
      pods: [pod("api-1", "a"), pod("api-2", "b"), pod("api-3", "c")],
      request: { cordonedByUs: new Set(["b"]) },
    });
    assert.deepEqual(
      world.calls.map(({ verb }) => verb),
      ["patch", "patch", "evict", "evict", "evict"],
    );
    assert.deepEqual(notes, ["cordon a,c"]);
    assert.equal(world.nodes.get("a")?.labels[LOAD_BALANCER_EXCLUSION_LABEL], "true");
  });

  it("S24: neither notes nor touches the cordon of a node that was cordoned before", async () => {
    const { world, notes, report } = await runDrain({
      nodes: [node("a", { isUnschedulable: true })],
      pods: [pod("api-1", "a")],
      request: { cordonedBefore: new Set(["a"]) },
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(notes, []);
    assert.equal(callsTo(world, "patch").length, 0);
  });

  it("tells which of our cordons load balancers left out already", async () => {
    const excluded = node("a", { labels: { [LOAD_BALANCER_EXCLUSION_LABEL]: "" } });
    const { notes } = await runDrain({ nodes: [excluded], pods: [] });
    assert.deepEqual(notes, ["cordon a excluded a"]);
  });

  it("S4: never evicts the same-name pod that replaced a refused one elsewhere", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a"), node("other")],
      pods: [pod("db-0", "a")],
      request: { isTarget: ({ name }) => name === "a" },
      answers: { "db-0": [{ kind: "budget-exhausted", message: "no" }] },
      events: [
        {
          afterMs: 500,
          happen: ({ pods }) => {
            pods.delete("uid-db-0");
            pods.set("second", pod("db-0", "other", { uid: "second" }));
          },
        },
      ],
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(
      callsTo(world, "evict").map(({ target }) => target),
      ["db-0 uid-db-0"],
    );
    assert.ok(world.pods.has("second"));
  });

  it("S20: sees a pod that a stale scheduler bound 3 s after the cordon, before it calls the node drained", async () => {
    const { report, world, tookMs } = await runDrain({
      nodes: [node("a")],
      pods: [],
      events: [{ afterMs: 3000, happen: ({ pods }) => void pods.set("late", pod("late-1", "a", { uid: "late" })) }],
    });
    assert.equal(report.outcome, "drained");
    assert.equal(outcomeOf(report, "late-1"), "evicted");
    assert.equal(world.pods.size, 0);
    assert.ok(tookMs >= 5000);
  });

  it("an empty node costs the 5 s of settling and hardly more", async () => {
    const { tookMs, report } = await runDrain({ nodes: [node("a")], pods: [] });
    assert.ok(tookMs >= 5000 && tookMs < 5300, `took ${tookMs} ms`);
    assert.equal(report.calls.passes, 2);
  });

  it("a node whose cordon has been waited out costs nothing more, unless somebody undid that cordon", async () => {
    const request = { cordonedByUs: new Set(["a"]), settledCordons: new Set(["a"]) };
    const closed = await runDrain({ nodes: [node("a", { isUnschedulable: true })], pods: [], request });
    assert.ok(closed.tookMs < 300, `took ${closed.tookMs} ms`);
    const open = await runDrain({ nodes: [node("a")], pods: [], request });
    assert.ok(open.tookMs >= 5000, `took ${open.tookMs} ms`);
  });

  it("looks again soon where the next pods only wait for the ones before them to be gone", async () => {
    const critical = { priorityClassName: "system-cluster-critical", priority: 2_000_000_000 };
    const { report, tookMs } = await runDrain({
      nodes: [node("a", { isUnschedulable: true })],
      pods: [pod("api-1", "a", { graceSeconds: 0 }), pod("dns-1", "a", { graceSeconds: 0, ...critical })],
      request: { cordonedByUs: new Set(["a"]), settledCordons: new Set(["a"]) },
    });
    assert.equal(report.outcome, "drained");
    assert.ok(tookMs < 1_500, `took ${tookMs} ms`);
  });

  it("empties a node but for the pods that are spared, of which it says nothing", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), pod("dns-1", "a")],
      request: { isSpared: ({ name }) => name === "dns-1" },
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(
      report.pods.map(({ name, outcome }) => [name, outcome]),
      [["api-1", "evicted"]],
    );
    assert.deepEqual(
      [...world.pods.values()].map(({ name }) => name),
      ["dns-1"],
    );
  });

  it("S21: cordons and drains a node that appears mid-drain", async () => {
    const { report, world, notes } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a", { graceSeconds: 6 })],
      events: [
        {
          afterMs: 4000,
          happen: ({ nodes, pods }) => {
            nodes.set("b", node("b"));
            pods.set("uid-web-1", pod("web-1", "b"));
          },
        },
      ],
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(notes, ["cordon a", "cordon b"]);
    assert.equal(outcomeOf(report, "web-1"), "evicted");
    assert.deepEqual(
      report.nodes.map(({ name, state }) => [name, state]),
      [
        ["a", "drained"],
        ["b", "drained"],
      ],
    );
    const cordonedAt = callsTo(world, "patch", "b")[0]?.at ?? 0;
    assert.ok((callsTo(world, "evict", "web")[0]?.at ?? 0) >= cordonedAt);
  });

  it("S22: stops evicting pods that their controller keeps putting back on cordoned nodes", async () => {
    let serial = 0;
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("any-0", "a", { toleratesEverything: true })],
      replace: () => pod(`any-${++serial}`, "a", { toleratesEverything: true }),
      settings: { timeoutSeconds: 120 },
    });
    assert.equal(report.outcome, "blocked");
    assert.ok(callsTo(world, "evict").length <= 4, `${callsTo(world, "evict").length} evictions`);
    assert.match(report.sentence, /tolerates the cordon/);
  });

  it("ends blocked when somebody takes its cordons back as often as it sets them", async () => {
    const { report, tookMs } = await runDrain({
      nodes: [node("a")],
      pods: [],
      settings: { timeoutSeconds: 60 },
      events: Array.from({ length: 200 }, (_, second) => ({
        afterMs: second * 500,
        happen: ({ nodes }) => void nodes.set("a", node("a")),
      })),
    });
    assert.equal(report.outcome, "blocked");
    assert.match(report.sentence, /do not stay cordoned/);
    assert.ok(tookMs <= 91_000, `took ${tookMs} ms`);
  });

  it("waits for a pod that terminates already without evicting it again, and critical pods wait with it", async () => {
    const deletionAt = Date.parse("2026-01-05T19:00:20Z");
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a", { deletionAt }), pod("dns-1", "a", { priorityClassName: "system-cluster-critical" })],
      events: [{ afterMs: 20_000, happen: ({ pods }) => void pods.delete("uid-api-1") }],
    });
    assert.equal(report.outcome, "drained");
    assert.equal(outcomeOf(report, "api-1"), "gone");
    const evictions = callsTo(world, "evict");
    assert.deepEqual(
      evictions.map(({ target }) => target),
      ["dns-1 uid-dns-1"],
    );
    assert.ok(evictions.every(({ at }) => at >= 20_000));
  });

  it("S25: goes on when lists fail for a while", async () => {
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a", { graceSeconds: 5 })],
      listFailures: [null, unavailable(), unavailable()],
    });
    assert.equal(report.outcome, "drained");
  });

  it("throws the fault when it cannot see at its very end", async () => {
    const blind = runDrain({
      nodes: [node("a")],
      pods: [],
      listFailures: Array.from({ length: 99 }, unavailable),
      settings: { timeoutSeconds: 60 },
    });
    await assert.rejects(blind, { code: "unavailable" });
  });

  it("stops at a safe point when cancelled: no further call, what was begun is accounted for", async () => {
    const { report, world, tookMs } = await runDrain({
      nodes: [node("a")],
      pods: Array.from({ length: 30 }, (_, i) => pod(`api-${i}`, "a")),
      settings: { maxPodsInFlight: 2 },
      cancelAfterMs: 450,
    });
    assert.equal(report.outcome, "cancelled");
    assert.ok(tookMs < 700, `took ${tookMs} ms`);
    assert.ok(world.calls.every(({ at }) => at <= 450));
    assert.equal(report.answers["accepted"], callsTo(world, "evict").length);
    assert.ok(report.counts["not-attempted"] > 0);
  });

  it("yields when its process is out of time, and a second call with the same request ends the work", async () => {
    const given = { nodes: [node("a")], pods: [pod("api-1", "a")], budgets: [budget("api", 1)] };
    const { report, tookMs } = await runDrain({ ...given, yieldAfterMs: 7000 });
    assert.equal(report.outcome, "yielded");
    assert.ok(tookMs >= 7000 && tookMs < 7500, `took ${tookMs} ms`);
    assert.match(reasonOf(report, "api-1"), /held by budget/);
  });

  it("keeps its lease alive every few seconds and ends at once when it is lost", async () => {
    const kept = await runDrain({ nodes: [node("a")], pods: [pod("api-1", "a", { graceSeconds: 20 })] });
    const gaps = kept.heartbeats.slice(1).map((at, index) => at - (kept.heartbeats[index] ?? 0));
    assert.ok(gaps.length >= 5 && gaps.every((gap) => gap <= 5000), gaps.join(", "));
    const lost = new Failure({ code: "lease-lost", message: "lost", remedy: "None." });
    const given = { nodes: [node("a")], pods: [pod("api-1", "a")], hooks: { keepAlive: () => Promise.reject(lost) } };
    await assert.rejects(runDrain(given), { code: "lease-lost" });
  });

  it("changes nothing when the note of a cordon cannot be written", async () => {
    const failing = new Failure({ code: "store-unavailable", message: "disk full", remedy: "Make room." });
    const drained = runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a")],
      hooks: { beforeCordon: () => Promise.reject(failing) },
    });
    await assert.rejects(drained, { code: "store-unavailable" });
  });

  it("takes an accepted eviction that shows no effect for lost, and tries again", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a")],
      events: [
        // Somebody's admission quirk: the deletion mark vanishes once.
        { afterMs: 800, happen: ({ pods }) => void pods.set("uid-api-1", pod("api-1", "a", { graceSeconds: 2 })) },
      ],
    });
    assert.equal(report.outcome, "drained");
    assert.equal(callsTo(world, "evict").length, 2);
  });

  it("looks at a pod that is stuck about once a second, not all the time", async () => {
    const { report, tookMs } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a", { finalizers: ["example.com/hold"] })],
      settings: { timeoutSeconds: 300 },
    });
    assert.equal(report.outcome, "blocked");
    assert.ok(report.calls.passes < tookMs / 1000 + 60, `${report.calls.passes} looks in ${tookMs} ms`);
  });

  it("drains 300 pods under 10 budgets, all within their bounds, about as fast as the server admits them", async () => {
    const nodes = Array.from({ length: 10 }, (_, i) => node(`n${i}`));
    const pods = Array.from({ length: 300 }, (_, i) => pod(`app${i % 10}-${i}`, `n${Math.floor(i / 30)}`));
    const budgets = Array.from({ length: 10 }, (_, i) => budget(`app${i}`, 0));
    const { report, tookMs, world, naps } = await runDrain({
      nodes,
      pods,
      budgets,
      settings: { maxNodes: 10, maxPodsInFlight: 50, maxPodsInFlightPerBudget: 10, requestsPerSecond: 1000 },
      evictionMs: 400,
    });
    assert.equal(report.outcome, "drained");
    assert.equal(report.counts.evicted, 300);
    assert.equal(world.peakInFlight, 50);
    // 300 pods, 50 at a time, 400 ms each: 2.4 s and the grace of 1 s; the settling of 5 s overlaps.
    assert.ok(tookMs < 5500, `took ${tookMs} ms`);
    assert.ok(naps < 700, `slept ${naps} times`);
  });
});
