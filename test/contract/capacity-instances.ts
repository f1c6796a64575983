import assert from "node:assert/strict";

import type { CapacityFixture, FixtureGroup } from "./capacity.js";
import { eventually } from "./eventually.js";

const BATCH: FixtureGroup = { kind: "self-managed", name: "batch", size: { min: 0, desired: 2, max: 5 } };
/** An id as EC2 gives them, of an instance that never was. */
const NEVER = "i-0123456789abcdef0";

/** What EC2 says of single instances. */
export function describeInstanceStates(current: () => CapacityFixture): void {
  describe("instances by id", () => {
    async function start(): Promise<readonly string[]> {
      const fixture = current();
      await fixture.addGroup(BATCH);
      const seen = await fixture.capacity.readInstances(await fixture.capacity.listGroups());
      return seen.flatMap(({ instances }) => instances.map(({ id }) => id));
    }

    it("tells which run, and that one which EC2 does not know is terminated", async () => {
      const ids = await start();
      const states = await current().capacity.instanceStates([...ids, NEVER]);
      assert.deepEqual([...states].sort(), [...ids.map((id) => [id, "running"]), [NEVER, "terminated"]].sort());
    });

    it("tells when instances that have left their group are terminated", async () => {
      const fixture = current();
      const ids = await start();
      const [group] = await fixture.capacity.listGroups();
      assert.ok(group);
      await fixture.capacity.resize(group, { min: 0, desired: 0, max: 5 }, "to-sleep");
      await eventually(fixture, "the instances are terminated", async () => {
        const states = await fixture.capacity.instanceStates(ids);
        assert.equal(states.size, ids.length);
        return [...states.values()].every((state) => state === "terminated");
      });
      assert.deepEqual((await fixture.capacity.readInstances([group]))[0]?.instances, []);
    });

    it("has no answer to no question", async () => {
      assert.deepEqual(await current().capacity.instanceStates([]), new Map());
    });
  });
}
