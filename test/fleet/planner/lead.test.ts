import assert from "node:assert/strict";

import { launchSeconds, leadMs } from "../../../runtime/fleet/planner/lead.js";

const QUOTA = { burstInstances: 1000, instancesPerSecond: 2, burstRequests: 5, requestsPerSecond: 2 };
const OPTIONS = { quota: QUOTA, bootSeconds: 150, groupsPerSecond: 5, tickSeconds: 60 };

/** Clusters of 4 groups and 20 nodes. */
const wave = (clusters: number) => ({ groups: clusters * 4, nodes: clusters * 20 });

describe("the lead of a wake", () => {
  it("agrees with the capacity model for 10, 20, 50 and 100 clusters in one account and Region", () => {
    const model = [10, 20, 50, 100].map((clusters) => launchSeconds(wave(clusters), QUOTA));
    assert.deepEqual(
      model.map(({ tokens }) => tokens),
      [0, 0, 0, 500],
    );
    assert.deepEqual(
      model.map(({ requests }) => Math.ceil(requests)),
      [18, 38, 98, 198],
    );
  });

  it("is the slowest of the account's limits, a boot and a tick", () => {
    assert.equal(leadMs(wave(100), OPTIONS), (500 + 150 + 60) * 1000);
    assert.equal(leadMs(wave(50), OPTIONS), (98 + 150 + 60) * 1000);
  });

  it("of a single cluster is hardly more than a boot", () => {
    assert.equal(leadMs(wave(1), OPTIONS), (1 + 150 + 60) * 1000);
  });

  it("follows our own spreading where that is slower than the launches", () => {
    const generous = { burstInstances: 1e6, instancesPerSecond: 1e3, burstRequests: 1e6, requestsPerSecond: 1e3 };
    assert.equal(leadMs(wave(100), { ...OPTIONS, quota: generous }), (80 + 150 + 60) * 1000);
  });
});
