import assert from "node:assert/strict";

import { budgetDeadEnd, budgetLookup, selectorMatches } from "../../runtime/drain/budgets.js";
import { budget, pod } from "./fixtures.js";

describe("matching budgets to pods", () => {
  const labels = { app: "api", track: "stable" };
  const expression = (key: string, operator: "In" | "NotIn" | "Exists" | "DoesNotExist", ...values: string[]) => ({
    matchLabels: {},
    matchExpressions: [{ key, operator, values }],
  });

  for (const [says, selector, matches] of [
    ["no selector matches nothing", null, false],
    ["an empty selector matches everything", { matchLabels: {}, matchExpressions: [] }, true],
    ["equal labels match", { matchLabels: { app: "api" }, matchExpressions: [] }, true],
    ["another value does not", { matchLabels: { app: "web" }, matchExpressions: [] }, false],
    ["In matches one of its values", expression("app", "In", "web", "api"), true],
    ["In needs the label", expression("tier", "In", "web"), false],
    ["NotIn matches a missing label", expression("tier", "NotIn", "web"), true],
    ["NotIn refuses its values", expression("app", "NotIn", "api"), false],
    ["Exists needs the label", expression("tier", "Exists"), false],
    ["DoesNotExist refuses the label", expression("app", "DoesNotExist"), false],
  ] as const) {
    it(says, () => assert.equal(selectorMatches(selector, labels), matches));
  }

  it("asks no budget for pods that the server evicts without asking", () => {
    const lookup = budgetLookup([budget("api", 1)]);
    assert.equal(lookup(pod("api-1", "a")).length, 1);
    assert.deepEqual(lookup(pod("api-1", "a", { phase: "Pending" })), []);
    assert.deepEqual(lookup(pod("api-1", "a", { phase: "Succeeded" })), []);
    assert.deepEqual(lookup(pod("api-1", "a", { namespace: "other" })), []);
  });

  it("names dead ends", () => {
    assert.equal(budgetDeadEnd(budget("api", 1, { disruptionsAllowed: 1, expectedPods: 2 })), null);
    assert.match(budgetDeadEnd(budget("api", 0, { expectedPods: 0 })) ?? "", /counts no pods/);
    assert.match(budgetDeadEnd(budget("api", 3, { expectedPods: 3 })) ?? "", /all of its 3 pods/);
    assert.match(budgetDeadEnd(budget("api", 1, { isStale: true })) ?? "", /newest version/);
  });
});
