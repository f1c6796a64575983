import assert from "node:assert/strict";

import {
  amend,
  ARGO_APPLICATIONS,
  CRON_JOBS,
  DEPLOYMENTS,
  FLUX_HELM_RELEASES,
  FLUX_KUSTOMIZATIONS,
  planMeasures,
  type Amendment,
} from "../../runtime/cycle/index.js";
import { AUTOSCALER } from "../../runtime/cycle/measures/autoscaler.js";
import { GITOPS } from "../../runtime/cycle/measures/gitops.js";
import type { ApiObject, ObjectMeta } from "../../runtime/ports/index.js";
import { object, settings, survey } from "./object.js";

const AUTOMATED = { prune: true, selfHeal: true };
const HERE = { server: "https://kubernetes.default.svc", namespace: "shop" };

function cronJob(metadata: Partial<ObjectMeta>): ApiObject {
  return object(CRON_JOBS, "report", { spec: {} }, metadata);
}

function change(of: ApiObject): Amendment {
  const path = ["spec", "suspend"];
  const amendment = amend(of, { purpose: "cronjobs", type: CRON_JOBS, path, ours: true, reason: "it is night" });
  assert.ok(amendment);
  return amendment;
}

function application(name: string, fields: object = {}, metadata: Partial<ObjectMeta> = {}): ApiObject {
  const spec = { destination: HERE, syncPolicy: { automated: AUTOMATED } };
  return object(ARGO_APPLICATIONS, name, { spec, ...fields }, { namespace: "argocd", ...metadata });
}

function planFor(changed: ApiObject, ...owners: readonly ApiObject[]) {
  const ofKind = (kind: string) => owners.filter((owner) => owner.kind === kind);
  const seen = survey(
    [CRON_JOBS, [changed]],
    [ARGO_APPLICATIONS, ofKind("Application")],
    [FLUX_KUSTOMIZATIONS, ofKind("Kustomization")],
    [FLUX_HELM_RELEASES, ofKind("HelmRelease")],
  );
  const { amendments, notes } = GITOPS.plan(seen, settings(), [change(changed)]);
  return { ids: amendments.map(({ id }) => id), amendments, notes };
}

describe("H7: GitOps", () => {
  it("suspends the Argo CD application that tracks a changed object by annotation, and can give its policy back", () => {
    const tracked = cronJob({ annotations: { "argocd.argoproj.io/tracking-id": "web:batch/CronJob:shop/report" } });
    const { amendments, notes } = planFor(tracked, application("web"), application("other"));
    assert.deepEqual(
      amendments.map(({ id, original, ours }) => [id, original, ours]),
      [["Application/argocd/web#spec.syncPolicy.automated", AUTOMATED, undefined]],
    );
    assert.match(amendments[0]?.reason ?? "", /CronJob shop\/report/);
    assert.deepEqual(notes, []);
  });

  it("knows the label of older ones, and applications in namespaces of their own", () => {
    const labelled = cronJob({ labels: { "argocd.argoproj.io/instance": "web" } });
    assert.deepEqual(planFor(labelled, application("web")).ids, ["Application/argocd/web#spec.syncPolicy.automated"]);
    const tracked = cronJob({ annotations: { "argocd.argoproj.io/tracking-id": "team-a_web:batch/CronJob:shop/x" } });
    const theirs = application("web", {}, { namespace: "team-a", uid: "uid-team-a" });
    assert.deepEqual(planFor(tracked, application("web"), theirs).ids, [
      "Application/team-a/web#spec.syncPolicy.automated",
    ]);
  });

  it("finds the owner of an unmarked object in what applications say they deliver to this cluster", () => {
    const status = { resources: [{ group: "batch", kind: "CronJob", namespace: "shop", name: "report" }] };
    const elsewhere = { destination: { server: "https://other" }, syncPolicy: { automated: AUTOMATED } };
    const found = planFor(
      cronJob({}),
      application("here", { status }),
      application("there", { status, spec: elsewhere }),
    );
    assert.deepEqual(found.ids, ["Application/argocd/here#spec.syncPolicy.automated"]);
  });

  for (const [type, name] of [
    [FLUX_KUSTOMIZATIONS, "apps"],
    [FLUX_HELM_RELEASES, "chart"],
  ] as const) {
    it(`suspends the Flux ${type.kind} that an object is labelled with`, () => {
      const labels = { [`${type.group}/name`]: name, [`${type.group}/namespace`]: "flux-system" };
      const owner = object(type, name, { spec: {} }, { namespace: "flux-system" });
      assert.deepEqual(planFor(cronJob({ labels }), owner).ids, [`${type.kind}/flux-system/${name}#spec.suspend`]);
    });
  }

  it("suspends the owner's owner too, and one that delivers itself once", () => {
    const by = (name: string) => ({
      "kustomize.toolkit.fluxcd.io/name": name,
      "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    });
    const kustomization = (name: string, owner: string) =>
      object(FLUX_KUSTOMIZATIONS, name, { spec: {} }, { namespace: "flux-system", labels: by(owner) });
    const found = planFor(
      cronJob({ labels: by("apps") }),
      kustomization("apps", "flux-system"),
      kustomization("flux-system", "flux-system"),
    );
    assert.deepEqual(found.ids, [
      "Kustomization/flux-system/apps#spec.suspend",
      "Kustomization/flux-system/flux-system#spec.suspend",
    ]);
  });

  it("leaves an owner alone that a person suspended, or that syncs only when asked to", () => {
    const tracked = { annotations: { "argocd.argoproj.io/tracking-id": "web:batch/CronJob:shop/report" } };
    const manual = application("web", { spec: { destination: HERE, syncPolicy: {} } });
    assert.deepEqual(planFor(cronJob(tracked), manual).ids, []);
    const labels = {
      "kustomize.toolkit.fluxcd.io/name": "apps",
      "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
    };
    const held = object(FLUX_KUSTOMIZATIONS, "apps", { spec: { suspend: true } }, { namespace: "flux-system" });
    assert.deepEqual(planFor(cronJob({ labels }), held).ids, []);
  });

  it("touches nothing that delivers only what Curfew does not change", () => {
    assert.deepEqual(planFor(cronJob({}), application("web")), { ids: [], amendments: [], notes: [] });
  });

  it("names an owner that is not in this cluster", () => {
    const tracked = cronJob({ annotations: { "argocd.argoproj.io/tracking-id": "web:batch/CronJob:shop/report" } });
    assert.match(planFor(tracked).notes.join(), /CronJob shop\/report is delivered by Application web/);
  });

  it("names an ApplicationSet that would undo the suspension", () => {
    const tracked = cronJob({ annotations: { "argocd.argoproj.io/tracking-id": "web:batch/CronJob:shop/report" } });
    const ownerReferences = [{ apiVersion: "argoproj.io/v1alpha1", kind: "ApplicationSet", name: "all", uid: "u" }];
    assert.match(planFor(tracked, application("web", {}, { ownerReferences })).notes.join(), /ApplicationSet all/);
  });

  it("is only reported unless asked for, with owner and object", () => {
    const labels = { app: "cluster-autoscaler", "argocd.argoproj.io/instance": "web" };
    const autoscaler = object(DEPLOYMENTS, "ca", { spec: { replicas: 1 } }, { labels });
    const seen = survey([DEPLOYMENTS, [autoscaler]], [ARGO_APPLICATIONS, [application("web")]]);
    const plan = planMeasures([AUTOSCALER, GITOPS], seen, settings());
    assert.deepEqual(
      plan.amendments.map(({ purpose }) => purpose),
      ["autoscaler"],
    );
    assert.match(
      plan.notes.join(),
      /Application\/argocd\/web#spec\.syncPolicy\.automated: left alone.*Deployment shop\/ca/,
    );
  });
});
