import assert from "node:assert/strict";
import fc from "fast-check";

import { queueOf } from "../../../runtime/fleet/planner/queue-of.js";

const PAY = { account: "111111111111", region: "eu-west-1" };

describe("the queue of a cluster", () => {
  it("is always one of those there are", () => {
    const identity = fc.record({ account: fc.string(), region: fc.string() });
    const assignment = fc.constantFrom("region", "account", "hash");
    fc.assert(
      fc.property(identity, assignment, fc.integer({ min: 1, max: 20 }), (one, by, count) => {
        const queue = queueOf(one, by, count);
        assert.ok(Number.isInteger(queue) && queue >= 0 && queue < count);
      }),
    );
  });

  it("is one for all accounts of a Region, or for all Regions of an account", () => {
    const other = { account: "222222222222", region: "eu-west-1" };
    assert.equal(queueOf(PAY, "region", 7), queueOf(other, "region", 7));
    const abroad = { account: "111111111111", region: "us-east-1" };
    assert.equal(queueOf(PAY, "account", 7), queueOf(abroad, "account", 7));
  });

  it("stays the same from version to version, or messages and their fairness would move", () => {
    const queues = ["us-east-1", "eu-west-1", "ap-southeast-2"].map((region) => queueOf({ ...PAY, region }, "hash", 8));
    assert.deepEqual(queues, [2, 7, 5]);
  });

  it("spreads accounts over all queues", () => {
    const counts = Array<number>(8).fill(0);
    for (let account = 0; account < 800; account += 1) {
      counts[queueOf({ account: String(100_000_000_000 + account), region: "eu-west-1" }, "account", 8)]! += 1;
    }
    assert.ok(Math.min(...counts) > 50, counts.join(" "));
  });
});
