import assert from "node:assert/strict";

import { daemonPod, budget, node, pod } from "./fixtures.js";
import { callsTo, outcomeOf, reasonOf, runDrain, type Given } from "./run-drain.js";

/** A node with one pod of a StatefulSet, whose volume needs so long to detach. */
const stateful = (detachMs?: number): Given => ({
  nodes: [node("a")],
  pods: [pod("db-0", "a", { claims: ["data-db-0"] })],
  volumes: [{ name: "pv-db", claim: "shop/data-db-0", node: "a", ...(detachMs === undefined ? {} : { detachMs }) }],
});

describe("a drain and volumes", () => {
  it("S23: a node is drained only once the volumes of its pods are detached", async () => {
    const { report, tookMs, world } = await runDrain(stateful(40_000));
    assert.equal(report.outcome, "drained");
    assert.equal(world.attached.size, 0);
    assert.ok(tookMs >= 40_000 && tookMs < 46_000, `took ${tookMs} ms`);
    assert.deepEqual(report.nodes[0]?.volumes, []);
  });

  it("S23: a volume that does not detach in its own time blocks with that reason, whatever time the drain has left", async () => {
    const { report, tookMs } = await runDrain({
      ...stateful(),
      settings: { timeoutSeconds: 1800, volumeDetachTimeoutSeconds: 60 },
    });
    assert.equal(report.outcome, "blocked");
    assert.ok(tookMs >= 60_000 && tookMs < 70_000, `took ${tookMs} ms`);
    assert.deepEqual(report.nodes[0]?.volumes, ["pv-db"]);
    assert.equal(report.nodes[0].state, "cordoned");
    assert.match(
      report.sentence,
      /node a has no pod left, but volume pv-db stayed attached beyond volumeDetachTimeout/,
    );
    assert.equal(outcomeOf(report, "db-0"), "evicted");
  });

  it("S23: under force-at-deadline it goes on without the volume and says so", async () => {
    const { report } = await runDrain({
      ...stateful(),
      settings: { volumeDetachTimeoutSeconds: 60, policy: "force-at-deadline" },
    });
    assert.equal(report.outcome, "drained-with-force");
    assert.deepEqual(report.forced, []);
    assert.match(report.sentence, /1 node given up with volumes attached: a \(pv-db\)/);
  });

  it("S23: the volume of a DaemonSet's pod, which stays, is not waited for", async () => {
    const { report, tookMs } = await runDrain({
      nodes: [node("a")],
      pods: [pod("db-0", "a", { claims: ["data-db-0"] }), daemonPod("cache-1", "a", { claims: ["cache-a"] })],
      volumes: [
        { name: "pv-db", claim: "shop/data-db-0", node: "a", detachMs: 1000 },
        { name: "pv-cache", claim: "shop/cache-a", node: "a" },
      ],
    });
    assert.equal(report.outcome, "drained");
    assert.ok(tookMs < 10_000, `took ${tookMs} ms`);
  });

  it("a continued drain waits for the volumes of pods that an earlier process saw off", async () => {
    const { report, tookMs } = await runDrain({
      nodes: [node("a", { isUnschedulable: true })],
      pods: [],
      volumes: [{ name: "pv-db", claim: "shop/data-db-0", node: "a", detachMs: 20_000 }],
      startedAgoMs: 30_000,
    });
    assert.equal(report.outcome, "drained");
    assert.ok(tookMs >= 20_000, `took ${tookMs} ms`);
  });

  it("a restart does not give volumes a second full wait after the drain's own end", async () => {
    const { report, tookMs } = await runDrain({
      nodes: [node("a", { isUnschedulable: true })],
      pods: [],
      volumes: [{ name: "pv-db", claim: "shop/data-db-0", node: "a" }],
      settings: { timeoutSeconds: 60, volumeDetachTimeoutSeconds: 100 },
      startedAgoMs: 150_000,
    });
    assert.equal(report.outcome, "blocked");
    assert.ok(tookMs < 45_000, `took ${tookMs} ms`);
  });

  it("asks for no volume where no pod that leaves has a claim", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), daemonPod("cache-1", "a", { claims: ["cache-a"] })],
    });
    assert.equal(report.outcome, "drained");
    assert.equal(world.volumeLists, 0);
  });

  it("drains without waiting, and says so, where RBAC does not let it list volumes", async () => {
    const { report } = await runDrain({ ...stateful(), volumesForbidden: "cannot list persistentvolumes" });
    assert.equal(report.outcome, "drained");
    assert.match(report.notes.join(), /Volumes were not waited for.*cannot list persistentvolumes/);
  });

  it("pods with volumes leave a node one by one, the highest priority first, each after the volume of the one before", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [
        pod("low-0", "a", { claims: ["low"], priority: 1 }),
        pod("high-0", "a", { claims: ["high"], priority: 9 }),
        pod("web-0", "a"),
        pod("web-1", "a"),
      ],
      volumes: [
        { name: "pv-low", claim: "shop/low", node: "a", detachMs: 10_000 },
        { name: "pv-high", claim: "shop/high", node: "a", detachMs: 10_000 },
      ],
    });
    assert.equal(report.outcome, "drained");
    const at = (name: string) => callsTo(world, "evict", name)[0]?.at ?? -1;
    assert.ok(at("web-0") < 1000 && at("web-1") < 1000 && at("high-0") < 1000, "these begin together");
    assert.ok(at("low-0") >= at("high-0") + 11_000, `${at("low-0")} after ${at("high-0")}`);
  });

  it("nodes do not wait for each other's volumes, nor for one that several pods share", async () => {
    const { world } = await runDrain({
      nodes: [node("a"), node("b")],
      pods: [
        pod("db-0", "a", { claims: ["db-0"] }),
        pod("db-1", "b", { claims: ["db-1"] }),
        pod("share-0", "a", { claims: ["shared"] }),
        pod("share-1", "a", { claims: ["shared"] }),
      ],
      volumes: [
        { name: "pv-0", claim: "shop/db-0", node: "a", detachMs: 5000 },
        { name: "pv-1", claim: "shop/db-1", node: "b", detachMs: 5000 },
        { name: "pv-shared", claim: "shop/shared", node: "a", detachMs: 5000 },
      ],
    });
    const evictions = callsTo(world, "evict");
    assert.equal(evictions.length, 4);
    assert.ok(
      evictions.every(({ at }) => at < 1000),
      evictions.map(({ at }) => at).join(", "),
    );
  });

  it("a pod that a budget holds keeps no other with a volume from leaving", async () => {
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [pod("held-0", "a", { claims: ["held"], priority: 9 }), pod("free-0", "a", { claims: ["free"] })],
      budgets: [budget("held", 1)],
      volumes: [
        { name: "pv-held", claim: "shop/held", node: "a", detachMs: 1000 },
        { name: "pv-free", claim: "shop/free", node: "a", detachMs: 1000 },
      ],
      settings: { timeoutSeconds: 60 },
    });
    assert.equal(report.outcome, "blocked");
    assert.equal(outcomeOf(report, "free-0"), "evicted");
    assert.match(reasonOf(report, "held-0"), /held by budget/);
  });

  it("a volume that never lets go holds up the next pod for two minutes, not for ever", async () => {
    const { world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("first-0", "a", { claims: ["first"], priority: 9 }), pod("second-0", "a", { claims: ["second"] })],
      volumes: [
        { name: "pv-first", claim: "shop/first", node: "a" },
        { name: "pv-second", claim: "shop/second", node: "a", detachMs: 1000 },
      ],
      settings: { volumeDetachTimeoutSeconds: 10 },
    });
    const [second] = callsTo(world, "evict", "second");
    assert.ok(second !== undefined && second.at >= 120_000 && second.at < 130_000, `at ${second?.at}`);
  });
});
