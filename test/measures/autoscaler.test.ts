import assert from "node:assert/strict";

import { cleaningPatch, DEPLOYMENTS, findLeftTaints, LEASES, managerOf, MARK } from "../../runtime/cycle/index.js";
import { isClusterAutoscaler, readAutoscaler } from "../../runtime/cycle/measures/autoscaler-objects.js";
import { AUTOSCALER } from "../../runtime/cycle/measures/autoscaler.js";
import type { ApiObject, NodeFacts, ObjectMeta, ResourceType } from "../../runtime/ports/index.js";
import { applyJsonPatch } from "../../runtime/adapters/memory/json-patch.js";
import { watchLease } from "../../runtime/run/steps/lease-watch.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { object, settings, survey } from "./object.js";

const NODES: ResourceType = { group: "", versions: ["v1"], plural: "nodes", kind: "Node", isNamespaced: false };
const NOON = Date.parse("2026-01-05T12:00:00Z");

function deployment(
  name: string,
  {
    replicas = 1,
    image = "none",
    args = [],
    ...metadata
  }: { replicas?: number; image?: string; args?: readonly string[] } & Partial<ObjectMeta> = {},
): ApiObject {
  const template = { spec: { containers: [{ name: "main", image, command: ["./run"], args }] } };
  const spec = { replicas, selector: { matchLabels: { app: name } }, template };
  return object(DEPLOYMENTS, name, { spec }, { namespace: "kube-system", ...metadata });
}

function lease(name: string, holder: string, renewedAt: number, namespace = "kube-system"): ApiObject {
  const renewTime = new Date(renewedAt).toISOString().replace("Z", "000Z");
  return object(LEASES, name, { spec: { holderIdentity: holder, leaseDurationSeconds: 15, renewTime } }, { namespace });
}

describe("H8, H9: the cluster autoscaler", () => {
  for (const [how, found] of [
    ["by its manifest's label", deployment("ca", { labels: { app: "cluster-autoscaler" } })],
    ["by k8s-app", deployment("ca", { labels: { "k8s-app": "cluster-autoscaler" } })],
    ["by its chart's name", deployment("ca", { labels: { "app.kubernetes.io/name": "aws-cluster-autoscaler" } })],
    ["by its chart", deployment("ca", { labels: { "helm.sh/chart": "cluster-autoscaler-9.43.2" } })],
    ["by its image", deployment("ca", { image: "registry.k8s.io/autoscaling/cluster-autoscaler:v1.31.0" })],
    ["by a mirrored image and a digest", deployment("ca", { image: "mirror/cluster-autoscaler-arm64@sha256:1" })],
  ] as const) {
    it(`is found ${how}`, () => assert.ok(isClusterAutoscaler(found, [])));
  }

  it("is not taken for its namesakes", () => {
    const images = ["k8s.gcr.io/cluster-proportional-autoscaler:1", "x/cluster-autoscaler-exporter:1"];
    for (const image of images) assert.ok(!isClusterAutoscaler(deployment("other", { image }), []), image);
    const labels = { "app.kubernetes.io/name": "cluster-autoscaler-dashboard" };
    assert.ok(!isClusterAutoscaler(deployment("other", { labels }), []));
  });

  it("is found by the name that settings give", () => {
    assert.ok(isClusterAutoscaler(deployment("scaler"), ["kube-system/scaler"]));
    assert.ok(!isClusterAutoscaler(deployment("scaler"), ["other/scaler"]));
  });

  it("says where its lease lies and whether it cordons", () => {
    const plain = readAutoscaler(deployment("ca"));
    assert.deepEqual(plain?.lease, { namespace: "kube-system", name: "cluster-autoscaler" });
    assert.equal(plain.cordonsNodes, false);
    const args = ["--namespace=ops", "--leader-elect-resource-name", "ca-lock", "--cordon-node-before-terminating"];
    const told = readAutoscaler(deployment("ca", { args }));
    assert.deepEqual(told?.lease, { namespace: "ops", name: "ca-lock" });
    assert.equal(told.cordonsNodes, true);
    assert.equal(readAutoscaler(deployment("ca", { args: ["--leader-elect=false"] }))?.lease, null);
  });

  it("is scaled to 0, and left alone where it is at 0 already", () => {
    const labels = { app: "cluster-autoscaler" };
    const found = [deployment("one", { labels, replicas: 2 }), deployment("two", { labels, replicas: 0 })];
    const plan = AUTOSCALER.plan(survey([DEPLOYMENTS, found], [LEASES, []]), settings());
    assert.deepEqual(
      plan.amendments.map(({ id, original, ours }) => [id, original, ours]),
      [["Deployment/kube-system/one#spec.replicas", 2, 0]],
    );
    assert.equal(plan.refusal, null);
  });

  it("says when settings name one that is not there", () => {
    const plan = AUTOSCALER.plan(survey(), settings({ autoscaler: { names: ["ops/scaler"] } }));
    assert.match(plan.notes.join(), /no Deployment ops\/scaler/);
  });

  it("that runs elsewhere is refused, with the ways out", () => {
    const leases = [
      lease("cluster-autoscaler", "far-away-0", NOON),
      lease("node-1", "node-1", NOON + 5_000, "kube-node-lease"),
    ];
    const { refusal } = AUTOSCALER.plan(survey([LEASES, leases]), settings());
    assert.equal(refusal?.code, "autoscaler-active");
    assert.match(refusal.message, /far-away-0/);
    assert.match(refusal.remedy, /settings\.autoscaler\.names/);
    assert.match(refusal.remedy, /settings\.measures\.autoscaler/);
  });

  it("that ended long ago has left a lease that nobody minds", () => {
    const leases = [lease("cluster-autoscaler", "gone-0", NOON - 3_600_000), lease("node-1", "node-1", NOON)];
    assert.equal(AUTOSCALER.plan(survey([LEASES, leases]), settings()).refusal, null);
  });

  it("whose lease is fresh because Curfew has just scaled it to 0 is not taken for another one", () => {
    const ours = deployment("ca", {
      replicas: 0,
      labels: { app: "cluster-autoscaler" },
      annotations: { [MARK]: "night-1" },
    });
    const seen = survey([DEPLOYMENTS, [ours]], [LEASES, [lease("cluster-autoscaler", "ca-1-x", NOON)]]);
    assert.equal(AUTOSCALER.plan(seen, settings()).refusal, null);
  });

  it("leaves objects of another shape alone", () => {
    const odd = object(DEPLOYMENTS, "odd", { spec: "none" }, { labels: { app: "cluster-autoscaler" } });
    const plan = AUTOSCALER.plan(
      survey([DEPLOYMENTS, [odd]], [LEASES, [object(LEASES, "cluster-autoscaler")]]),
      settings(),
    );
    assert.deepEqual(plan, { amendments: [], notes: [], refusal: null });
  });
});

describe("H8: the lease of a paused autoscaler", () => {
  const paused = readAutoscaler(deployment("ca", { replicas: 0 }))!;
  const facts = (holder: string, renewedAt: number) => ({
    namespace: "kube-system",
    name: "cluster-autoscaler",
    holder,
    renewedAt,
    durationMs: 15_000,
  });

  it("is at rest when nobody holds it, or its holder was a pod of the Deployment", () => {
    const watch = watchLease(fakeClock(NOON), null);
    assert.equal(watch.judge(null, paused).kind, "at-rest");
    assert.equal(watch.judge(facts("", NOON), paused).kind, "at-rest");
    assert.equal(watch.judge(facts("ca-6d5f-x2x", NOON), paused).kind, "at-rest");
  });

  it("held by a stranger is waited for until it has not been renewed for its whole duration", async () => {
    const clock = fakeClock(NOON);
    const watch = watchLease(clock, null);
    assert.equal(watch.judge(facts("stranger", NOON - 2_000), paused).kind, "waiting");
    await clock.sleep(14_000);
    assert.equal(watch.judge(facts("stranger", NOON - 2_000), paused).kind, "waiting");
    await clock.sleep(1_000);
    assert.equal(watch.judge(facts("stranger", NOON - 2_000), paused).kind, "at-rest");
  });

  it("renewed by a stranger is an autoscaler at work", () => {
    const watch = watchLease(fakeClock(NOON), null);
    watch.judge(facts("stranger", NOON - 2_000), paused);
    const verdict = watch.judge(facts("stranger", NOON), paused);
    assert.equal(verdict.kind, "active");
    assert.match(verdict.words, /stranger/);
  });

  it("renewed after its pods were gone is somebody's, whatever the holder is called", () => {
    const watch = watchLease(fakeClock(NOON), NOON - 10_000);
    assert.equal(watch.judge(facts("stranger", NOON - 11_000), paused).kind, "at-rest");
    assert.equal(watch.judge(facts("ca-6d5f-x2x", NOON - 1_000), paused).kind, "waiting");
    assert.equal(watch.judge(facts("ca-6d5f-x2x", NOON), paused).kind, "active");
  });
});

describe("W17: what an autoscaler leaves on nodes", () => {
  const TO_BE_DELETED = { key: "ToBeDeletedByClusterAutoscaler", value: "1736078400", effect: "NoSchedule" };
  const CANDIDATE = { key: "DeletionCandidateOfClusterAutoscaler", value: "1736078400", effect: "PreferNoSchedule" };
  const DEDICATED = { key: "dedicated", value: "gpu", effect: "NoSchedule" };

  function node(name: string, taints: NodeFacts["taints"], isUnschedulable = false): NodeFacts {
    return {
      name,
      uid: `uid-${name}`,
      instanceId: null,
      isUnschedulable,
      ready: "True",
      labels: {},
      taints,
      allocatable: {},
      createdAt: 0,
      isFargate: false,
    };
  }

  it("is found on the nodes that it tainted only", () => {
    const nodes = [node("a", [DEDICATED, TO_BE_DELETED, CANDIDATE]), node("b", [DEDICATED], true)];
    assert.deepEqual(findLeftTaints(nodes, true), [
      { node: "a", uid: "uid-a", keys: [TO_BE_DELETED.key, CANDIDATE.key], isCordonedByIt: false },
    ]);
  });

  it("includes a cordon only where the autoscaler is one that cordons what it removes", () => {
    const nodes = [node("a", [TO_BE_DELETED], true), node("b", [CANDIDATE], true)];
    const cordons = (does: boolean) => findLeftTaints(nodes, does).map(({ isCordonedByIt }) => isCordonedByIt);
    assert.deepEqual(cordons(true), [true, false]);
    assert.deepEqual(cordons(false), [false, false]);
  });

  it("comes off again with everything else on the node as it was", () => {
    const live = object(NODES, "a", { spec: { unschedulable: true, taints: [TO_BE_DELETED, DEDICATED, CANDIDATE] } });
    const left = { node: "a", uid: "uid-a", keys: [TO_BE_DELETED.key, CANDIDATE.key], isCordonedByIt: false };
    const clean = applyJsonPatch(live, cleaningPatch(live, left)) as ApiObject;
    assert.deepEqual(clean["spec"], { unschedulable: true, taints: [DEDICATED] });
    const uncordoned = applyJsonPatch(live, cleaningPatch(live, { ...left, isCordonedByIt: true })) as ApiObject;
    assert.deepEqual(uncordoned["spec"], { taints: [DEDICATED] });
  });

  it("is no business of ours on a new node by the same name, nor when it is gone by itself", () => {
    const left = { node: "a", uid: "uid-a", keys: [TO_BE_DELETED.key], isCordonedByIt: true };
    const recreated = object(NODES, "a", { spec: { taints: [TO_BE_DELETED] } }, { uid: "another" });
    assert.deepEqual(cleaningPatch(recreated, left), []);
    assert.deepEqual(cleaningPatch(object(NODES, "a", { spec: { taints: [DEDICATED] } }), left), []);
  });
});

describe("who wrote a field", () => {
  const entry = (manager: string, time: string, fieldsV1: object) => ({ manager, time, fieldsV1 });
  const replicas = { "f:spec": { "f:replicas": {} } };

  it("is the latest writer on record that is not Curfew", () => {
    const managedFields = [
      entry("helm", "2026-01-01T00:00:00Z", replicas),
      entry("argocd-controller", "2026-01-05T20:00:00Z", replicas),
      entry("curfew", "2026-01-05T21:00:00Z", replicas),
      entry("kube-controller-manager", "2026-01-05T22:00:00Z", { "f:status": {} }),
    ];
    const live = object(DEPLOYMENTS, "ca", {}, { managedFields });
    assert.equal(managerOf(live, ["spec", "replicas"]), "argocd-controller");
  });

  it("is nobody when the server keeps no account of it", () => {
    assert.equal(managerOf(object(DEPLOYMENTS, "ca"), ["spec", "replicas"]), null);
  });
});
