import assert from "node:assert/strict";

import type { CapacityFixture, FixtureGroup } from "./capacity.js";
import { eventually } from "./eventually.js";

const WEB: FixtureGroup = { kind: "managed", name: "web", size: { min: 0, desired: 1, max: 4 } };
const BATCH: FixtureGroup = { kind: "self-managed", name: "batch", size: { min: 0, desired: 0, max: 5 } };

/** What a pre-flight asks of groups, whatever the account's quotas are: an emulator has none. */
export function describeProspects(current: () => CapacityFixture): void {
  describe("looking ahead", () => {
    it("tells of every group that is there how its nodes are paid for, and that nobody is replacing them", async () => {
      const fixture = current();
      const { capacity } = fixture;
      await fixture.addGroup(WEB);
      await fixture.addGroup(BATCH);
      const groups = await capacity.listGroups();
      const paid = async () =>
        (await capacity.prospects.nodeVcpus(groups)).map(({ groupId, onDemand }) => [groupId, onDemand]);
      const onDemand = { base: 0, percent: 100 };
      assert.deepEqual((await paid()).sort(), [
        ["asg/batch", onDemand],
        ["managed/web", onDemand],
      ]);
      assert.deepEqual(await capacity.prospects.instanceRefreshes(groups), []);
      await fixture.removeGroup(BATCH);
      await eventually(fixture, "the group is gone", async () => (await paid()).length === 1);
      assert.deepEqual(await capacity.prospects.instanceRefreshes(groups), []);
    });
  });
}
