import assert from "node:assert/strict";
import * as fc from "fast-check";

import { chooseEvictions, interleave, type Candidate } from "../../runtime/drain/chooser.js";

const candidate = (uid: string, nodeName: string, budgetIds: readonly string[] = [], isFresh = true): Candidate => ({
  uid,
  nodeName,
  budgetIds,
  isFresh,
});

const anyPod = fc.record({
  nodeName: fc.constantFrom("a", "b", "c", "d"),
  budgetIds: fc.uniqueArray(fc.constantFrom("x", "y", "z"), { maxLength: 2 }),
  isFresh: fc.boolean(),
});
const anyLimits = fc.record({
  maxNodes: fc.integer({ min: 1, max: 4 }),
  maxPodsInFlight: fc.integer({ min: 1, max: 12 }),
  maxPodsInFlightPerBudget: fc.integer({ min: 1, max: 4 }),
});

describe("choosing evictions", () => {
  it("never passes a bound, whatever is queued, over any run of choices and answers", () => {
    fc.assert(
      fc.property(
        fc.array(anyPod, { maxLength: 40 }),
        anyLimits,
        fc.infiniteStream(fc.nat(9)),
        (pods, limits, dice) => {
          let queue: Candidate[] = pods.map((pod, index) => ({ ...pod, uid: `${index}` }));
          let inFlight: Candidate[] = [];
          const begunNodes = new Set<string>();
          for (let round = 0; round < 15; round++) {
            const chosen = chooseEvictions(queue, { inFlight, begunNodes }, limits);
            inFlight = [...inFlight, ...chosen];
            queue = queue.filter((pod) => !inFlight.includes(pod));
            for (const { nodeName } of chosen) begunNodes.add(nodeName);
            assert.ok(inFlight.length <= limits.maxPodsInFlight);
            assert.ok(new Set(inFlight.map(({ nodeName }) => nodeName)).size <= limits.maxNodes);
            for (const id of ["x", "y", "z"]) {
              assert.ok(
                inFlight.filter(({ budgetIds }) => budgetIds.includes(id)).length <= limits.maxPodsInFlightPerBudget,
              );
            }
            // Some end: half of those accepted, half refused and queued again.
            const ended = inFlight.filter(() => (dice.next().value ?? 0) < 5);
            inFlight = inFlight.filter((pod) => !ended.includes(pod));
            queue.push(...ended.filter(() => (dice.next().value ?? 0) < 5).map((pod) => ({ ...pod, isFresh: false })));
          }
        },
      ),
    );
  });

  it("always starts something when nothing is in flight and something is queued", () => {
    fc.assert(
      fc.property(
        fc.array(anyPod, { minLength: 1, maxLength: 20 }),
        anyLimits,
        fc.subarray(["a", "b", "c", "d"]),
        (pods, limits, begun) => {
          const queue = pods.map((pod, index) => ({ ...pod, uid: `${index}` }));
          assert.notDeepEqual(chooseEvictions(queue, { inFlight: [], begunNodes: new Set(begun) }, limits), []);
        },
      ),
    );
  });

  const limits = { maxNodes: 1, maxPodsInFlight: 10, maxPodsInFlightPerBudget: 2 };

  it("keeps a begun node's place while it has fresh pods, and gives it up when all are refused", () => {
    const begunNodes = new Set(["a"]);
    const fresh = [candidate("1", "b"), candidate("2", "a")];
    assert.deepEqual(
      chooseEvictions(fresh, { inFlight: [], begunNodes }, limits).map(({ uid }) => uid),
      ["2"],
    );
    const refused = [candidate("1", "b"), candidate("2", "a", [], false)];
    assert.deepEqual(
      chooseEvictions(refused, { inFlight: [], begunNodes }, limits).map(({ uid }) => uid),
      ["1"],
    );
  });

  it("goes past a busy budget to pods that are under none", () => {
    const queue = [
      candidate("1", "a", ["x"]),
      candidate("2", "a", ["x"]),
      candidate("3", "a", ["x"]),
      candidate("4", "a"),
    ];
    assert.deepEqual(
      chooseEvictions(queue, { inFlight: [], begunNodes: new Set() }, limits).map(({ uid }) => uid),
      ["1", "2", "4"],
    );
  });

  it("lets budgets take turns, pods under none as one more", () => {
    const queue = ["x1", "x2", "x3", "y1", "-1", "-2"].map((uid) =>
      candidate(uid, "a", uid.startsWith("-") ? [] : [uid.slice(0, 1)]),
    );
    assert.deepEqual(
      interleave(queue).map(({ uid }) => uid),
      ["x1", "y1", "-1", "x2", "-2", "x3"],
    );
  });
});
