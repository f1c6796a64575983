import assert from "node:assert/strict";
import * as fc from "fast-check";

import { oneByOne, type Turn } from "../../runtime/drain/turns.js";

interface Leaver {
  readonly uid: number;
  readonly turn: Turn | null;
}

const anyTurn = fc.record({ nodeName: fc.constantFrom("a", "b", "c"), priority: fc.integer({ min: 0, max: 3 }) });
const anyLeavers = fc
  .array(fc.option(anyTurn), { maxLength: 25 })
  .map((turns): readonly Leaver[] => turns.map((turn, uid) => ({ uid, turn })));

const next = (leavers: readonly Leaver[], busy: ReadonlySet<string> = new Set()) =>
  oneByOne(leavers, ({ turn }) => turn, busy);

describe("the order in which pods with volumes leave", () => {
  it("keeps every pod that takes no turns, in its order", () => {
    fc.assert(
      fc.property(anyLeavers, (leavers) => {
        const free = ({ turn }: Leaver) => turn === null;
        assert.deepEqual(next(leavers).filter(free), leavers.filter(free));
      }),
    );
  });

  it("lets at most one pod per node go at a time, none from a busy node, and no pod that was not asked for", () => {
    fc.assert(
      fc.property(anyLeavers, fc.subarray(["a", "b", "c"]), (leavers, busy) => {
        const taken = next(leavers, new Set(busy));
        const nodes = taken.flatMap(({ turn }) => (turn === null ? [] : [turn.nodeName]));
        assert.equal(new Set(nodes).size, nodes.length);
        assert.ok(nodes.every((name) => !busy.includes(name)));
        assert.ok(taken.every((leaver) => leavers.includes(leaver)));
      }),
    );
  });

  it("empties every node from the highest priority to the lowest, whatever the order in the queue", () => {
    fc.assert(
      fc.property(anyLeavers, (leavers) => {
        const gone: Leaver[] = [];
        for (let left = leavers; left.length > 0; left = left.filter((leaver) => !gone.includes(leaver))) {
          const taken = next(left);
          assert.ok(taken.length > 0, "somebody can always go");
          gone.push(...taken);
        }
        for (const name of ["a", "b", "c"]) {
          const priorities = gone.flatMap(({ turn }) => (turn?.nodeName === name ? [turn.priority] : []));
          assert.deepEqual(
            priorities,
            priorities.toSorted((a, b) => b - a),
          );
        }
      }),
    );
  });
});
