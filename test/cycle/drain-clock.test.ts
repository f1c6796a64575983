import assert from "node:assert/strict";

import {
  beginDrain,
  drainClock,
  noteClaimsDrained,
  noteClaimsGone,
  noteCordoned,
  openJournal,
  parseJournal,
  serialiseJournal,
  settledCordons,
} from "../../runtime/cycle/index.js";

const TIMEOUT_MS = 1_200_000;
const begun = beginDrain(openJournal(0), 1_000);

describe("the drain's clock", () => {
  it("starts with the first drain of an attempt, not with a later one", () => {
    assert.equal(drainClock(openJournal(0), TIMEOUT_MS), null);
    assert.equal(drainClock(beginDrain(begun, 700_000), TIMEOUT_MS), 1_000);
  });

  it("gives what Karpenter leans on two minutes after its nodes are gone, where the others used all time up", () => {
    const gone = noteClaimsGone(noteClaimsDrained(begun), 1_300_000);
    assert.equal((drainClock(gone, TIMEOUT_MS) ?? 0) + TIMEOUT_MS, 1_420_000);
  });

  it("gives no more than the time-out itself, where that is shorter", () => {
    const gone = noteClaimsGone(noteClaimsDrained(begun), 20_000);
    assert.equal((drainClock(gone, 12_000) ?? 0) + 12_000, 32_000);
  });

  it("changes nothing where time is left", () => {
    const gone = noteClaimsGone(noteClaimsDrained(begun), 40_000);
    assert.equal(drainClock(gone, TIMEOUT_MS), 1_000);
  });

  it("is prolonged once in an attempt, whatever is repeated after a crash", () => {
    const gone = noteClaimsGone(noteClaimsDrained(begun), 1_300_000);
    const again = noteClaimsGone(noteClaimsDrained(parseJournal(serialiseJournal(gone))), 1_600_000);
    assert.equal(drainClock(again, TIMEOUT_MS), drainClock(gone, TIMEOUT_MS));
  });

  it("is not prolonged in an attempt that found nothing of Karpenter's", () => {
    assert.equal(drainClock(noteClaimsGone(begun, 1_300_000), TIMEOUT_MS), 1_000);
  });
});

describe("cordons that have settled", () => {
  it("are those of the drain before Karpenter's nodes went, none of a later one", () => {
    const first = noteClaimsDrained(noteCordoned(begun, ["b", "c"], []));
    assert.deepEqual([...settledCordons(first)], ["b", "c"]);
    assert.deepEqual([...settledCordons(noteClaimsDrained(noteCordoned(first, ["a", "b"], [])))], ["b", "c"]);
    assert.deepEqual([...settledCordons(noteCordoned(begun, ["a"], []))], []);
  });
});
