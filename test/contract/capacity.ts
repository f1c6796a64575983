import assert from "node:assert/strict";

import type {
  AutoMode,
  Capacity,
  ClusterIdentity,
  GroupInstances,
  GroupSize,
  NodeGroup,
} from "../../runtime/ports/index.js";
import { describeHolding } from "./capacity-holding.js";
import { describeInstanceStates } from "./capacity-instances.js";
import { describeProspects } from "./capacity-prospects.js";
import type { Awaitable, Waiter } from "./eventually.js";
import { eventually } from "./eventually.js";

/** One EKS endpoint, real, emulated or in memory. */
export interface CapacityLab {
  /** A cluster of its own without groups. */
  open(): Promise<CapacityFixture>;
  close(): Promise<void>;
}

/** Small verbs to arrange a cluster's groups with. */
export interface CapacityFixture extends Waiter {
  readonly identity: ClusterIdentity;
  readonly capacity: Capacity;
  /** The port for a cluster by another name, which does not exist. */
  readonly missing: Capacity;
  /** Instances are in service on return. A self-managed group is tagged as the cluster's own. */
  addGroup(group: FixtureGroup): Awaitable<void>;
  removeGroup(group: Pick<FixtureGroup, "kind" | "name">): Awaitable<void>;
  /** An Auto Scaling group in the same account that belongs to another cluster. */
  addForeignGroup(name: string): Awaitable<void>;
  /** Somebody else's update of a managed group, in progress on return. */
  startForeignUpdate(name: string): Awaitable<void>;
  suspendProcesses(group: Pick<FixtureGroup, "kind" | "name">, processes: readonly string[]): Awaitable<void>;
  resumeProcesses(group: Pick<FixtureGroup, "kind" | "name">, processes: readonly string[]): Awaitable<void>;
  /** EKS Auto Mode is on, with these built-in pools. */
  enableAutoMode(autoMode: AutoMode): Awaitable<void>;
  /** Karpenter launches an instance for the cluster; gives its id. */
  launchKarpenterInstance(): Awaitable<string>;
  dispose(): Awaitable<void>;
}

export interface FixtureGroup {
  readonly kind: "managed" | "self-managed";
  readonly name: string;
  readonly size: GroupSize;
}

const WEB: FixtureGroup = { kind: "managed", name: "web", size: { min: 1, desired: 2, max: 4 } };
const BATCH: FixtureGroup = { kind: "self-managed", name: "batch", size: { min: 0, desired: 3, max: 5 } };
const ASLEEP: GroupSize = { min: 0, desired: 0, max: 4 };

async function onlyGroup({ capacity }: CapacityFixture): Promise<NodeGroup> {
  const groups = await capacity.listGroups();
  assert.equal(groups.length, 1);
  return groups[0]!;
}

async function instancesOf({ capacity }: CapacityFixture, group: NodeGroup): Promise<GroupInstances> {
  const [seen, ...others] = await capacity.readInstances([group]);
  assert.deepEqual(others, []);
  assert.ok(seen);
  return seen;
}

async function resize(
  fixture: CapacityFixture,
  group: NodeGroup,
  size: GroupSize,
  token: string,
): Promise<string | null> {
  const answer = await fixture.capacity.resize(group, size, token);
  assert.equal(answer.kind, "accepted");
  return answer.updateId;
}

async function resizeToTheEnd(
  fixture: CapacityFixture,
  group: NodeGroup,
  size: GroupSize,
  token: string,
): Promise<void> {
  const updateId = await resize(fixture, group, size, token);
  if (updateId === null) return;
  await eventually(fixture, "the update is over", async () => {
    const { kind } = await fixture.capacity.resizeStatus(group, updateId);
    assert.notEqual(kind, "failed");
    return kind === "successful";
  });
}

async function awaitInService(fixture: CapacityFixture, group: NodeGroup, count: number): Promise<readonly string[]> {
  return eventually(fixture, `${count} instances in service`, async () => {
    const { instances } = await instancesOf(fixture, group);
    const isThere = instances.length === count && instances.every(({ state }) => state === "InService");
    return isThere && instances.map(({ id }) => id);
  });
}

/** What every implementation of the Capacity port does. The tests compare kinds of answers, never a vendor's words. */
export function describeCapacity(name: string, start: () => CapacityLab | Promise<CapacityLab>): void {
  describe(`Capacity contract: ${name}`, function () {
    this.timeout(90_000);
    let lab: CapacityLab | undefined;
    let opened: CapacityFixture | undefined;

    before(async () => {
      lab = await start();
    });
    beforeEach(async () => {
      opened = await lab?.open();
    });
    afterEach(async () => {
      await opened?.dispose();
      opened = undefined;
    });
    after(async () => {
      await lab?.close();
    });

    const current = (): CapacityFixture => {
      if (opened === undefined) throw new Error("no fixture outside a test");
      return opened;
    };
    describeReading(current);
    describeResizing(current);
    describeUpdates(current);
    describeInstanceStates(current);
    describeHolding(current);
    describeProspects(current);
  });
}

function describeReading(current: () => CapacityFixture): void {
  describe("reading", () => {
    it("tells what the cluster is", async () => {
      const { capacity, identity } = current();
      const facts = await capacity.describeCluster();
      assert.equal(facts.arn, `arn:aws:eks:${identity.region}:${identity.account}:cluster/${identity.name}`);
      assert.equal(facts.status, "ACTIVE");
      assert.match(facts.kubernetesVersion, /^\d+\.\d+$/);
      assert.match(facts.endpoint, /^https:\/\//);
      assert.match(facts.certificateAuthority, /BEGIN CERTIFICATE/);
      assert.ok(["API", "API_AND_CONFIG_MAP"].includes(facts.authenticationMode));
      assert.equal(typeof facts.hasPublicEndpoint, "boolean");
    });

    it("says that a cluster does not exist", async () => {
      const { missing } = current();
      await assert.rejects(() => missing.describeCluster(), { code: "cluster-not-found" });
    });

    it("lists the groups of both kinds, and nobody else's", async () => {
      const fixture = current();
      assert.deepEqual(await fixture.capacity.listGroups(), []);
      await fixture.addGroup(WEB);
      await fixture.addGroup({ ...WEB, name: "api", size: { min: 0, desired: 1, max: 1 } });
      await fixture.addGroup(BATCH);
      await fixture.addForeignGroup("stranger");
      const groups = await fixture.capacity.listGroups();
      assert.deepEqual(
        groups.map(({ id, kind, name, size, status, healthIssues }) => ({
          id,
          kind,
          name,
          size,
          status,
          healthIssues,
        })),
        [
          {
            id: "asg/batch",
            kind: "self-managed",
            name: "batch",
            size: BATCH.size,
            status: "ACTIVE",
            healthIssues: [],
          },
          {
            id: "managed/api",
            kind: "managed",
            name: "api",
            size: { min: 0, desired: 1, max: 1 },
            status: "ACTIVE",
            healthIssues: [],
          },
          { id: "managed/web", kind: "managed", name: "web", size: WEB.size, status: "ACTIVE", healthIssues: [] },
        ],
      );
      assert.equal(groups[0]?.autoScalingGroup, "batch");
      assert.notEqual(groups[1]?.autoScalingGroup, groups[2]?.autoScalingGroup);
    });

    it("reads the instances of all groups at once", async () => {
      const fixture = current();
      await fixture.addGroup(WEB);
      await fixture.addGroup(BATCH);
      const seen = await fixture.capacity.readInstances(await fixture.capacity.listGroups());
      assert.deepEqual(seen.map(({ groupId, size, instances }) => [groupId, size, instances.length]).sort(), [
        ["asg/batch", BATCH.size, 3],
        ["managed/web", WEB.size, 2],
      ]);
      const instances = seen.flatMap((group) => group.instances);
      assert.equal(new Set(instances.map(({ id }) => id)).size, 5);
      for (const { id, zone, state, isProtectedFromScaleIn } of instances) {
        assert.match(id, /^i-/);
        assert.notEqual(zone, "");
        assert.deepEqual([state, isProtectedFromScaleIn], ["InService", false]);
      }
      assert.deepEqual(await fixture.capacity.readInstances([]), []);
    });

    it("leaves out a group that is gone", async () => {
      const fixture = current();
      await fixture.addGroup(WEB);
      await fixture.addGroup(BATCH);
      const groups = await fixture.capacity.listGroups();
      await fixture.removeGroup(BATCH);
      await eventually(fixture, "only the other group is read", async () => {
        const seen = await fixture.capacity.readInstances(groups);
        return seen.length === 1 && seen[0]?.groupId === "managed/web";
      });
    });

    it("tells which processes are suspended", async () => {
      const fixture = current();
      await fixture.addGroup(BATCH);
      await fixture.suspendProcesses(BATCH, ["Terminate", "Launch"]);
      const { suspendedProcesses } = await instancesOf(fixture, await onlyGroup(fixture));
      assert.deepEqual([...suspendedProcesses].sort(), ["Launch", "Terminate"]);
    });
  });
}

function describeResizing(current: () => CapacityFixture): void {
  describe("resizing", () => {
    for (const group of [WEB, BATCH]) {
      it(`moves instances: a ${group.kind} group goes to zero and back`, async () => {
        const fixture = current();
        await fixture.addGroup(group);
        const listed = await onlyGroup(fixture);
        const before = await awaitInService(fixture, listed, group.size.desired);

        await resizeToTheEnd(fixture, listed, { ...ASLEEP, max: group.size.max }, "to-sleep");
        await awaitInService(fixture, listed, 0);
        const asleep = await onlyGroup(fixture);
        assert.deepEqual(asleep.size, { ...ASLEEP, max: group.size.max });
        assert.deepEqual((await instancesOf(fixture, listed)).size, asleep.size);

        await resizeToTheEnd(fixture, listed, group.size, "to-wake");
        const after = await awaitInService(fixture, listed, group.size.desired);
        assert.deepEqual((await onlyGroup(fixture)).size, group.size);
        assert.deepEqual(
          after.filter((id) => before.includes(id)),
          [],
        );
      });
    }

    it("has nothing to wait for with a self-managed group", async () => {
      const fixture = current();
      await fixture.addGroup(BATCH);
      const group = await onlyGroup(fixture);
      assert.equal(await resize(fixture, group, { min: 0, desired: 1, max: 5 }, "once"), null);
      assert.deepEqual(await fixture.capacity.resizeStatus(group, "any"), { kind: "successful" });
    });

    it("keeps every instance while Terminate is suspended, and says nothing of it", async () => {
      const fixture = current();
      await fixture.addGroup(WEB);
      const group = await onlyGroup(fixture);
      await fixture.suspendProcesses(WEB, ["Terminate"]);
      await resizeToTheEnd(fixture, group, ASLEEP, "to-sleep");
      await fixture.wait(2_000);
      assert.equal((await instancesOf(fixture, group)).instances.length, 2);
      await fixture.resumeProcesses(WEB, ["Terminate"]);
      await awaitInService(fixture, group, 0);
    });

    it("launches nothing while Launch is suspended, and says nothing of it", async () => {
      const fixture = current();
      await fixture.addGroup({ ...BATCH, size: { min: 0, desired: 0, max: 5 } });
      const group = await onlyGroup(fixture);
      await fixture.suspendProcesses(BATCH, ["Launch"]);
      await resizeToTheEnd(fixture, group, BATCH.size, "to-wake");
      await fixture.wait(2_000);
      assert.deepEqual((await instancesOf(fixture, group)).instances, []);
      await fixture.resumeProcesses(BATCH, ["Launch"]);
      await awaitInService(fixture, group, 3);
    });

    for (const group of [WEB, BATCH]) {
      it(`says that a ${group.kind} group is gone`, async () => {
        const fixture = current();
        await fixture.addGroup(group);
        const listed = await onlyGroup(fixture);
        await fixture.removeGroup(group);
        const size = { ...ASLEEP, max: group.size.max };
        await eventually(fixture, "the group is gone", async () => {
          const { kind } = await fixture.capacity.resize(listed, size, "too-late");
          return kind === "group-gone";
        });
      });
    }
  });
}

function describeUpdates(current: () => CapacityFixture): void {
  describe("updates of managed groups", () => {
    it("shows one that is in progress, and then its success", async () => {
      const fixture = current();
      await fixture.addGroup(WEB);
      const group = await onlyGroup(fixture);
      const updateId = await resize(fixture, group, ASLEEP, "to-sleep");
      assert.ok(updateId);
      assert.deepEqual(await fixture.capacity.resizeStatus(group, updateId), { kind: "in-progress" });
      assert.equal((await onlyGroup(fixture)).status, "UPDATING");
      await eventually(
        fixture,
        "the update succeeds",
        async () => (await fixture.capacity.resizeStatus(group, updateId)).kind === "successful",
      );
      assert.equal((await onlyGroup(fixture)).status, "ACTIVE");
    });

    it("gives the same update for the same token, during and after it", async () => {
      const fixture = current();
      await fixture.addGroup(WEB);
      const group = await onlyGroup(fixture);
      const first = await resize(fixture, group, ASLEEP, "to-sleep");
      assert.equal(await resize(fixture, group, ASLEEP, "to-sleep"), first);
      await resizeToTheEnd(fixture, group, ASLEEP, "to-sleep");
      assert.equal(await resize(fixture, group, ASLEEP, "to-sleep"), first);
    });

    it("is busy for another token until it is over", async () => {
      const fixture = current();
      await fixture.addGroup(WEB);
      const group = await onlyGroup(fixture);
      await resize(fixture, group, ASLEEP, "to-sleep");
      assert.equal((await fixture.capacity.resize(group, WEB.size, "to-wake")).kind, "busy");
      await eventually(
        fixture,
        "the next update is accepted",
        async () => (await fixture.capacity.resize(group, WEB.size, "to-wake")).kind === "accepted",
      );
    });

    it("is busy while somebody else updates the group", async () => {
      const fixture = current();
      await fixture.addGroup(WEB);
      const group = await onlyGroup(fixture);
      await fixture.startForeignUpdate(WEB.name);
      assert.equal((await fixture.capacity.resize(group, ASLEEP, "to-sleep")).kind, "busy");
      await eventually(
        fixture,
        "the update is accepted",
        async () => (await fixture.capacity.resize(group, ASLEEP, "to-sleep")).kind === "accepted",
      );
    });
  });
}
