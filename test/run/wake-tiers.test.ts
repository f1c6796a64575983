import assert from "node:assert/strict";

import { DAEMON_SETS, DEPLOYMENTS, EVENTS, type SettingsInput } from "../../runtime/cycle/index.js";
import type { RunReport } from "../../runtime/run/index.js";
import { runFixture, type RunFixture } from "./fixture.js";
import { mortal } from "./mortal-ports.js";

const GROUPS = [
  { name: "general", size: { min: 3, desired: 6, max: 8 }, zones: ["eu-west-1a"] },
  { name: "batch", kind: "self-managed", size: { min: 0, desired: 2, max: 4 } },
] as const;
const AWAKE = { "asg/batch": [0, 2, 4], "managed/general": [3, 6, 8] };
const SYSTEM = { namespace: "kube-system", priorityClassName: "system-cluster-critical" };
const DNS = { name: "coredns", replicas: 2, labels: { "k8s-app": "kube-dns" }, ...SYSTEM };

/** Eight nodes with DNS, the agents of the nodes, a database and a site. */
function cluster(spec: Parameters<typeof runFixture>[0] = {}): RunFixture {
  const fixture = runFixture({ groups: GROUPS, ...spec });
  const { cluster: simulated } = fixture;
  simulated.addDaemonSet({ name: "aws-node", namespace: "kube-system", toleratesEverything: true });
  simulated.addDeployment(DNS);
  simulated.addStatefulSet({ name: "db", replicas: 2, graceSeconds: 5 });
  simulated.addDeployment({ name: "web", replicas: 10, graceSeconds: 5 });
  return fixture;
}

async function night(fixture: RunFixture, settings: SettingsInput = {}): Promise<void> {
  const asleep = await fixture.run("hibernated", { settings });
  assert.equal(asleep.reached, "hibernated", asleep.summary);
}

const done = ({ steps }: RunReport) => steps.filter(({ outcome }) => outcome === "done").map(({ id }) => id);

/** Sizes that were asked for since the mutation number `from`, in order. */
function asked({ world }: RunFixture, from: number): readonly string[] {
  return world
    .mutations()
    .slice(from)
    .flatMap(({ call, target, detail }) => (call === "resize" ? [`${target} ${JSON.stringify(detail)}`] : []));
}

describe("a wake in tiers", () => {
  it("W6, W7: brings up the nodes that DNS needs, waits for it, then brings up the rest", async () => {
    const fixture = cluster();
    await night(fixture);
    const report = await fixture.run("running", { operationId: "op-2" });
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(await fixture.sizes(), AWAKE);
    const steps = done(report);
    const order = [
      "resize managed/general (first nodes)",
      "await-nodes bootstrap",
      "await-tier 1",
      "await-tier 2",
      "resize asg/batch",
      "await-nodes",
      "await-tier 7",
    ];
    assert.deepEqual(
      steps.filter((id) => order.includes(id)),
      order,
    );
    assert.ok(fixture.cluster.allPods().every(({ isReady }) => isReady));
  });

  it("W28: says how long it took to each mark, and how long that might have taken", async () => {
    const fixture = cluster();
    await night(fixture);
    const { wake, wakeBudgets } = await fixture.run("running", { operationId: "op-2" });
    assert.ok(wake && wakeBudgets);
    const { firstInstanceMs, firstReadyNodeMs, dnsReadyMs, allNodesUsableMs, allTiersReadyMs } = wake;
    const marks = [firstInstanceMs, firstReadyNodeMs, dnsReadyMs, allNodesUsableMs, allTiersReadyMs].map(Number);
    assert.deepEqual(
      marks,
      marks.toSorted((a, b) => a - b),
    );
    assert.ok(Number(firstInstanceMs) > 0 && Number(firstInstanceMs) < wakeBudgets.firstInstanceMs);
    assert.ok(wakeBudgets.allTiersReadyMs > wakeBudgets.dnsReadyMs);
    assert.equal(wake.webhooksRestoredMs, null);
  });

  it("takes as many calls for a small cluster as it has groups", async () => {
    const fixture = runFixture();
    fixture.cluster.addDeployment(DNS);
    await night(fixture);
    const from = fixture.world.mutations().length;
    await fixture.run("running", { operationId: "op-2" });
    assert.equal(asked(fixture, from).length, 2);
  });

  it("goes on to the other nodes when applications have filled the first ones, and then waits again", async () => {
    const fixture = cluster();
    fixture.cluster.addDeployment({ name: "many", replicas: 200, graceSeconds: 1 });
    fixture.cluster.addDeployment({ name: "cert-manager", namespace: "cert-manager", replicas: 1, graceSeconds: 1 });
    const settings = { drain: { maxPodsInFlight: 200, requestsPerSecond: 200 } };
    await night(fixture, settings);
    const report = await fixture.run("running", { operationId: "op-2", settings });
    assert.equal(report.result, "completed", report.summary);
    const detail = (id: string) => report.steps.find((step) => step.id === id)?.detail ?? "";
    assert.match(detail("await-tier 4"), /left until more nodes are there: Deployment cert-manager\/cert-manager/);
    assert.equal(detail("await-tier deferred"), "2 ready");
    assert.deepEqual(await fixture.sizes(), AWAKE);
  });

  it("W10: stops when DNS does not come, keeps the record and spends nothing more", async () => {
    const fixture = cluster();
    await night(fixture);
    fixture.cluster.removeWorkload("Deployment", DNS);
    fixture.cluster.addDeployment({ ...DNS, ready: false });
    const report = await fixture.run("running", { operationId: "op-2", settings: { tiers: { timeoutSeconds: 60 } } });
    assert.equal(report.failure?.code, "tier-not-ready");
    assert.match(report.failure.message, /Tier 2, cluster DNS, is not ready: Deployment kube-system\/coredns \(0 of 2/);
    assert.deepEqual((await fixture.sizes())["asg/batch"], [0, 0, 4]);
    assert.ok(await fixture.store.readCycle("111111111111/eu-west-1/pay"));

    fixture.cluster.removeWorkload("Deployment", DNS);
    fixture.cluster.addDeployment(DNS);
    const again = await fixture.run("running", { operationId: "op-3" });
    assert.equal(again.result, "completed", again.summary);
    assert.deepEqual(await fixture.sizes(), AWAKE);
  });

  it("W13: gives a tier the time that settings give that tier", async () => {
    const fixture = cluster();
    await night(fixture);
    fixture.cluster.removeWorkload("Deployment", DNS);
    fixture.cluster.addDeployment({ ...DNS, ready: false });
    const settings = { tiers: { timeoutSeconds: 3600, timeouts: { "2": 60 } } };
    const report = await fixture.run("running", { operationId: "op-2", settings });
    const tier = report.steps.find(({ id }) => id === "await-tier 2");
    assert.equal(report.failure?.code, "tier-not-ready");
    const tookMs = (tier?.finishedAt ?? 0) - (tier?.startedAt ?? 0);
    assert.ok(tookMs >= 60_000 && tookMs < 120_000, `${tookMs} ms`);
  });

  it("goes on without an application that does not come, and says so", async () => {
    const fixture = cluster();
    await night(fixture);
    fixture.cluster.addDeployment({ name: "broken", ready: false });
    const settings = { tiers: { timeoutSeconds: 60 } };
    const report = await fixture.run("running", { operationId: "op-2", settings });
    assert.equal(report.result, "completed", report.summary);
    assert.match(report.warnings.join("\n"), /Not ready in time: Deployment default\/broken \(0 of 1 pods ready\)/);
    assert.equal(report.wake?.allTiersReadyMs, null);
  });

  it("ends partial without an application that the settings call critical", async () => {
    const fixture = cluster();
    await night(fixture);
    fixture.cluster.addDeployment({ name: "broken", ready: false });
    const members = { "default/broken": { tier: 7, critical: true } } as const;
    const settings = { tiers: { timeoutSeconds: 60, members } };
    const report = await fixture.run("running", { operationId: "op-2", settings });
    assert.equal(report.result, "partial");
    assert.equal(report.failure?.code, "tier-not-ready");
    assert.deepEqual(await fixture.sizes(), AWAKE);
  });

  it("does not wait for an application that was broken before the sleep", async () => {
    const fixture = cluster();
    fixture.cluster.addDeployment({ name: "broken", ready: false });
    await night(fixture);
    const report = await fixture.run("running", { operationId: "op-2" });
    assert.equal(report.result, "completed", report.summary);
    assert.match(
      report.warnings.join("\n"),
      /Not ready before the sleep, so not waited for: Deployment default\/broken/,
    );
    assert.ok(Number(report.wake?.allTiersReadyMs) < 300_000);
  });

  it("gives DNS its replicas back before it waits for it, and applications theirs after", async () => {
    const settings = { drain: { policy: "scale-owners", timeoutSeconds: 120 } } as const;
    const fixture = cluster();
    fixture.cluster.putBudget({ name: "coredns", namespace: "kube-system", minAvailable: 2 });
    fixture.cluster.putBudget({ name: "web", minAvailable: 10 });
    await night(fixture, settings);
    const report = await fixture.run("running", { operationId: "op-2", settings });
    assert.equal(report.result, "completed", report.summary);
    const steps = done(report);
    const places = ["restore-owners system", "await-tier 2", "restore-owners", "await-tier 7"].map((id) =>
      steps.indexOf(id),
    );
    assert.ok(
      places.every((place) => place >= 0),
      steps.join(),
    );
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
  });

  it("with rights to drain only brings nodes up in one go, and says why", async () => {
    const fixture = cluster();
    await night(fixture);
    fixture.cluster.objects.forbid(DEPLOYMENTS, ["list"]);
    const report = await fixture.run("running", { operationId: "op-2" });
    assert.equal(report.result, "completed", report.summary);
    assert.match(report.warnings.join("\n"), /no tier is waited for, since Curfew may not list deployments/);
    assert.ok(!done(report).some((id) => id.startsWith("await-tier")));
  });

  it("S34: fails fast when a webhook keeps the nodes' agents away, names it, and kicks who waits", async () => {
    const fixture = cluster({ groups: [{ ...GROUPS[0], readyMs: 36_000_000 }] });
    await night(fixture);
    const startedAt = fixture.ports.clock.now();
    fixture.cluster.objects.put(EVENTS, {
      metadata: { name: "aws-node.1", namespace: "kube-system" },
      involvedObject: { kind: "DaemonSet", namespace: "kube-system", name: "aws-node" },
      reason: "FailedCreate",
      message: 'Error creating: failed calling webhook "validate.example": no endpoints available for service "guard"',
      lastTimestamp: new Date(startedAt + 30_000).toISOString(),
    });
    const report = await fixture.run("running", { operationId: "op-2" });
    assert.equal(report.failure?.code, "nodes-not-ready");
    assert.match(report.failure.message, /Webhook validate\.example lets no pod of DaemonSet kube-system\/aws-node/);
    assert.match(report.failure.remedy, /failurePolicy of webhook validate\.example/);
    assert.ok(report.finishedAt - startedAt < 300_000, `after ${report.finishedAt - startedAt} ms`);
    const agent = fixture.cluster.objects.get(DAEMON_SETS, { namespace: "kube-system", name: "aws-node" });
    assert.ok(agent?.metadata.annotations?.["curfew.dev/kicked-at"]);
  });

  it("W6: starts nothing more when the first nodes cannot launch, and takes another group the next time", async () => {
    const groups = [GROUPS[0], { name: "spare", size: { min: 0, desired: 3, max: 3 }, zones: ["eu-west-1a"] }];
    const fixture = cluster({ groups });
    await night(fixture);
    const stop = fixture.world.onMutation(({ call }, moment) => {
      if (call === "resize" && moment === "before")
        fixture.cluster.setLaunchIssue("managed/general", "AsgInstanceLaunchFailures: no capacity");
    });
    const stopped = await fixture.run("running", { operationId: "op-2" });
    stop();
    assert.equal(stopped.failure?.code, "group-unhealthy");
    assert.deepEqual((await fixture.sizes())["managed/spare"], [0, 0, 3]);
    const next = await fixture.run("running", { operationId: "op-3" });
    assert.equal(next.result, "partial", next.summary);
    assert.deepEqual((await fixture.sizes())["managed/spare"], [0, 3, 3]);
  });

  it("S26: killed at any effect of a wake in two stages, the next run ends awake with every size", async function () {
    this.timeout(120_000);
    const total = await dieAndWake(0);
    for (let dieAt = 1; dieAt <= total; dieAt += 3) await dieAndWake(dieAt);
  });
});

async function dieAndWake(dieAt: number): Promise<number> {
  const fixture = cluster();
  const settings = { leaseSeconds: 30 };
  await night(fixture, settings);
  const { store, listener, effects } = mortal(fixture.store, dieAt);
  const stop = fixture.world.onMutation(listener);
  await fixture.run("running", { operationId: "dying", settings, ports: { store } });
  stop();
  const again = await fixture.run("running", { operationId: "again", settings, waitForLease: true });
  assert.ok(["completed", "nothing-to-do"].includes(again.result), `died at effect ${dieAt}: ${again.summary}`);
  assert.deepEqual(await fixture.sizes(), AWAKE, `died at effect ${dieAt}`);
  return effects();
}
