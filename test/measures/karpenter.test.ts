import assert from "node:assert/strict";

import { KARPENTER } from "../../runtime/cycle/measures/karpenter.js";
import { readClaim } from "../../runtime/cycle/measures/karpenter-objects.js";
import { DEFAULT_SETTINGS, NODE_POOLS, surveyOf } from "../../runtime/cycle/index.js";
import type { ApiObject } from "../../runtime/ports/index.js";

function pool(spec: unknown, name = "default", metadata: Partial<ApiObject["metadata"]> = {}): ApiObject {
  return { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name, uid: "u-1", ...metadata }, spec };
}

function planFor(...items: readonly ApiObject[]) {
  return KARPENTER.plan(surveyOf([{ type: NODE_POOLS, items }]), DEFAULT_SETTINGS);
}

const AUTO_MODE = { template: { spec: { nodeClassRef: { group: "eks.amazonaws.com" } } } };

describe("what is changed of a NodePool", () => {
  const cases: readonly [string, unknown, object | null][] = [
    ["no limits at all: they are ours as a whole", {}, { path: ["spec", "limits"], ours: { cpu: "0" } }],
    ["limits without cpu", { limits: { memory: "1Ti" } }, { path: ["spec", "limits", "cpu"], ours: "0" }],
    ["a cpu limit", { limits: { cpu: "100" } }, { path: ["spec", "limits", "cpu"], ours: "0", original: "100" }],
    [
      "a cpu limit as a number",
      { limits: { cpu: 100 } },
      { path: ["spec", "limits", "cpu"], ours: "0", original: 100 },
    ],
    ["a limit of 0 already, which is a person's", { limits: { cpu: "0" } }, null],
    ["a static pool", { replicas: 5, limits: { nodes: 8 } }, { path: ["spec", "replicas"], ours: 0, original: 5 }],
    ["a static pool at 0 already", { replicas: 0 }, null],
    ["a pool of Auto Mode by a person's own name", AUTO_MODE, { path: ["spec", "limits"], ours: { cpu: "0" } }],
  ];
  for (const [title, spec, expected] of cases) {
    it(title, () => {
      const { amendments, notes } = planFor(pool(spec));
      const changes = amendments.map(({ path, ours, original }) => ({
        path,
        ours,
        ...(original === undefined ? {} : { original }),
      }));
      assert.deepEqual(changes, expected === null ? [] : [expected]);
      assert.deepEqual(notes, []);
    });
  }

  it("leaves EKS Auto Mode's built-in pools to the switch of the cluster", () => {
    assert.deepEqual(planFor(pool(AUTO_MODE, "general-purpose"), pool(AUTO_MODE, "system")).amendments, []);
  });

  it("takes a pool called like a built-in one, but of Karpenter's own class, for what it is", () => {
    const own = { template: { spec: { nodeClassRef: { group: "karpenter.k8s.aws" } } } };
    assert.equal(planFor(pool(own, "general-purpose")).amendments.length, 1);
  });

  it("leaves a pool alone that is being deleted", () => {
    assert.deepEqual(planFor(pool({}, "default", { deletionTimestamp: "2026-01-01T00:00:00Z" })).amendments, []);
  });

  it("says of a pool that it cannot read, and goes on with the others", () => {
    const { amendments, notes } = planFor(pool({ limits: "all" }, "odd"), pool({}, "plain"));
    assert.deepEqual(
      amendments.map(({ name }) => name),
      ["plain"],
    );
    assert.match(notes.join(), /NodePool odd: left alone/);
  });
});

describe("reading a NodeClaim", () => {
  const metadata = { name: "default-x1", uid: "u-2" };

  it("finds its instance, whether it is on its way, and whose it is", () => {
    const claim = readClaim({
      apiVersion: "karpenter.sh/v1",
      kind: "NodeClaim",
      metadata: { ...metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
      spec: { nodeClassRef: { group: "eks.amazonaws.com" } },
      status: { providerID: "aws:///eu-west-1a/i-0abc" },
    });
    assert.deepEqual(claim, { ...metadata, instanceId: "i-0abc", isDeleting: true, isAutoMode: true });
  });

  it("counts one of an unknown shape, and says nothing of it that it does not know", () => {
    const claim = readClaim({ apiVersion: "karpenter.sh/v1", kind: "NodeClaim", metadata, spec: "?", status: 3 });
    assert.deepEqual(claim, { ...metadata, instanceId: null, isDeleting: false, isAutoMode: false });
  });
});
