import assert from "node:assert/strict";

import {
  describeRelaxed,
  isAlarming,
  isFargateNode,
  MUTATING_WEBHOOKS,
  planRelaxation,
  readConfiguration,
  rehearsalsOf,
  renew,
  settingsSchema,
  unguardedNamespaces,
  VALIDATING_WEBHOOKS,
  wasMissed,
  type Webhook,
} from "../../runtime/cycle/index.js";
import { configuration, entry, rule, survey } from "./builders.js";

const SETTINGS = settingsSchema.parse({});
const due = (fields: Parameters<typeof entry>[0], metadata = {}) => {
  const object = configuration([entry(fields)], metadata);
  return { object, amendments: planRelaxation(survey({ validating: [object] }), SETTINGS, isFargateNode).amendments };
};

describe("relaxing a webhook again", () => {
  const saved = due({}).amendments;

  it("takes a webhook that is new as it is", () => {
    const { object, amendments } = due({ name: "new.guard.test" });
    assert.deepEqual(
      renew(amendments, saved, () => object),
      { amendments, drift: [] },
    );
  });

  it("keeps the original of one that was put back to it", () => {
    const { object, amendments } = due({});
    const renewed = renew(amendments, saved, () => object);
    assert.deepEqual(renewed.amendments[0]?.original, saved[0]?.original);
    assert.deepEqual(renewed.drift, []);
  });

  it("S38: gives back what a person set meanwhile, not what was there before, and says so", () => {
    const theirs = { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } };
    const { object, amendments } = due({ namespaceSelector: theirs });
    const { amendments: renewed, drift } = renew(amendments, saved, () => object);
    assert.deepEqual(renewed[0]?.original, theirs);
    assert.match(drift.join(), /was changed by somebody/);
  });

  it("S38: takes one that was made anew for what it is", () => {
    const { object, amendments } = due({}, { uid: "another" });
    const { amendments: renewed, drift } = renew(amendments, saved, () => object);
    assert.equal(renewed[0]?.uid, "another");
    assert.match(drift.join(), /was made anew/);
  });

  it("keeps the first original when more has to be left out than before", () => {
    const [first] = saved;
    assert.ok(first);
    const night = configuration([entry({ namespaceSelector: first.ours })]);
    const wider = { ...first, original: first.ours, ours: { matchExpressions: [] } };
    const { amendments } = renew([wider], saved, () => night);
    assert.deepEqual([amendments[0]?.original, amendments[0]?.ours], [first.original, wider.ours]);
  });
});

function read(fields: Parameters<typeof entry>[0], type = VALIDATING_WEBHOOKS): Webhook {
  const [webhook] = readConfiguration(type, configuration([entry(fields)])).webhooks;
  assert.ok(webhook);
  return webhook;
}

const NAMESPACES = new Map(
  ["default", "kube-system", "shop"].map((name) => [name, { "kubernetes.io/metadata.name": name }]),
);

describe("a rehearsal that must reach a webhook (W15)", () => {
  const kinds = (fields: Parameters<typeof entry>[0]) =>
    rehearsalsOf(read(fields), NAMESPACES).map(({ type }) => type.kind);

  it("creates what the webhook is asked about, a pod if it can be", () => {
    assert.deepEqual(kinds({}), ["Pod"]);
    assert.deepEqual(kinds({ rules: [rule({ resources: ["*"] })] }).slice(0, 2), ["Pod", "ConfigMap"]);
    assert.deepEqual(kinds({ rules: [rule({ apiGroups: ["apps"], resources: ["deployments"] })] }), ["Deployment"]);
  });

  it("does so where and with the labels that the webhook selects", () => {
    const [shop] = rehearsalsOf(
      read({
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
        objectSelector: { matchLabels: { a: "b" }, matchExpressions: [{ key: "c", operator: "In", values: ["d"] }] },
      }),
      NAMESPACES,
    );
    assert.equal(shop?.namespace, "shop");
    assert.deepEqual((shop.body as { metadata: { labels: object } }).metadata.labels, { a: "b", c: "d" });
    assert.equal(rehearsalsOf(read({}), NAMESPACES)[0]?.namespace, "kube-system");
  });

  it("is not possible for one that fails open, is never asked about creations, or selects nothing", () => {
    assert.deepEqual(kinds({ failurePolicy: "Ignore" }), []);
    assert.deepEqual(kinds({ rules: [rule({ operations: ["DELETE"] })] }), []);
    assert.deepEqual(kinds({ rules: [rule({ resources: ["widgets"] })] }), []);
    assert.deepEqual(kinds({ namespaceSelector: { matchLabels: { team: "a" } } }), []);
    assert.deepEqual(kinds({ objectSelector: { matchExpressions: [{ key: "a", operator: "In", values: [] }] } }), []);
  });
});

describe("namespaces that a mutating webhook did not see for the night (W16)", () => {
  const { amendments } = due({});

  it("are those that were left out", () => {
    const webhook = read({}, MUTATING_WEBHOOKS);
    assert.deepEqual(unguardedNamespaces(webhook, amendments, NAMESPACES), ["kube-system"]);
  });

  it("are all that it selects when failures were ignored", () => {
    const [first] = amendments;
    assert.ok(first);
    const ignored = { ...first, path: ["webhooks", { name: "validate.guard.test" }, "failurePolicy"], ours: "Ignore" };
    const webhook = read({}, MUTATING_WEBHOOKS);
    assert.deepEqual(unguardedNamespaces(webhook, [ignored], NAMESPACES), ["default", "kube-system", "shop"]);
  });

  it("are none for a validating webhook, or one that is not asked about pods", () => {
    assert.deepEqual(unguardedNamespaces(read({}), amendments, NAMESPACES), []);
    const services = read({ rules: [rule({ resources: ["services"] })] }, MUTATING_WEBHOOKS);
    assert.deepEqual(unguardedNamespaces(services, amendments, NAMESPACES), []);
  });

  it("hold pods that were made since and that the webhook selects", () => {
    const webhook = read({ objectSelector: { matchLabels: { inject: "yes" } } });
    const pod = (creationTimestamp: string, labels: Record<string, string>) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", uid: "p", creationTimestamp, labels },
    });
    const since = Date.parse("2026-03-02T20:00:00Z");
    assert.equal(wasMissed(webhook, pod("2026-03-02T20:00:01Z", { inject: "yes" }), since), true);
    assert.equal(wasMissed(webhook, pod("2026-03-02T19:59:59Z", { inject: "yes" }), since), false);
    assert.equal(wasMissed(webhook, pod("2026-03-02T20:00:01Z", {}), since), false);
  });
});

describe("a webhook that stays relaxed", () => {
  const relaxed = {
    webhook: "ValidatingWebhookConfiguration/guard/a",
    sinceAt: 0,
    why: "guard/guard-svc has no endpoint",
  };

  it("is said with its age, and becomes an alarm with time", () => {
    assert.equal(isAlarming(relaxed, 59 * 60_000, 60), false);
    assert.doesNotMatch(describeRelaxed(relaxed, 59 * 60_000, 60), /ALARM/);
    assert.equal(isAlarming(relaxed, 60 * 60_000, 60), true);
    assert.match(
      describeRelaxed(relaxed, 60 * 60_000, 60),
      /^ALARM: .*guard\/a has been relaxed for 60 min: guard\/guard-svc/,
    );
  });
});
