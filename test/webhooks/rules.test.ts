import assert from "node:assert/strict";

import { isAskedAbout, type AdmissionRequest } from "../../runtime/cycle/measures/webhooks/rules.js";
import { rule } from "./builders.js";

const POD: AdmissionRequest = {
  operation: "CREATE",
  group: "",
  version: "v1",
  resource: "pods",
  subresource: "",
  isNamespaced: true,
};
const POD_STATUS = { ...POD, operation: "UPDATE", subresource: "status" } as const;
const DEPLOYMENT = { ...POD, group: "apps", resource: "deployments" };
const NODE = { ...POD, resource: "nodes", isNamespaced: false };
const NAMESPACE = { ...POD, resource: "namespaces", isNamespaced: false };

type Case = readonly [words: string, rule: Parameters<typeof rule>[0], request: AdmissionRequest, isCovered: boolean];

const CASES: readonly Case[] = [
  ["the same in everything", {}, POD, true],
  ["another operation", { operations: ["DELETE"] }, POD, false],
  ["every operation", { operations: ["*"] }, POD, true],
  ["connections only", { operations: ["CONNECT"] }, POD, false],
  ["another group", { apiGroups: ["apps"] }, POD, false],
  ["every group", { apiGroups: ["*"], resources: ["deployments"] }, DEPLOYMENT, true],
  ["another resource", { resources: ["services"] }, POD, false],
  ["a star is every object", { resources: ["*"] }, POD, true],
  ["a star is no subresource", { operations: ["*"], resources: ["*"] }, POD_STATUS, false],
  ["star and star is everything", { resources: ["*/*"] }, POD_STATUS, true],
  ["star and star is objects, too", { resources: ["*/*"] }, POD, true],
  ["all subresources of pods", { resources: ["pods/*"] }, POD_STATUS, true],
  ["all subresources of pods, and pods", { resources: ["pods/*"] }, POD, true],
  ["the status of everything", { resources: ["*/status"] }, POD_STATUS, true],
  ["the status of everything, not the objects", { resources: ["*/status"] }, POD, false],
  ["pods, not their status", { operations: ["*"], resources: ["pods"] }, POD_STATUS, false],
  ["namespaced objects only", { scope: "Namespaced" }, POD, true],
  ["objects of the cluster only", { scope: "Cluster" }, POD, false],
  ["a node is an object of the cluster", { scope: "Cluster", resources: ["nodes"] }, NODE, true],
  ["a node is in no namespace", { scope: "Namespaced", resources: ["*"] }, NODE, false],
  ["a namespace is an object of the cluster", { scope: "Cluster", resources: ["*"] }, NAMESPACE, true],
];

describe("a webhook's rules", () => {
  for (const [words, fields, request, isCovered] of CASES) {
    it(`${words}: ${isCovered ? "asked" : "not asked"}`, () => {
      const webhook = { rules: [rule(fields)], matchPolicy: "Exact" } as never;
      assert.equal(isAskedAbout(webhook, request), isCovered);
    });
  }

  it("a version counts only when the match is exact: the server converts otherwise", () => {
    const rules = [rule({ apiGroups: ["apps"], apiVersions: ["v1beta1"], resources: ["deployments"] })];
    assert.equal(isAskedAbout({ rules, matchPolicy: "Exact" } as never, DEPLOYMENT), false);
    assert.equal(isAskedAbout({ rules, matchPolicy: "Equivalent" } as never, DEPLOYMENT), true);
  });

  it("one rule of several is enough, none asks about nothing", () => {
    const rules = [rule({ resources: ["services"] }), rule()];
    assert.equal(isAskedAbout({ rules, matchPolicy: "Exact" } as never, POD), true);
    assert.equal(isAskedAbout({ rules: [], matchPolicy: "Exact" } as never, POD), false);
  });
});
