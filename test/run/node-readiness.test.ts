import assert from "node:assert/strict";

import { diagnose, judgeGroup } from "../../runtime/run/steps/node-readiness.js";
import type { GroupInstances, NodeFacts, NodeGroup } from "../../runtime/ports/index.js";
import { node } from "../drain/fixtures.js";

const SIZE = { min: 1, desired: 1, max: 2 };
const GROUP: NodeGroup = {
  id: "managed/general",
  kind: "managed",
  name: "general",
  autoScalingGroup: "eks-general",
  size: SIZE,
  status: "ACTIVE",
  healthIssues: [],
  zones: ["eu-west-1a"],
  observed: null,
};
const INSTANCES: GroupInstances = {
  groupId: GROUP.id,
  size: SIZE,
  instances: [{ id: "i-a", zone: "eu-west-1a", state: "InService", isProtectedFromScaleIn: false }],
  suspendedProcesses: [],
};

function judge(...nodes: readonly NodeFacts[]) {
  return judgeGroup({ group: GROUP, nodes: 1 }, INSTANCES, nodes, new Set(["ours"]));
}

function tainted(key: string): NodeFacts {
  return node("a", { taints: [{ key, value: "", effect: "NoSchedule" }] });
}

describe("a usable node", () => {
  it("is Ready, schedulable and of an instance of the group", () => {
    assert.equal(judge(node("a")).usable, 1);
  });

  const unusable: readonly [words: string, facts: NodeFacts, why: RegExp][] = [
    ["not Ready", node("a", { ready: "Unknown" }), /Ready is Unknown/],
    ["cordoned by somebody", node("a", { isUnschedulable: true }), /cordoned/],
    [
      "not known to the cloud controller yet",
      tainted("node.cloudprovider.kubernetes.io/uninitialized"),
      /uninitialized/,
    ],
    ["without its CSI driver yet", tainted("ebs.csi.aws.com/agent-not-ready"), /agent-not-ready/],
  ];
  for (const [words, facts, why] of unusable) {
    it(`is not one that is ${words}`, () => {
      const { usable, unusable: named } = judge(facts);
      assert.equal(usable, 0);
      assert.match(named.join(), why);
    });
  }

  it("is not one of another group's instance, and the instance is named that has none", () => {
    const { usable, withoutNode } = judge(node("b"));
    assert.deepEqual([usable, withoutNode], [0, ["i-a"]]);
  });

  it("is awaited in vain where a lifecycle hook holds the instance, which is then named (W5)", () => {
    const [instance] = INSTANCES.instances;
    assert.ok(instance);
    const held = { ...INSTANCES, instances: [{ ...instance, state: "Pending:Wait" }] };
    const { message, remedy } = diagnose(judgeGroup({ group: GROUP, nodes: 1 }, held, [], new Set()));
    assert.match(message, /has 0 of 1 instances in service; a lifecycle hook holds i-a/);
    assert.match(remedy, /describe-lifecycle-hooks/);
  });

  it("may carry Curfew's own cordon, and taints that are there to stay", () => {
    assert.equal(judge(node("ours", { instanceId: "i-a", isUnschedulable: true })).usable, 1);
    assert.equal(judge(tainted("team")).usable, 1);
  });
});
