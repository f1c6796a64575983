import assert from "node:assert/strict";

import { parseSnapshot, serialiseSnapshot, takeSnapshot } from "../../runtime/cycle/snapshot.js";
import type { GroupInstances, NodeGroup } from "../../runtime/ports/index.js";
import { node, pod } from "../drain/fixtures.js";

const ARN = "arn:aws:eks:eu-west-1:111111111111:cluster/pay";
const ID = "asg/batch";

const GROUP: NodeGroup = {
  id: ID,
  kind: "self-managed",
  name: "batch",
  autoScalingGroup: "batch",
  size: { min: 1, desired: 3, max: 6 },
  status: "ACTIVE",
  healthIssues: [],
  zones: ["eu-west-1a", "eu-west-1b"],
  observed: null,
};

function instance(id: string, zone: string, isProtectedFromScaleIn = false) {
  return { id, zone, state: "InService", isProtectedFromScaleIn } as const;
}

const INSTANCES: GroupInstances = {
  groupId: ID,
  size: GROUP.size,
  instances: [instance("i-1", "eu-west-1a"), instance("i-2", "eu-west-1a"), instance("i-3", "eu-west-1b", true)],
  suspendedProcesses: ["AZRebalance"],
};

const FACTS = { clusterArn: ARN, groups: [GROUP], instances: [INSTANCES], nodes: [], pods: [] };

describe("the restore snapshot", () => {
  it("holds sizes, zones, suspended processes and protected instances of each group", () => {
    const [group] = takeSnapshot(FACTS, 0).groups;
    assert.deepEqual(group?.size, { min: 1, desired: 3, max: 6 });
    assert.deepEqual(group.zones, { "eu-west-1a": 2, "eu-west-1b": 1 });
    assert.deepEqual(group.suspendedProcesses, ["AZRebalance"]);
    assert.deepEqual(group.protectedInstances, ["i-3"]);
  });

  it("holds what new nodes and pods will not have: cordons, labels and taints set by hand, pods that nothing recreates", () => {
    const taint = { key: "team", value: "ml", effect: "NoSchedule" };
    const saved = takeSnapshot(
      {
        ...FACTS,
        nodes: [
          node("a", { isUnschedulable: true, labels: { "kubernetes.io/hostname": "a", rack: "7" }, taints: [taint] }),
          node("b", { labels: { "eks.amazonaws.com/nodegroup": "general" } }),
        ],
        pods: [pod("bare-1", "a", { controller: null }), pod("api-1", "b"), pod("job-1", "b", { isReady: false })],
      },
      0,
    );
    assert.deepEqual(saved.cordonedNodes, ["a"]);
    assert.deepEqual(saved.markedNodes, [{ node: "a", labels: { rack: "7" }, taints: [taint] }]);
    assert.deepEqual(saved.unmanagedPods, ["shop/bare-1"]);
    assert.deepEqual(saved.unreadyOwners, ["ReplicaSet shop/job"]);
  });

  it("is the same after a journey through the store", () => {
    const saved = takeSnapshot(FACTS, 7);
    assert.deepEqual(parseSnapshot(serialiseSnapshot(saved), ARN), saved);
  });

  it("of another cluster by the same name, or of a form that is not known, is refused", () => {
    const saved = takeSnapshot(FACTS, 7);
    const other = ARN.replace("111111111111", "222222222222");
    assert.throws(() => parseSnapshot(serialiseSnapshot(saved), other), { code: "snapshot-mismatch" });
    const later = JSON.stringify({ ...saved, version: 2 });
    assert.throws(() => parseSnapshot(later, ARN), { code: "snapshot-unreadable" });
  });
});
