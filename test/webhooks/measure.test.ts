import assert from "node:assert/strict";

import { settingsSchema, webhooksMeasure, type Amendment } from "../../runtime/cycle/index.js";
import { productOf } from "../../runtime/cycle/measures/webhooks/products.js";
import { configuration, entry, rule, slice, survey, type SurveyParts } from "./builders.js";

const plan = (parts: SurveyParts, webhooks: { unknown?: "relax" | "report" } = {}) =>
  webhooksMeasure.plan(survey(parts), settingsSchema.parse({ webhooks }));

function amendmentsOf(fields: Parameters<typeof entry>[0]): readonly Amendment[] {
  return plan({ validating: [configuration([entry(fields)])] }).amendments;
}

/** `field -> value for the night`. */
function remedyOf(fields: Parameters<typeof entry>[0]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(amendmentsOf(fields).map(({ path, ours }) => [path.at(-1) as string, ours]));
}

const EXCLUSION = { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["guard", "kube-system"] };

describe("the remedy for a webhook", () => {
  it("leaves kube-system and the backend's own namespace out, and keeps guarding applications", () => {
    assert.deepEqual(remedyOf({}), { namespaceSelector: { matchExpressions: [EXCLUSION] } });
  });

  it("adds to the selector that is there", () => {
    const theirs = {
      matchLabels: { team: "a" },
      matchExpressions: [{ key: "skip", operator: "DoesNotExist" }],
    };
    const parts = {
      validating: [configuration([entry({ namespaceSelector: { matchExpressions: theirs.matchExpressions } })])],
    };
    const [amendment] = plan(parts).amendments;
    assert.deepEqual(amendment?.ours, { matchExpressions: [...theirs.matchExpressions, EXCLUSION] });
    assert.deepEqual(amendment.original, { matchExpressions: theirs.matchExpressions });
  });

  it("leaves nodes out by a match condition, which no selector can", () => {
    const remedy = remedyOf({ rules: [rule({ resources: ["nodes"] })] });
    assert.deepEqual(Object.keys(remedy), ["matchConditions"]);
    assert.match(JSON.stringify(remedy["matchConditions"]), /curfew\.dev\/asleep.*\/nodes/);
  });

  it("S36: leaves pods that end out of a webhook on deletions, in every namespace", () => {
    const remedy = remedyOf({ rules: [rule({ operations: ["DELETE"] })] });
    assert.deepEqual(Object.keys(remedy).sort(), ["matchConditions", "namespaceSelector"]);
    assert.match(JSON.stringify(remedy["matchConditions"]), /DELETE/);
  });

  it("keeps the conditions that are there", () => {
    const theirs = { name: "not-leases", expression: "request.resource.resource != 'leases'" };
    const remedy = remedyOf({ rules: [rule({ resources: ["nodes"] })], matchConditions: [theirs] });
    assert.deepEqual((remedy["matchConditions"] as unknown[])[0], theirs);
    assert.equal((remedy["matchConditions"] as unknown[]).length, 2);
  });

  it("ignores failures only where no condition fits any more, and not for long", () => {
    const full = Array.from({ length: 64 }, (_, index) => ({ name: `c${index}`, expression: "true" }));
    const fields = { rules: [rule({ resources: ["nodes"] })], matchConditions: full };
    assert.deepEqual(remedyOf(fields), { failurePolicy: "Ignore", timeoutSeconds: 3 });
  });

  it("S35: shortens a time-out that only delays", () => {
    const [amendment, ...others] = amendmentsOf({ failurePolicy: "Ignore", timeoutSeconds: 30 });
    assert.deepEqual(others, []);
    assert.deepEqual([amendment?.path.at(-1), amendment?.original, amendment?.ours], ["timeoutSeconds", 30, 3]);
  });

  it("addresses each webhook by its name", () => {
    const [amendment] = amendmentsOf({ name: "b.guard.test" });
    assert.deepEqual(amendment?.path, ["webhooks", { name: "b.guard.test" }, "namespaceSelector"]);
  });
});

describe("webhooks of products", () => {
  const named = (name: string, labels: Record<string, string> = {}, service = "svc") =>
    productOf({
      configuration: configuration([], { name, labels }),
      clientConfig: { service: { namespace: "any", name: service } },
    })?.name;

  const CASES: readonly (readonly [string, string | undefined])[] = [
    ["kyverno-resource-validating-webhook-cfg", "Kyverno"],
    ["gatekeeper-validating-webhook-configuration", "Gatekeeper"],
    ["istio-sidecar-injector", "Istio"],
    ["istiod-default-validator", "Istio"],
    ["cert-manager-webhook", "cert-manager"],
    ["aws-load-balancer-webhook", "AWS Load Balancer Controller"],
    ["keda-admission", "KEDA"],
    ["kedaphone", undefined],
    ["guard", undefined],
  ];
  for (const [name, product] of CASES) {
    it(`${name} is of ${product ?? "no product that is known"}`, () => assert.equal(named(name), product));
  }

  it("are known by a label or by the Service, too", () => {
    assert.equal(named("policies", { "app.kubernetes.io/part-of": "kyverno" }), "Kyverno");
    assert.equal(named("policies", {}, "gatekeeper-webhook-service"), "Gatekeeper");
  });

  it("are relaxed without a word, unknown ones are named as well", () => {
    const known = plan({ validating: [configuration([entry()], { name: "kyverno-policies" })] });
    assert.deepEqual([known.amendments.length, known.notes], [1, []]);
    const unknown = plan({ validating: [configuration([entry()])] });
    assert.equal(unknown.amendments.length, 1);
    assert.match(unknown.notes.join(), /no product that Curfew knows: relaxed/);
  });

  it("that are unknown stay as they are when settings say so", () => {
    const { amendments, notes } = plan({ validating: [configuration([entry()])] }, { unknown: "report" });
    assert.deepEqual(amendments, []);
    assert.match(notes.join(), /left alone.*the wake may hang/);
  });
});

describe("what else goes away with the nodes (H12)", () => {
  const service = { namespace: "guard", name: "guard-svc" };
  const conversion = (clientConfig: object) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.guard.test", uid: "crd" },
    spec: { conversion: { strategy: "Webhook", webhook: { clientConfig } } },
  });
  const api = (fields: object) => ({
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1beta1.metrics.k8s.io", uid: "api" },
    spec: fields,
  });

  it("names conversion webhooks and aggregated APIs, and what they break", () => {
    const { notes, amendments } = plan({ definitions: [conversion({ service })], apiServices: [api({ service })] });
    assert.deepEqual(amendments, []);
    assert.equal(notes.length, 2);
    assert.match(notes[0] ?? "", /cannot be read.*things\.guard\.test \(guard\/guard-svc\)/);
    assert.match(notes[1] ?? "", /discovery is incomplete.*v1beta1\.metrics\.k8s\.io/);
  });

  it("is silent about local APIs, conversions by URL, and Services on Fargate", () => {
    const quiet = { definitions: [conversion({ url: "https://x.test" })], apiServices: [api({})] };
    assert.deepEqual(plan(quiet).notes, []);
    const slices = [slice(service, [{ nodeName: "fargate-1" }])];
    assert.deepEqual(plan({ apiServices: [api({ service })], slices }).notes, []);
  });
});
