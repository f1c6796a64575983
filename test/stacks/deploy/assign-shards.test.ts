import assert from "node:assert/strict";

import * as fc from "fast-check";

import { assignShards, shardNumberOf, stackNameOf, type Shards } from "../../../stacks/deploy/assign-shards.js";
import { planMoves } from "../../../stacks/deploy/plan-moves.js";

const id = fc
  .record({
    account: fc.integer({ min: 1, max: 6 }),
    region: fc.integer({ min: 1, max: 2 }),
    name: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ account, region, name }) => `${account}/r${region}/c${name}`);
const ids = fc.uniqueArray(id, { maxLength: 60 });
const limit = fc.integer({ min: 1, max: 9 });

/** A history: who is declared at each deployment. */
const history = fc.array(ids, { minLength: 1, maxLength: 5 });

const live = (declarations: readonly (readonly string[])[], most: number): Shards =>
  declarations.reduce<Shards>((held, clusters) => assignShards(held, clusters, { limit: most }), new Map());

const stackOf = (shards: Shards): ReadonlyMap<string, number> =>
  new Map([...shards].flatMap(([number, held]) => held.map((one) => [one, number] as const)));

describe("clusters over stacks", () => {
  it("fills the environment's own stack first, and no stack above the limit", () => {
    const shards = assignShards(new Map(), ["1/r/a", "1/r/b", "2/r/c"], { limit: 2 });
    assert.deepEqual(
      [...shards],
      [
        [1, ["1/r/a", "1/r/b"]],
        [2, ["2/r/c"]],
      ],
    );
  });

  it("puts a new cluster where its account and Region are", () => {
    const held = new Map([
      [1, ["1/r/a"]],
      [2, ["2/r/b"]],
    ]);
    assert.deepEqual(assignShards(held, ["1/r/a", "2/r/b", "2/r/c"], { limit: 3 }).get(2), ["2/r/b", "2/r/c"]);
  });

  it("begins no stack that an environment of its own has the name of", () => {
    const shards = assignShards(new Map(), ["1/r/a", "1/r/b"], { limit: 1, taken: new Set([2]) });
    assert.deepEqual([...shards.keys()], [1, 3]);
  });

  it("leaves a stack over the limit as it stands when the limit was lowered", () => {
    const shards = assignShards(new Map([[1, ["1/r/a", "1/r/b"]]]), ["1/r/a", "1/r/b", "1/r/c"], { limit: 1 });
    assert.deepEqual(
      [...shards],
      [
        [1, ["1/r/a", "1/r/b"]],
        [2, ["1/r/c"]],
      ],
    );
  });

  it("holds every declared cluster exactly once and nobody else, in stacks within the limit", () => {
    fc.assert(
      fc.property(history, limit, (declarations, most) => {
        const shards = live(declarations, most);
        assert.deepEqual([...shards.values()].flat().toSorted(), declarations.at(-1)!.toSorted());
        for (const held of shards.values()) assert.ok(held.length <= most);
      }),
    );
  });

  it("moves nobody when others come and go", () => {
    fc.assert(
      fc.property(history, ids, limit, (declarations, next, most) => {
        const before = live(declarations, most);
        const after = stackOf(assignShards(before, next, { limit: most }));
        for (const [one, number] of stackOf(before)) if (next.includes(one)) assert.equal(after.get(one), number);
      }),
    );
  });

  it("does not depend on the order of config", () => {
    fc.assert(
      fc.property(history, ids, limit, fc.infiniteStream(fc.nat()), (declarations, next, most, chance) => {
        const held = live(declarations, most);
        const order = new Map(next.map((one) => [one, chance.next().value as number]));
        const shuffled = next.toSorted((one, other) => order.get(one)! - order.get(other)!);
        assert.deepEqual(assignShards(held, shuffled, { limit: most }), assignShards(held, next, { limit: most }));
      }),
    );
  });

  it("is as a first deployment would have it after the moves, and then nothing is left to move", () => {
    fc.assert(
      fc.property(history, limit, (declarations, most) => {
        const held = live(declarations, most);
        const after = new Map([...held].map(([number, some]) => [number, [...some]]));
        for (const { from, to, ids: moving } of planMoves(held, { limit: most })) {
          after.set(
            from,
            after.get(from)!.filter((one) => !moving.includes(one)),
          );
          after.set(to, [...(after.get(to) ?? []), ...moving]);
        }
        const everybody = [...held.values()].flat();
        assert.deepEqual(stackOf(after), stackOf(assignShards(new Map(), everybody, { limit: most })));
        assert.deepEqual(planMoves(after, { limit: most }), []);
      }),
    );
  });
});

describe("names of stacks", () => {
  it("gives the environment's own name to the first and a number to the others", () => {
    assert.deepEqual(
      [1, 2, 17].map((number) => stackNameOf("dev", number)),
      ["dev", "dev-2", "dev-17"],
    );
  });

  it("reads its own names and nobody else's", () => {
    const names = ["dev", "dev-2", "dev-17", "dev-1", "dev-02", "dev-blue", "dev2", "devil-2"];
    const read = names.map((name) => shardNumberOf("dev", name));
    assert.deepEqual(read, [1, 2, 17, undefined, undefined, undefined, undefined, undefined]);
  });
});
