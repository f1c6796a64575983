import assert from "node:assert/strict";

import type { Exclusion } from "../../runtime/config/index.js";
import { findExclusion } from "../../runtime/config/index.js";
import { config, fleetOf, PAYMENTS } from "./declared.js";

const identity = { account: "222222222222", region: "ap-southeast-2", name: "payments-critical" };
const tags = { tier: "1", team: "payments" };

describe("exclusions", () => {
  const cases: readonly [what: string, rule: Omit<Exclusion, "reason">, fits: boolean][] = [
    ["a name by wildcard", { cluster: "*-critical" }, true],
    ["another name", { cluster: "*-dev" }, false],
    ["an account", { account: "222222222222" }, true],
    ["another account", { account: "333333333333" }, false],
    ["a Region", { region: "ap-southeast-2" }, true],
    ["another Region", { region: "eu-west-1" }, false],
    ["a tag", { tags: { tier: "1" } }, true],
    ["a tag of another value", { tags: { tier: "2" } }, false],
    ["all of several matchers", { cluster: "pay*", region: "ap-southeast-2", tags: { team: "payments" } }, true],
    ["all but one of several matchers", { cluster: "pay*", region: "eu-west-1" }, false],
  ];
  for (const [what, rule, fits] of cases) {
    it(`${fits ? "fits" : "does not fit"} by ${what}`, () => {
      const exclusion = { ...rule, reason: "runs the pager" };
      assert.equal(findExclusion(identity, tags, [exclusion]), fits ? exclusion : undefined);
    });
  }

  it("gives the first rule that fits", () => {
    const [first, second] = [
      { cluster: "pay*", reason: "first" },
      { cluster: "*", reason: "second" },
    ];
    assert.equal(findExclusion(identity, {}, [first, second])?.reason, "first");
  });

  it("lists an excluded cluster, without a schedule and with the reason", () => {
    const [cluster] = fleetOf(
      config({
        clusters: [{ name: "a-critical", account: "222222222222", region: "eu-west-1" }],
        exclusions: [{ cluster: "*-critical", reason: "runs the pager" }],
      }),
    ).clusters;
    assert.equal(cluster?.schedule, null);
    assert.equal(cluster.exclusion.reason, "runs the pager");
  });

  it("takes a cluster's declared tags into account", () => {
    const [cluster] = fleetOf({
      clusters: [{ name: "a", account: "222222222222", region: "eu-west-1", tags: { tier: "1" } }],
      exclusions: [{ tags: { tier: "1" }, reason: "tier 1" }],
    }).clusters;
    assert.equal(cluster?.exclusion?.reason, "tier 1");
  });

  it("hands on the rules by tag that fit otherwise, for the tags of the real cluster", () => {
    const [cluster] = fleetOf(
      config({
        clusters: [PAYMENTS],
        exclusions: [
          { tags: { tier: "1" }, reason: "tier 1" },
          { cluster: "billing-*", tags: { tier: "1" }, reason: "another cluster" },
          { cluster: "billing-*", reason: "not by tag" },
        ],
      }),
    ).clusters;
    assert.equal(cluster?.exclusion, null);
    assert.deepEqual(
      cluster.exclusionsByTag.map(({ reason }) => reason),
      ["tier 1"],
    );
    assert.equal(findExclusion(cluster.identity, { tier: "1" }, cluster.exclusionsByTag)?.reason, "tier 1");
  });
});
