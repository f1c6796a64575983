import assert from "node:assert/strict";

import type { CapacityFixture, FixtureGroup } from "./capacity.js";
import { eventually } from "./eventually.js";

const WEB: FixtureGroup = { kind: "managed", name: "web", size: { min: 0, desired: 0, max: 4 } };
const BATCH: FixtureGroup = { kind: "self-managed", name: "batch", size: { min: 0, desired: 0, max: 5 } };
const ON = { nodePools: ["general-purpose", "system"], nodeRoleArn: "arn:aws:iam::123456789012:role/auto-node" };
const OFF = { nodePools: [], nodeRoleArn: null };

/** What of the cloud is held still for a night: scaling processes, EKS Auto Mode's pools, Karpenter's instances. */
export function describeHolding(current: () => CapacityFixture): void {
  describe("holding the cloud still", () => {
    async function groupNamed({ capacity }: CapacityFixture, name: string) {
      const group = (await capacity.listGroups()).find((one) => one.name === name);
      assert.ok(group);
      return group;
    }

    it("suspends exactly the processes that are named, and resumes them; twice is as good as once", async () => {
      const fixture = current();
      const { capacity } = fixture;
      await fixture.addGroup(BATCH);
      await fixture.suspendProcesses(BATCH, ["HealthCheck"]);
      const group = await groupNamed(fixture, "batch");
      const suspended = async () => [...(await groupNamed(fixture, "batch")).observed!.suspendedProcesses].sort();
      for (let time = 0; time < 2; time += 1) {
        assert.equal(
          await capacity.setScalingProcesses(group, ["AZRebalance", "ScheduledActions"], "suspend"),
          "changed",
        );
      }
      assert.deepEqual(await suspended(), ["AZRebalance", "HealthCheck", "ScheduledActions"]);
      for (let time = 0; time < 2; time += 1) {
        assert.equal(
          await capacity.setScalingProcesses(group, ["AZRebalance", "ScheduledActions"], "resume"),
          "changed",
        );
      }
      assert.deepEqual(await suspended(), ["HealthCheck"]);
    });

    it("says that a group is gone, and takes none of EKS's own", async () => {
      const fixture = current();
      await fixture.addGroup(BATCH);
      await fixture.addGroup(WEB);
      const group = await groupNamed(fixture, "batch");
      await fixture.removeGroup(BATCH);
      await eventually(
        fixture,
        "the group is gone",
        async () => (await fixture.capacity.setScalingProcesses(group, ["AZRebalance"], "suspend")) === "gone",
      );
      const managed = await groupNamed(fixture, "web");
      await assert.rejects(async () => fixture.capacity.setScalingProcesses(managed, ["AZRebalance"], "suspend"));
    });

    it("switches EKS Auto Mode's built-in pools off and on again, one update at a time", async () => {
      const fixture = current();
      const { capacity } = fixture;
      assert.equal((await capacity.describeCluster()).autoMode, null);
      await fixture.enableAutoMode(ON);
      assert.deepEqual((await capacity.describeCluster()).autoMode, ON);
      const off = await capacity.switchBuiltInPools(OFF, "off-1");
      assert.ok(off.kind === "accepted" && off.updateId !== null);
      const { updateId } = off;
      assert.deepEqual(await capacity.switchBuiltInPools(OFF, "off-1"), off);
      assert.equal((await capacity.switchBuiltInPools(ON, "on-1")).kind, "busy");
      await eventually(
        fixture,
        "the update succeeds",
        async () => (await capacity.switchStatus(updateId)).kind === "successful",
      );
      assert.deepEqual((await capacity.describeCluster()).autoMode, OFF);
      assert.equal((await capacity.switchBuiltInPools(ON, "on-1")).kind, "accepted");
      await eventually(fixture, "the pools are on", async () => {
        const { autoMode } = await capacity.describeCluster();
        return autoMode?.nodeRoleArn === ON.nodeRoleArn && autoMode.nodePools.join() === ON.nodePools.join();
      });
    });

    it("finds the instances that Karpenter launched, and no group's", async () => {
      const fixture = current();
      await fixture.addGroup({ ...BATCH, size: { min: 0, desired: 1, max: 5 } });
      assert.deepEqual(await fixture.capacity.karpenterInstances(), []);
      const ids = [await fixture.launchKarpenterInstance(), await fixture.launchKarpenterInstance()];
      assert.deepEqual(await fixture.capacity.karpenterInstances(), ids.sort());
    });
  });
}
