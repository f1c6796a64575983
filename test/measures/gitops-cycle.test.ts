import assert from "node:assert/strict";

import { ARGO_APPLICATIONS, CRON_JOBS } from "../../runtime/cycle/index.js";
import { runFixture, type RunFixture } from "../run/fixture.js";

const QUICK = { nodesStableSeconds: 1, pollSeconds: 1 };
const WEB = { namespace: "argocd", name: "web" };
const POLICY = { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] };

/** A cluster whose CronJob is delivered by an Argo CD application that heals itself. */
function withArgo(): RunFixture {
  const fixture = runFixture();
  const annotations = { "argocd.argoproj.io/tracking-id": "web:batch/CronJob:shop/report" };
  fixture.cluster.objects.put(CRON_JOBS, {
    metadata: { namespace: "shop", name: "report", annotations },
    spec: { schedule: "0 0 1 1 *" },
  });
  const spec = { destination: { server: "https://kubernetes.default.svc" }, syncPolicy: POLICY };
  fixture.cluster.objects.put(ARGO_APPLICATIONS, { metadata: WEB, spec });
  fixture.cluster.objects.put(ARGO_APPLICATIONS, { metadata: { ...WEB, name: "other" }, spec });
  return fixture;
}

function policyOf({ cluster }: RunFixture, name: string): unknown {
  const spec = cluster.objects.get(ARGO_APPLICATIONS, { ...WEB, name })?.["spec"];
  return (spec as { syncPolicy?: object }).syncPolicy;
}

describe("GitOps over a night", () => {
  it("H7: with apply the owner is suspended before what it owns is changed, and gets its policy back whole", async () => {
    const fixture = withArgo();
    const settings = { ...QUICK, measures: { gitops: "apply" as const } };
    const asleep = await fixture.run("hibernated", { settings });
    assert.equal(asleep.result, "completed", asleep.summary);
    assert.deepEqual(policyOf(fixture, "web"), { syncOptions: ["CreateNamespace=true"] });
    assert.deepEqual(policyOf(fixture, "other"), POLICY);
    const order = asleep.steps.map(({ id }) => id);
    assert.ok(order.indexOf("pause gitops") < order.indexOf("pause cronjobs"));
    const awake = await fixture.run("running", { settings, operationId: "op-2" });
    assert.equal(awake.result, "completed", awake.summary);
    assert.deepEqual(policyOf(fixture, "web"), POLICY);
    const back = awake.steps.map(({ id }) => id);
    assert.ok(back.indexOf("resume cronjobs") < back.indexOf("resume gitops"));
  });

  it("H7: unless asked for, the owner is left alone and named with its object", async () => {
    const fixture = withArgo();
    const report = await fixture.run("hibernated", { settings: QUICK });
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(policyOf(fixture, "web"), POLICY);
    assert.match(report.warnings.join(" "), /Application\/argocd\/web.*left alone.*CronJob shop\/report/);
  });
});
