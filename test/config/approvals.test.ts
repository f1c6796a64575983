import assert from "node:assert/strict";

import { findApproval } from "../../runtime/config/index.js";
import { config, fleetOf, parse, problemsOf } from "./declared.js";

const IDENTITY = { account: "222222222222", region: "eu-west-1", name: "payments-prod" };
const RULE = { cluster: "payments-*", owner: "ana", reason: "sleeps well", until: "2027-03-31" };

const approvalsOf = (...approvals: readonly object[]) => fleetOf(config({ approvals })).approvals;
const found = (approvals: readonly object[], at: string) =>
  findApproval(IDENTITY, approvalsOf(...approvals), Date.parse(at))?.owner;

describe("an approval", () => {
  it("holds to the end of its last day, in UTC", () => {
    assert.equal(found([RULE], "2027-03-31T23:59:59.999Z"), "ana");
    assert.equal(found([RULE], "2027-04-01T00:00:00Z"), undefined);
    assert.equal(findApproval(IDENTITY, approvalsOf(RULE), -Infinity)?.owner, "ana");
  });

  it("fits a cluster that fits all it says, and the first that holds counts", () => {
    const { cluster: _, ...rest } = RULE;
    const at = "2027-01-01T00:00:00Z";
    assert.equal(found([{ ...rest, account: "333333333333" }], at), undefined);
    assert.equal(found([{ ...RULE, account: "222222222222", region: "eu-central-1" }], at), undefined);
    assert.equal(found([{ ...rest, account: "222222222222", region: "eu-west-1" }], at), "ana");
    assert.equal(found([{ ...RULE, until: "2026-01-01" }, { ...RULE, owner: "bo" }, RULE], at), "bo");
  });

  it("may have a date that YAML took for a timestamp", () => {
    assert.equal(approvalsOf({ ...RULE, until: "2027-03-31 00:00:00 +0000 UTC" })[0]?.until, "2027-03-31");
  });

  it("needs a cluster, an owner, a reason and a day that exists", () => {
    const approvals = [
      { owner: "ana", reason: "x", until: "2027-03-31" },
      { cluster: "a", owner: " ", until: "2027-02-30" },
      { ...RULE, until: 20270331, by: "me" },
    ];
    const day = 'must be the last day of the approval (UTC) in quotes, such as "2027-03-31"';
    assert.deepEqual(problemsOf(parse(config({ approvals }))), [
      "approvals[0]: must say which clusters: at least one of cluster, account, region",
      "approvals[1].owner: is required: who answers for it",
      "approvals[1].reason: is required: why these clusters may sleep, in words",
      `approvals[1].until: ${day}`,
      `approvals[2].until: ${day}`,
      "approvals[2].by: is not a known key: there are cluster, account, region, owner, reason, until",
    ]);
  });
});
