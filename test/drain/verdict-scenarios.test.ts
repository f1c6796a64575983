import assert from "node:assert/strict";

import { daemonPod, node, pod } from "./fixtures.js";
import { callsTo, outcomeOf, reasonOf, runDrain } from "./run-drain.js";

const bare = { controller: null } as const;

describe("which pods a drain moves", () => {
  it("S9: skips running DaemonSet pods with one merged warning and deletes finished ones", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a"), node("b")],
      pods: [daemonPod("proxy-1", "a"), daemonPod("proxy-2", "b"), daemonPod("proxy-3", "b", { phase: "Failed" })],
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(
      callsTo(world, "evict").map(({ target }) => target),
      ["proxy-3 uid-proxy-3"],
    );
    assert.deepEqual(report.warnings, [
      {
        message: "is run by a DaemonSet and stays until its node goes",
        count: 2,
        examples: ["shop/proxy-1", "shop/proxy-2"],
      },
    ]);
  });

  it("S9: an orphan of a DaemonSet that is gone keeps its whole node from being touched; other nodes go on", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a"), node("b")],
      pods: [daemonPod("old-1", "a"), pod("api-1", "a"), pod("api-2", "b")],
      missingDaemonSets: ["old"],
    });
    assert.equal(report.outcome, "refused");
    assert.deepEqual(
      callsTo(world, "evict").map(({ target }) => target),
      ["api-2 uid-api-2"],
    );
    assert.equal(outcomeOf(report, "old-1"), "refused");
    assert.equal(outcomeOf(report, "api-1"), "not-attempted");
    assert.deepEqual(
      report.nodes.map(({ name, state, isRefused }) => [name, state, isRefused]),
      [
        ["a", "cordoned", true],
        ["b", "drained", false],
      ],
    );
  });

  it("S9: with the opt-in the orphan is evicted and listed as lost", async () => {
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [daemonPod("old-1", "a")],
      missingDaemonSets: ["old"],
      settings: { deleteUnmanagedPods: true },
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(report.lost, ["shop/old-1"]);
  });

  it("S10: leaves static pods and counts their node as drained", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("etcd-a", "a", { isMirror: true, ...bare })],
    });
    assert.equal(report.outcome, "drained");
    assert.equal(callsTo(world, "evict").length, 0);
    assert.equal(report.nodes[0]?.state, "drained");
  });

  it("S11: refuses a node with an emptyDir before any eviction on it, and gives every reason at once", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("cache-1", "a", { hasEmptyDir: true, ...bare }), pod("api-1", "a")],
    });
    assert.equal(report.outcome, "refused");
    assert.equal(callsTo(world, "evict").length, 0);
    assert.match(reasonOf(report, "cache-1"), /emptyDir.*; has no controller/);
  });

  it("S12: refuses a bare pod by name, or loses it by opt-in and says so", async () => {
    const given = { nodes: [node("a")], pods: [pod("debug-1", "a", bare)] };
    const refused = await runDrain(given);
    assert.equal(refused.report.outcome, "refused");
    assert.match(refused.report.sentence, /shop\/debug-1 has no controller/);
    const allowed = await runDrain({ ...given, settings: { deleteUnmanagedPods: true } });
    assert.equal(allowed.report.outcome, "drained");
    assert.deepEqual(allowed.report.lost, ["shop/debug-1"]);
    assert.equal(outcomeOf(allowed.report, "debug-1"), "lost");
  });

  it("never touches Fargate nodes", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a"), node("f", { isFargate: true })],
      pods: [pod("api-1", "f")],
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(
      world.calls.map(({ target }) => target),
      ["a"],
    );
  });

  it("waits for protected pods until the deadline and reports the mark", async () => {
    const protectedPod = pod("batch-1", "a", { annotations: { "karpenter.sh/do-not-disrupt": "true" } });
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [protectedPod],
      settings: { timeoutSeconds: 30 },
    });
    assert.equal(report.outcome, "blocked");
    assert.equal(callsTo(world, "evict").length, 0);
    assert.match(report.sentence, /shop\/batch-1 carries karpenter\.sh\/do-not-disrupt=true/);
  });

  it("evicts a protected pod when its mark runs out or is overridden", async () => {
    const short = pod("batch-1", "a", { annotations: { "karpenter.sh/do-not-disrupt": "20s" }, startedAt: null });
    const unsafe = pod("job-1", "a", { annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } });
    const overridden = await runDrain({ nodes: [node("a")], pods: [unsafe], settings: { overrideProtection: true } });
    assert.equal(overridden.report.outcome, "drained");
    const startedAt = Date.parse("2026-01-05T19:00:00Z");
    const ranOut = await runDrain({ nodes: [node("a")], pods: [{ ...short, startedAt }] });
    assert.equal(ranOut.report.outcome, "drained");
    assert.ok((callsTo(ranOut.world, "evict")[0]?.at ?? 0) >= 20_000);
  });

  it("ignores an invalid mark, with a warning", async () => {
    const odd = pod("api-1", "a", { annotations: { "karpenter.sh/do-not-disrupt": "please" } });
    const { report } = await runDrain({ nodes: [node("a")], pods: [odd] });
    assert.equal(report.outcome, "drained");
    assert.match(report.warnings[0]?.message ?? "", /do-not-disrupt=please, which means nothing/);
  });

  it("moves critical pods only when the ordinary ones are gone", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [
        pod("dns-1", "a", { priorityClassName: "system-cluster-critical" }),
        pod("api-1", "a", { graceSeconds: 8 }),
      ],
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(
      callsTo(world, "evict").map(({ target }) => target.split(" ")[0]),
      ["api-1", "dns-1"],
    );
    assert.ok((callsTo(world, "evict", "dns")[0]?.at ?? 0) >= 8000);
  });
});
