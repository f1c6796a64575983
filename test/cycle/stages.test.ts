import assert from "node:assert/strict";

import * as fc from "fast-check";

import {
  planFor,
  readWakeFacts,
  settingsSchema,
  surveyOf,
  takeSnapshot,
  openJournal,
  planResize,
  type Journal,
  type Snapshot,
  type Step,
} from "../../runtime/cycle/index.js";
import type { GroupSize, NodeFacts, NodeGroup } from "../../runtime/ports/index.js";
import { node } from "../drain/fixtures.js";
import { workloadSurvey, type Written } from "./tiers/objects.js";

const ARN = "arn:aws:eks:eu-west-1:111111111111:cluster/pay";

function group(name: string, size: GroupSize): NodeGroup {
  const status = { status: "ACTIVE", healthIssues: [], zones: ["eu-west-1a"], observed: null };
  return { id: `managed/${name}`, kind: "managed", name, autoScalingGroup: `eks-${name}`, size, ...status };
}

/** As it was before the sleep: four cores and room for 58 pods per node. */
function saved(groups: readonly NodeGroup[]): Snapshot {
  const nodes = groups.map(({ name }): NodeFacts =>
    node(`n-${name}`, {
      labels: { "eks.amazonaws.com/nodegroup": name },
      allocatable: { cpu: "4", memory: "16Gi", pods: "58" },
    }),
  );
  return takeSnapshot({ clusterArn: ARN, groups, instances: [], nodes, pods: [] }, 0);
}

interface Wake {
  readonly workloads?: readonly Written[];
  readonly live?: readonly NodeGroup[];
  readonly journal?: Journal;
  readonly stageFromNodes?: number;
}

const DNS: Written = { name: "coredns", namespace: "kube-system", replicas: 2, ready: 0, requests: { cpu: "100m" } };
const WEB: Written = { name: "web", replicas: 3, ready: 0, requests: { cpu: "500m" } };

function planWake(groups: readonly NodeGroup[], wake: Wake = {}): readonly Step[] {
  const { workloads = [DNS, WEB], journal = openJournal(0), stageFromNodes = 2 } = wake;
  const snapshot = saved(groups);
  const live = wake.live ?? groups.map((each) => ({ ...each, size: { ...each.size, min: 0, desired: 0 } }));
  const settings = settingsSchema.parse({ stageFromNodes });
  const facts = readWakeFacts({
    survey: workloadSurvey(...workloads),
    volumes: surveyOf([]),
    settings,
    snapshot,
    journal,
  });
  const cluster = { arn: ARN, status: "ACTIVE" } as never;
  const observation = { cluster, groups: live, instances: [], nodes: [], karpenterNodes: [], cycle: null };
  const wish = { desired: "running", origin: "person", minNodes: 0, forget: false } as const;
  const decision = { action: "wake", reason: "", isResume: false, notes: [] } as const;
  return planFor(decision, { wish, observation, snapshot, journal, settings, wake: facts });
}

function sizes(plan: readonly Step[]): readonly string[] {
  return plan.flatMap((step) =>
    step.kind === "resize" ? [`${step.group.name} ${step.target.min}/${step.target.desired}/${step.target.max}`] : [],
  );
}

const order = (plan: readonly Step[]) => plan.map(({ id }) => id);

describe("a wake's plan", () => {
  const big = group("big", { min: 3, desired: 8, max: 10 });

  it("W7: asks for the first nodes with minimum 0, then for the saved size", () => {
    assert.deepEqual(sizes(planWake([big])), ["big 0/1/10", "big 3/8/10"]);
  });

  it("goes by the contract's order, and leaves out what this cluster does not have", () => {
    assert.deepEqual(order(planWake([big])), [
      "sweep-jobs",
      "check-webhooks",
      "resize managed/big (first nodes)",
      "await-nodes bootstrap",
      "uncordon",
      "await-tier 2",
      "restore-webhooks early",
      "resize managed/big",
      "await-nodes",
      "await-tier deferred",
      "restore-webhooks",
      "restore-owners",
      "await-tier 7",
      "clean-leftovers",
    ]);
  });

  it("takes one call per group when the cluster's own services need all of it, or it is small", () => {
    const one = group("one", { min: 1, desired: 1, max: 2 });
    assert.deepEqual(sizes(planWake([one], { stageFromNodes: 1 })), ["one 1/1/2"]);
    assert.deepEqual(sizes(planWake([big], { stageFromNodes: 9 })), ["big 3/8/10"]);
    assert.equal(order(planWake([big], { stageFromNodes: 9 })).filter((id) => id.startsWith("await-nodes")).length, 1);
  });

  it("takes one stage when a pod finds no place in the arithmetic", () => {
    const giant: Written = { ...DNS, requests: { cpu: "64" } };
    assert.deepEqual(sizes(planWake([big], { workloads: [giant] })), ["big 3/8/10"]);
  });

  it("W26: takes one stage when the system runs elsewhere, as on Fargate", () => {
    assert.deepEqual(sizes(planWake([big], { workloads: [{ ...DNS, ready: 2 }, WEB] })), ["big 3/8/10"]);
  });

  it("gives groups without nodes their limits back with the rest", () => {
    const idle = group("idle", { min: 0, desired: 0, max: 3 });
    const live = [
      { ...big, size: { min: 0, desired: 0, max: 10 } },
      { ...idle, size: { min: 0, desired: 0, max: 3 } },
    ];
    assert.deepEqual(sizes(planWake([big, idle], { live })), ["big 0/1/10", "big 3/8/10"]);
  });

  it("after a crash between the stages knows its own first size, and goes on", () => {
    const live = [{ ...big, size: { min: 0, desired: 1, max: 10 } }];
    const journal = planResize(openJournal(0), big.id, { min: 0, desired: 1, max: 10 });
    assert.deepEqual(sizes(planWake([big], { live, journal })), ["big 3/8/10"]);
  });

  it("W2: leaves that same size alone when it was not ours", () => {
    const live = [{ ...big, size: { min: 0, desired: 1, max: 10 } }];
    assert.deepEqual(sizes(planWake([big], { live })), []);
  });

  it("gives the system's workloads their replicas back before it waits for them", () => {
    const scaled = { kind: "Deployment", namespace: "kube-system", name: "coredns", replicas: 2 } as const;
    const journal: Journal = {
      ...openJournal(0),
      scaledOwners: [{ ...scaled, uid: "uid-Deployment-kube-system-coredns" }],
    };
    const ids = order(planWake([big], { workloads: [{ ...DNS, replicas: 0 }, WEB], journal }));
    assert.ok(ids.includes("restore-owners system"));
    assert.ok(ids.indexOf("restore-owners system") < ids.indexOf("await-tier 2"));
  });

  it("S49: keeps min <= desired <= max, and at most the saved size, in every call", () => {
    const anySize = fc
      .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }))
      .map(([min, more, room]) => ({ min, desired: min + more, max: Math.max(1, min + more + room) }));
    fc.assert(
      fc.property(fc.array(anySize, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 4000 }), (all, cpu) => {
        const groups = all.map((size, index) => group(`g${index}`, size));
        const plan = planWake(groups, { workloads: [{ ...DNS, requests: { cpu: `${cpu}m` } }], stageFromNodes: 1 });
        const last = new Map<string, GroupSize>();
        for (const step of plan) {
          if (step.kind !== "resize") continue;
          const { min, desired, max } = step.target;
          const before = groups.find(({ id }) => id === step.group.id)?.size;
          assert.ok(before && min <= desired && desired <= max && max >= 1);
          assert.ok(desired <= before.desired && max === before.max);
          last.set(step.group.id, step.target);
        }
        for (const { id, size } of groups) if (size.desired > 0) assert.deepEqual(last.get(id), size);
      }),
    );
  });

  it("S49: a group of three is woken by one, then three", () => {
    const calls = sizes(planWake([group("g", { min: 3, desired: 3, max: 6 })], { stageFromNodes: 1 }));
    assert.deepEqual(calls, ["g 0/1/6", "g 3/3/6"]);
  });
});
