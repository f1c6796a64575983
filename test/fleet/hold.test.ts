import assert from "node:assert/strict";

import { activeHold, holdAt, serialiseHold } from "../../runtime/fleet/index.js";

const HOLD = { state: "running", until: 5_000, reason: "demo", owner: "ana" } as const;

describe("a stored hold", () => {
  it("is in force until its end, that instant not included", () => {
    const text = serialiseHold(HOLD, 1_000);
    assert.deepEqual(activeHold(text, 4_999), HOLD);
    assert.equal(activeHold(text, 5_000), undefined);
    assert.equal(activeHold(null, 0), undefined);
  });

  it("was in force in the past only from when it was noted", () => {
    const text = serialiseHold(HOLD, 1_000);
    assert.equal(holdAt(text, 999), undefined);
    assert.deepEqual(holdAt(text, 1_000), { ...HOLD, notedAt: 1_000 });
    assert.equal(holdAt(text, 5_000), undefined);
  });

  it("of an earlier version counts as having always been there", () => {
    assert.deepEqual(holdAt(JSON.stringify(HOLD), 0), { ...HOLD, notedAt: null });
    assert.deepEqual(activeHold(JSON.stringify(HOLD), 0), HOLD);
  });

  it("counts now although another computer's clock noted it ahead of ours", () => {
    assert.deepEqual(activeHold(serialiseHold(HOLD, 2_000), 1_999), HOLD);
  });
});
