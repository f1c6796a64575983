import assert from "node:assert/strict";

import { DEPLOYMENTS, LEASES } from "../../runtime/cycle/index.js";
import { runFixture, type RunFixture } from "../run/fixture.js";

const CA = { namespace: "kube-system", name: "cluster-autoscaler" };
const settings = { nodesStableSeconds: 1, pollSeconds: 1 };
const AWAKE = { "asg/batch": [0, 2, 4], "managed/general": [1, 3, 6] };

/** A cluster with an autoscaler that has a pod and, unless `holder` says otherwise, holds its lease by it. */
function withAutoscaler(replicas = 1, holder = "cluster-autoscaler-5f-abc"): RunFixture {
  const fixture = runFixture();
  fixture.cluster.addDeployment({ ...CA, replicas, labels: { app: CA.name } });
  putLease(fixture, holder);
  return fixture;
}

function putLease({ cluster, ports }: RunFixture, holderIdentity: string): void {
  const renewTime = new Date(ports.clock.now()).toISOString();
  cluster.objects.put(LEASES, { metadata: CA, spec: { holderIdentity, leaseDurationSeconds: 15, renewTime } });
}

function replicasOf({ cluster }: RunFixture): unknown {
  return (cluster.objects.get(DEPLOYMENTS, CA)?.["spec"] as { replicas?: number } | undefined)?.replicas;
}

function scaleBack({ cluster }: RunFixture, replicas: number): void {
  const live = cluster.objects.get(DEPLOYMENTS, CA)!;
  const managedFields = [
    { manager: "argocd-controller", time: "2030-01-01T00:00:00Z", fieldsV1: { "f:spec": { "f:replicas": {} } } },
  ];
  const labels = { ...live.metadata.labels, "argocd.argoproj.io/instance": "platform" };
  cluster.objects.put(DEPLOYMENTS, {
    ...live,
    metadata: { ...live.metadata, labels, managedFields },
    spec: { ...(live["spec"] as object), replicas },
  });
}

describe("the cluster autoscaler over a night", () => {
  it("H8: is at rest before the first cordon, and W18: comes back after the nodes", async () => {
    const fixture = withAutoscaler(2);
    const seen: string[] = [];
    fixture.world.onMutation(({ call, target }, moment) => {
      if (moment === "before") seen.push(`${call} ${target}`);
    });
    const asleep = await fixture.run("hibernated", { settings });
    assert.equal(asleep.result, "completed", asleep.summary);
    assert.equal(replicasOf(fixture), 0);
    const paused = seen.findIndex((one) => one.includes(CA.name));
    assert.ok(paused !== -1 && paused < seen.findIndex((one) => one.startsWith("patchNode")), seen.join("\n"));
    const awake = await fixture.run("running", { settings, operationId: "op-2" });
    assert.equal(awake.result, "completed", awake.summary);
    assert.equal(replicasOf(fixture), 2);
    const order = awake.steps.map(({ id }) => id);
    assert.ok(order.indexOf("await-nodes") < order.indexOf("resume autoscaler"));
  });

  it("that a person had at 0 stays at 0", async () => {
    const fixture = withAutoscaler(0, "");
    await fixture.run("hibernated", { settings });
    await fixture.run("running", { settings, operationId: "op-2" });
    assert.equal(replicasOf(fixture), 0);
  });

  it("H8: a lease held by a stranger is watched for its whole duration before anything is evicted", async () => {
    const fixture = withAutoscaler(1, "node-of-old");
    const startedAt = fixture.ports.clock.now();
    let cordonedAt = 0;
    fixture.world.onMutation(({ call }) => {
      if (call === "patchNode") cordonedAt ||= fixture.ports.clock.now();
    });
    const report = await fixture.run("hibernated", { settings });
    assert.equal(report.result, "completed", report.summary);
    assert.ok(cordonedAt - startedAt >= 15_000);
  });

  it("H8: one that goes on renewing its lease from elsewhere stops the hibernate before it begins to drain", async () => {
    const fixture = withAutoscaler(1, "far-away");
    const renew = (): void => {
      putLease(fixture, "far-away");
      fixture.cluster.after(2_000, renew);
    };
    fixture.cluster.after(2_000, renew);
    const report = await fixture.run("hibernated", { settings });
    assert.equal(report.failure?.code, "autoscaler-active");
    assert.match(report.failure.message, /far-away/);
    assert.equal(report.reached, "running");
    assert.equal(replicasOf(fixture), 1);
  });

  it("S32: brought back by GitOps during the drain stops the hibernate before a node goes, and says who", async () => {
    const fixture = withAutoscaler();
    fixture.cluster.addDeployment({ name: "web", replicas: 2 });
    let isBack = false;
    fixture.world.onMutation(({ call }, moment) => {
      if (call !== "evict" || moment !== "after" || isBack) return;
      isBack = true;
      scaleBack(fixture, 1);
    });
    const report = await fixture.run("hibernated", { settings });
    assert.ok(isBack);
    assert.equal(report.failure?.code, "autoscaler-active");
    assert.match(
      report.failure.message,
      /set back to 1 replica\(s\) by argocd-controller \(delivered by Application platform\)/,
    );
    assert.deepEqual(await fixture.sizes(), AWAKE);
    assert.equal(replicasOf(fixture), 1);
    assert.ok((await fixture.cluster.kubernetes.listNodes()).every(({ isUnschedulable }) => !isUnschedulable));
  });

  it("H9: that runs off the cluster is refused before anything is changed", async () => {
    const fixture = runFixture();
    putLease(fixture, "far-away");
    const report = await fixture.run("hibernated", { settings });
    assert.equal(report.failure?.code, "autoscaler-active");
    assert.deepEqual(fixture.world.mutations(), []);
    const measures = { autoscaler: "report" as const };
    const again = await fixture.run("hibernated", { settings: { ...settings, measures }, operationId: "op-2" });
    assert.equal(again.result, "completed", again.summary);
  });
});
