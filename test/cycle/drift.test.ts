import assert from "node:assert/strict";

import { judgeDrift } from "../../runtime/cycle/drift.js";
import { openJournal, planResize, takeSnapshot } from "../../runtime/cycle/index.js";
import type { GroupSize, NodeGroup } from "../../runtime/ports/index.js";

function group(size: GroupSize, name = "g"): NodeGroup {
  const status = { status: "ACTIVE", healthIssues: [], zones: [], observed: null };
  return { id: `managed/${name}`, kind: "managed", name, autoScalingGroup: name, size, ...status };
}

const SAVED = { min: 1, desired: 3, max: 6 };

function judge(live: readonly NodeGroup[], asked?: GroupSize) {
  const facts = { clusterArn: "arn", groups: [group(SAVED)], instances: [], nodes: [], pods: [] };
  const journal = asked ? planResize(openJournal(0), "managed/g", asked) : openJournal(0);
  return judgeDrift(takeSnapshot(facts, 0), live, 0, journal.resizes).map(({ kind }) => kind);
}

describe("a group's drift while asleep (W2)", () => {
  it("is none when it is as Curfew left it, or has its size already", () => {
    assert.deepEqual(judge([group({ min: 0, desired: 0, max: 6 })]), ["restore"]);
    assert.deepEqual(judge([group(SAVED)]), ["done"]);
  });

  it("W3: is somebody's own when they gave it nodes, also fewer than were saved or with a lower minimum", () => {
    assert.deepEqual(judge([group({ min: 0, desired: 2, max: 6 })]), ["kept"]);
    assert.deepEqual(judge([group({ min: 0, desired: 3, max: 6 })]), ["kept"]);
  });

  it("is none when the size is the one that Curfew itself asked for last", () => {
    assert.deepEqual(judge([group({ min: 0, desired: 2, max: 6 })], { min: 0, desired: 2, max: 6 }), ["restore"]);
    assert.deepEqual(judge([group({ min: 0, desired: 2, max: 8 })], { min: 0, desired: 2, max: 6 }), ["kept"]);
  });

  it("is none when the next size was noted and the process died before it was asked for", () => {
    const facts = { clusterArn: "arn", groups: [group(SAVED)], instances: [], nodes: [], pods: [] };
    const first = planResize(openJournal(0), "managed/g", { min: 0, desired: 1, max: 6 });
    const { resizes } = planResize(first, "managed/g", SAVED);
    const live = [group({ min: 0, desired: 1, max: 6 })];
    assert.deepEqual(
      judgeDrift(takeSnapshot(facts, 0), live, 0, resizes).map(({ kind }) => kind),
      ["restore"],
    );
  });

  it("S45: tells deleted and added groups apart", () => {
    assert.deepEqual(judge([group({ min: 0, desired: 1, max: 1 }, "new")]), ["gone", "new"]);
  });
});
