import assert from "node:assert/strict";

import fc from "fast-check";

import { createSystemRandom } from "../../../runtime/adapters/system/random.js";

describe("system random", () => {
  it("draws numbers from 0 up to, but not including, 1", () => {
    const random = createSystemRandom();
    const drawn = Array.from({ length: 100 }, () => random.next());
    assert.ok(drawn.every((value) => value >= 0 && value < 1));
    assert.ok(new Set(drawn).size > 90);
  });

  it("makes ids that sort by creation, whatever the clock does", () => {
    const instants = fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(instants, (clock) => {
        const times = clock.values();
        const random = createSystemRandom(() => times.next().value ?? 0);
        const ids = clock.map(() => random.id());
        assert.deepEqual([...ids].sort(), ids);
      }),
      { numRuns: 200 },
    );
  });

  it("makes ids of URL-safe characters that no two processes share", () => {
    const [here, there] = [createSystemRandom(() => 1_770_000_000_000), createSystemRandom(() => 1_770_000_000_000)];
    const ids = Array.from({ length: 100 }, () => [here.id(), there.id()]).flat();
    assert.equal(new Set(ids).size, 200);
    for (const id of ids) assert.match(id, /^[0-9a-z]{25}$/);
  });
});
