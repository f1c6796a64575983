import assert from "node:assert/strict";

import { budget, node, pod } from "./fixtures.js";
import { callsTo, outcomeOf, reasonOf, runDrain } from "./run-drain.js";

const force = { policy: "force-at-deadline", timeoutSeconds: 60 } as const;
const BEGIN = Date.parse("2026-01-05T19:00:00Z");

describe("at the drain's deadline", () => {
  it("S15: deletes a pod whose grace exceeds what is left with 1 to 60 s, and its UID", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("slow-1", "a", { graceSeconds: 3600 })],
      settings: force,
    });
    assert.equal(report.outcome, "drained-with-force");
    const [call] = callsTo(world, "delete");
    assert.ok(call?.graceSeconds !== undefined);
    assert.equal(call.target, "slow-1 uid-slow-1");
    assert.ok(call.graceSeconds >= 1 && call.graceSeconds <= 60, `grace ${call.graceSeconds}`);
    assert.deepEqual(report.forced, ["shop/slow-1"]);
  });

  it("forces a pod that its budget holds only when its grace just fits", async () => {
    const { report, world, tookMs } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a", { graceSeconds: 20 })],
      budgets: [budget("api", 1)],
      settings: force,
    });
    assert.equal(report.outcome, "drained-with-force");
    const [call] = callsTo(world, "delete");
    assert.ok((call?.at ?? 0) >= 40_000 && (call?.at ?? 0) <= 41_100, `deleted at ${call?.at}`);
    assert.ok((call?.graceSeconds ?? 0) >= 18 && (call?.graceSeconds ?? 0) <= 20);
    assert.ok(tookMs <= 62_000);
  });

  it("S16: brings a terminating pod back inside the deadline, with less grace each time and never 0", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("slow-1", "a", { graceSeconds: 3600, deletionAt: BEGIN + 3_600_000 })],
      settings: force,
    });
    assert.equal(report.outcome, "drained-with-force");
    const graces = callsTo(world, "delete").map(({ graceSeconds }) => graceSeconds ?? 0);
    assert.equal(graces.length, 1);
    assert.ok((graces[0] ?? 0) >= 1 && (graces[0] ?? 99) <= 60);
  });

  it("S17: names the finalizers of a stuck pod, strips none, and ends partial", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a", { finalizers: ["example.com/hold"] })],
      settings: force,
    });
    assert.equal(report.outcome, "partial");
    assert.match(report.sentence, /shop\/api-1 is stuck terminating: held by finalizers example\.com\/hold/);
    assert.ok(world.pods.has("uid-api-1"));
  });

  it("S17: under the policy wait a finalizer ends blocked", async () => {
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a", { finalizers: ["example.com/hold"] })],
      settings: { timeoutSeconds: 60 },
    });
    assert.equal(report.outcome, "blocked");
    assert.match(reasonOf(report, "api-1"), /example\.com\/hold/);
  });

  it("S19: forces a critical pod together with the ordinary one whose budget held it back", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), pod("dns-1", "a", { priorityClassName: "system-node-critical" })],
      budgets: [budget("api", 1)],
      settings: force,
    });
    assert.equal(report.outcome, "drained-with-force");
    assert.equal(callsTo(world, "evict", "dns").length, 0);
    const times = callsTo(world, "delete").map(({ at }) => at);
    assert.equal(times.length, 2);
    assert.ok(Math.abs((times[0] ?? 0) - (times[1] ?? 0)) < 500, `deleted at ${times.join(", ")}`);
  });

  it("H22: scales the owners of held pods to 0, noting their replicas first; the rest falls to blocked", async () => {
    const owner = { kind: "Deployment", namespace: "shop", name: "api", uid: "dep-api", replicas: 2 } as const;
    const { report, notes, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), pod("api-2", "a"), pod("odd-1", "a")],
      budgets: [budget("api", 2), budget("odd", 1)],
      owners: { api: owner },
      settings: { policy: "scale-owners", timeoutSeconds: 120 },
    });
    assert.deepEqual(notes, ["cordon a", "scale api from 2"]);
    assert.deepEqual(report.scaledOwners, [owner]);
    assert.equal(callsTo(world, "scale").length, 1);
    assert.ok((callsTo(world, "scale")[0]?.at ?? 0) >= 100_000);
    assert.equal(outcomeOf(report, "api-1"), "scaled");
    assert.equal(report.outcome, "blocked");
    assert.equal(outcomeOf(report, "odd-1"), "blocked");
  });

  it("H22: drains to the end when every held pod has a scalable owner, critical ones behind them included", async () => {
    const owner = (name: string) =>
      ({ kind: "Deployment", namespace: "shop", name, uid: `dep-${name}`, replicas: 1 }) as const;
    const { report } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), pod("dns-1", "a", { priority: 2_000_000_000 })],
      budgets: [budget("api", 1), budget("dns", 1)],
      owners: { api: owner("api"), dns: owner("dns") },
      settings: { policy: "scale-owners", timeoutSeconds: 120 },
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(
      report.scaledOwners.map(({ name }) => name),
      ["api", "dns"],
    );
    assert.match(report.sentence, /Deployment shop\/api, Deployment shop\/dns scaled to 0/);
  });

  it("gives a drain taken up after its deadline no fresh budget, but carries the policy out", async () => {
    const given = {
      nodes: [node("a")],
      pods: [pod("api-1", "a")],
      budgets: [budget("api", 1)],
      startedAgoMs: 3_600_000,
    };
    const waited = await runDrain(given);
    assert.equal(waited.report.outcome, "blocked");
    assert.ok(waited.tookMs < 5000, `took ${waited.tookMs} ms`);
    const forced = await runDrain({ ...given, settings: force });
    assert.equal(forced.report.outcome, "drained-with-force");
    assert.equal(callsTo(forced.world, "delete")[0]?.graceSeconds, 1);
  });

  it("tries a refused deletion again and reports the refusal when it stays", async () => {
    const { report, world } = await runDrain({
      nodes: [node("a")],
      pods: [pod("api-1", "a")],
      budgets: [budget("api", 1)],
      deleteAnswers: {
        "api-1": Array.from({ length: 99 }, () => ({ kind: "refused", message: "denied by guard" }) as const),
      },
      settings: force,
    });
    assert.equal(report.outcome, "blocked");
    assert.match(reasonOf(report, "api-1"), /could not be deleted: denied by guard/);
    const tries = callsTo(world, "delete").length;
    assert.ok(tries > 1 && tries < 15, `${tries} tries`);
  });
});
