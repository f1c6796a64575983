import assert from "node:assert/strict";

import { auditWebhooks, isFargateNode, type Finding } from "../../runtime/cycle/index.js";
import { configuration, entry, namespace, rule, slice, survey, type SurveyParts } from "./builders.js";

const SERVICE = { namespace: "guard", name: "guard-svc" };

function audit(fields: Parameters<typeof entry>[0], parts: SurveyParts = {}): Finding | undefined {
  const { findings } = auditWebhooks(survey({ validating: [configuration([entry(fields)])], ...parts }), isFargateNode);
  return findings[0];
}

const ruleOver = (resources: readonly string[], fields: Parameters<typeof rule>[0] = {}) => ({
  rules: [rule({ resources, ...fields })],
});
const onlyIn = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
const notIn = (...values: readonly string[]) => ({
  namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values }] },
});

type Case = readonly [words: string, fields: Parameters<typeof entry>[0], problem: "refuses" | "delays" | undefined];

/** Gardener's rule (safe-cycle H11), one line each. */
const CASES: readonly Case[] = [
  ["Fail on pods everywhere", {}, "refuses"],
  ["no policy is Fail", { failurePolicy: undefined }, "refuses"],
  ["Ignore with a time-out of 15 s", { failurePolicy: "Ignore", timeoutSeconds: 15 }, undefined],
  ["Ignore with a time-out of 16 s", { failurePolicy: "Ignore", timeoutSeconds: 16 }, "delays"],
  ["Ignore without a time-out, hence 10 s", { failurePolicy: "Ignore", timeoutSeconds: undefined }, undefined],
  [
    "Ignore with 3 s on leases",
    { failurePolicy: "Ignore", timeoutSeconds: 3, ...ruleOver(["leases"], { apiGroups: ["coordination.k8s.io"] }) },
    undefined,
  ],
  [
    "Ignore with 4 s on leases",
    { failurePolicy: "Ignore", timeoutSeconds: 4, ...ruleOver(["leases"], { apiGroups: ["coordination.k8s.io"] }) },
    "delays",
  ],
  ["Fail on nodes", ruleOver(["nodes"]), "refuses"],
  ["Fail on certificate requests", ruleOver(["certificatesigningrequests"], { apiGroups: ["*"] }), "refuses"],
  ["Fail on priority classes", ruleOver(["priorityclasses"], { apiGroups: ["scheduling.k8s.io"] }), "refuses"],
  ["Fail on cluster roles", ruleOver(["clusterroles"], { apiGroups: ["rbac.authorization.k8s.io"] }), "refuses"],
  ["Fail on custom resource definitions", ruleOver(["customresourcedefinitions"], { apiGroups: ["*"] }), "refuses"],
  ["Fail on namespaces", ruleOver(["namespaces"]), "refuses"],
  ["Fail on its own kinds only", ruleOver(["certificates"], { apiGroups: ["cert-manager.io"] }), undefined],
  ["Fail on connections to pods", ruleOver(["pods/exec"], { operations: ["CONNECT"] }), undefined],
  [
    "Fail on deletions of Services, which nobody has to delete",
    ruleOver(["services"], { operations: ["DELETE"] }),
    undefined,
  ],
  ["Fail on deletions of namespaces", ruleOver(["namespaces"], { operations: ["DELETE"] }), undefined],
  ["Fail in one application's namespace", onlyIn("shop"), undefined],
  ["Fail everywhere but in kube-system and its own namespace", notIn("kube-system", "guard"), undefined],
  ["Fail everywhere but in kube-system, hence on its own backend", notIn("kube-system"), "refuses"],
  ["Fail on labelled pods only", { objectSelector: { matchLabels: { inject: "yes" } }, ...notIn("guard") }, undefined],
  [
    "Fail on pods that carry a label of CoreDNS",
    { objectSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
    "refuses",
  ],
  [
    "Fail on deletions of an application's pods",
    { ...ruleOver(["pods"], { operations: ["DELETE"] }), ...onlyIn("shop") },
    "refuses",
  ],
  ["Fail on evictions of an application's pods", { ...ruleOver(["pods/eviction"]), ...onlyIn("shop") }, "refuses"],
];

describe("the audit of webhooks", () => {
  for (const [words, fields, problem] of CASES) {
    it(`${words}: ${problem ?? "no problem"}`, () => {
      assert.equal(audit(fields)?.problem, problem);
    });
  }

  it("looks at the labels that kube-system really has", () => {
    const fields = { namespaceSelector: { matchLabels: { tier: "system" } }, ...ruleOver(["pods"]) };
    assert.equal(audit(fields)?.problem, undefined);
    const namespaces = [namespace("kube-system", { tier: "system" }), namespace("guard")];
    assert.deepEqual(audit(fields, { namespaces })?.exposure.namespaces, ["kube-system"]);
  });

  it("guards the namespaces of all backends, so that none waits for another", () => {
    const other = configuration(
      [entry({ clientConfig: { service: { namespace: "mesh", name: "mesh" } }, ...onlyIn("guard") })],
      {
        name: "mesh",
      },
    );
    const found = audit(onlyIn("shop"), { validating: [other, configuration([entry(onlyIn("shop"))])] });
    assert.deepEqual(found?.exposure.namespaces, ["guard"]);
  });

  it("finds webhooks of both kinds, each entry for itself", () => {
    const mutating = configuration(
      [entry({ name: "one.guard.test" }), entry({ name: "two.guard.test", ...onlyIn("shop") })],
      {
        kind: "MutatingWebhookConfiguration",
        name: "injector",
      },
    );
    const { findings } = auditWebhooks(survey({ mutating: [mutating] }), isFargateNode);
    assert.deepEqual(
      findings.map(({ webhook }) => [webhook.name, webhook.isMutating]),
      [["one.guard.test", true]],
    );
  });

  it("S39: is no finding when it is asked by URL, or when EKS manages it", () => {
    assert.equal(audit({ clientConfig: { url: "https://guard.example.com/validate" } }), undefined);
    const validating = [configuration([entry()], { name: "vpc-resource-validating-webhook" })];
    assert.equal(audit({}, { validating }), undefined);
  });

  it("leaves alone what answers from Fargate or from outside the cluster (W26), and nothing else", () => {
    const on = (nodeName: string | null, ready = true) =>
      audit({}, { slices: [slice(SERVICE, [{ nodeName, ready }])] });
    assert.equal(on("fargate-ip-10-0-0-1.ec2.internal"), undefined);
    assert.equal(on(null), undefined);
    assert.equal(on("ip-10-0-0-1.ec2.internal")?.problem, "refuses");
    assert.equal(on("fargate-ip-10-0-0-1.ec2.internal", false)?.problem, "refuses");
  });

  it("names an entry that it cannot read, and reads the others", () => {
    const broken = configuration([{ name: 7 }, entry()]);
    const { findings, unreadable } = auditWebhooks(survey({ validating: [broken] }), isFargateNode);
    assert.equal(findings.length, 1);
    assert.deepEqual(unreadable, ["ValidatingWebhookConfiguration/guard, entry 1"]);
  });
});
