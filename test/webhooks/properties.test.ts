import assert from "node:assert/strict";
import fc from "fast-check";

import { applyJsonPatch } from "../../runtime/adapters/memory/json-patch.js";
import {
  applyingPatch,
  auditWebhooks,
  givingBackPatch,
  isFargateNode,
  settingsSchema,
  VALIDATING_WEBHOOKS,
  webhooksMeasure,
  type Amendment,
} from "../../runtime/cycle/index.js";
import type { ApiObject } from "../../runtime/ports/index.js";
import { configuration, survey } from "./builders.js";

const NAMES = ["kube-system", "guard", "shop", "kube-node-lease"];
const RESOURCES = [
  "*",
  "*/*",
  "pods",
  "pods/*",
  "pods/status",
  "pods/eviction",
  "nodes",
  "leases",
  "services",
  "widgets",
];

const expression = fc.record({
  key: fc.constantFrom("kubernetes.io/metadata.name", "team"),
  operator: fc.constantFrom("In", "NotIn"),
  values: fc.subarray(NAMES, { minLength: 1 }),
});
const selector = fc.record(
  { matchLabels: fc.constant({ team: "a" }), matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const rule = fc.record({
  operations: fc.subarray(["CREATE", "UPDATE", "DELETE", "CONNECT", "*"], { minLength: 1 }),
  apiGroups: fc.subarray(["", "*", "apps", "coordination.k8s.io", "guard.test"], { minLength: 1 }),
  apiVersions: fc.constant(["v1"]),
  resources: fc.subarray(RESOURCES, { minLength: 1 }),
  scope: fc.constantFrom("*", "Namespaced", "Cluster"),
});
const clientConfig = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ caBundle: fc.string(), service: fc.constant({ namespace: "guard", name: "guard-svc" }) }),
  },
  { weight: 1, arbitrary: fc.record({ caBundle: fc.string(), url: fc.constant("https://guard.example.com") }) },
);
const condition = fc.record({ name: fc.constantFrom("a", "b"), expression: fc.constant("true") });
const webhook = fc.record(
  {
    name: fc.constant("set below"),
    clientConfig,
    rules: fc.array(rule, { maxLength: 3 }),
    failurePolicy: fc.constantFrom("Fail", "Ignore"),
    timeoutSeconds: fc.integer({ min: 1, max: 30 }),
    namespaceSelector: selector,
    objectSelector: fc.constantFrom({}, { matchLabels: { inject: "yes" } }),
    matchConditions: fc.oneof(
      fc.array(condition, { maxLength: 2 }),
      fc.constant(Array.from({ length: 64 }, (_, index) => ({ name: `c${index}`, expression: "true" }))),
    ),
  },
  { requiredKeys: ["name", "clientConfig", "rules"] },
);
const anyConfiguration = fc
  .record({
    name: fc.constantFrom("guard", "kyverno-policies", "pod-identity-webhook"),
    webhooks: fc.array(webhook, { maxLength: 3 }),
  })
  .map(({ name, webhooks }) => {
    // Through JSON, as everything that comes from a server.
    const entries = JSON.parse(JSON.stringify(webhooks)) as readonly object[];
    return configuration(
      entries.map((one, index) => ({ ...one, name: `w${index}.guard.test` })),
      { name },
    );
  });

const CYCLE = "cycle-1";
const SETTINGS = settingsSchema.parse({});
const TOUCHABLE = ["failurePolicy", "matchConditions", "namespaceSelector", "timeoutSeconds"];

const amendmentsOf = (object: ApiObject): readonly Amendment[] =>
  webhooksMeasure.plan(survey({ validating: [object] }), SETTINGS).amendments;

const relaxed = (object: ApiObject): ApiObject =>
  applyJsonPatch(object, applyingPatch(amendmentsOf(object), object, CYCLE)) as ApiObject;

interface Entry {
  readonly clientConfig: { readonly url?: string; readonly caBundle?: string };
}

const entriesOf = (object: ApiObject) => object["webhooks"] as readonly (Entry & Readonly<Record<string, unknown>>)[];

describe("webhooks of every shape", () => {
  it("are byte for byte as before once everything is given back", () => {
    fc.assert(
      fc.property(anyConfiguration, (object) => {
        const amendments = amendmentsOf(object);
        if (amendments.length === 0) return;
        const night = relaxed(object);
        const morning = applyJsonPatch(night, givingBackPatch(amendments, night, false)) as ApiObject;
        assert.deepEqual(morning, object);
      }),
    );
  });

  it("keep everything but four fields, and S39: those asked by URL or kept by EKS keep all", () => {
    fc.assert(
      fc.property(anyConfiguration, (object) => {
        const night = relaxed(object);
        for (const [index, before] of entriesOf(object).entries()) {
          const after = entriesOf(night)[index] ?? ({} as Entry);
          const isTheirs = before.clientConfig.url !== undefined || object.metadata.name === "pod-identity-webhook";
          const changed = Object.keys({ ...before, ...after }).filter(
            (key) => JSON.stringify((before as never)[key]) !== JSON.stringify((after as never)[key]),
          );
          assert.deepEqual(
            changed.filter((key) => isTheirs || !TOUCHABLE.includes(key)),
            [],
          );
        }
      }),
    );
  });

  it("are no problem any more when they are relaxed", () => {
    fc.assert(
      fc.property(anyConfiguration, (object) => {
        const { findings } = auditWebhooks(survey({ validating: [relaxed(object)] }), isFargateNode);
        assert.deepEqual(
          findings.map(({ webhook: { name } }) => name),
          [],
        );
      }),
    );
  });

  it("never make the measure fail, whatever the objects are", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.object(), fc.anything())), (webhooks) => {
        const object = { ...configuration([]), webhooks } as ApiObject;
        const { notes } = webhooksMeasure.plan(survey({ validating: [object] }), SETTINGS);
        assert.ok(notes.length >= 0 && VALIDATING_WEBHOOKS.plural.length > 0);
      }),
    );
  });
});
