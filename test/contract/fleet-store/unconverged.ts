import assert from "node:assert/strict";

import { entryOf, namesOf, register, settle, type FleetData } from "./fleet-data.js";

/** Who is not in the state wanted, since when. */
export function describeUnconverged(data: FleetData): void {
  describe("unconverged", () => {
    const since = async (name: string, unconvergedSince: number | null): Promise<void> => {
      const clusterId = `222222222222/eu-west-1/${name}`;
      await register(data.store, clusterId);
      await settle(data.store, { unconvergedSince }, clusterId);
    };

    it("is who was settled so, with its whole entry, and nobody else", async () => {
      await since("late", 5_000);
      await since("fine", null);
      assert.deepEqual(await data.store.listUnconverged(), [await entryOf(data.store, "222222222222/eu-west-1/late")]);
      await since("late", null);
      assert.deepEqual(await data.store.listUnconverged(), []);
    });

    it("is listed longest first, ties by id, every one exactly once over all pages", async () => {
      const instants = { d: 4_000, b: 2_000, a: 2_000, e: 5_000, c: 2_000, f: 0, g: 10_000 };
      for (const [name, at] of Object.entries(instants)) await since(name, at);
      const names: string[] = [];
      let page = await data.store.listUnconverged(undefined, 2);
      while (page.length > 0) {
        names.push(...namesOf(page));
        const { clusterId, unconvergedSince } = page.at(-1)!;
        page = await data.store.listUnconverged({ clusterId, unconvergedSince: unconvergedSince! }, 2);
      }
      assert.deepEqual(names, ["f", "a", "b", "c", "d", "e", "g"]);
    });

    it("is gone on with from a place that is empty by now", async () => {
      for (const [name, at] of Object.entries({ a: 1_000, b: 2_000, c: 3_000 })) await since(name, at);
      await since("b", null);
      const after = { clusterId: "222222222222/eu-west-1/b", unconvergedSince: 2_000 };
      assert.deepEqual(namesOf(await data.store.listUnconverged(after)), ["c"]);
    });

    it("moves with its instant", async () => {
      for (const [name, at] of Object.entries({ a: 1_000, b: 2_000 })) await since(name, at);
      await since("a", 3_000);
      assert.deepEqual(namesOf(await data.store.listUnconverged()), ["b", "a"]);
    });
  });
}
