import assert from "node:assert/strict";

import { decideTake, retryMs } from "../../../runtime/fleet/planner/take.js";
import { recheckAfter } from "../../../runtime/fleet/planner/recheck.js";
import { whyDue } from "../../../runtime/fleet/planner/why-due.js";
import { at, entry, MINUTE, RHYTHM } from "./entry.js";

const RARELY = { ...RHYTHM, recheckSeconds: 86_400 * 365 };
const LEAD = 10 * MINUTE;
const AT_ONCE = { delayMs: 0, leadMs: LEAD };

const awake = entry({ wanted: "running", transitionAt: at("19:00") });

describe("why a cluster is due", () => {
  const slot = recheckAfter(awake.clusterId, at("12:00"), RHYTHM);
  const cases = [
    ["its calendar wants another state", { ...awake, dueAt: at("19:00") }, at("19:00"), "change"],
    ["its wake has to begin", entry({ leadMs: LEAD, dueAt: at("06:50") }), at("06:50"), "change"],
    ["it is not in the state wanted", { ...awake, unconvergedSince: at("07:00") }, at("09:00"), "unconverged"],
    ["its wake has to be weighed", entry(), at("06:31"), "weigh"],
    ["its turn has come", { ...awake, dueAt: slot }, slot + MINUTE, "recheck"],
    ["somebody set a hold", { ...awake, dueAt: 0 }, at("12:00"), "asked"],
    ["somebody set a hold just before the wake", entry({ dueAt: 0 }), at("06:45"), "asked"],
  ] as const;
  for (const [title, due, now, reason] of cases) {
    it(title, () => assert.equal(whyDue(due, now, RHYTHM), reason));
  }
});

describe("taking a due cluster", () => {
  it("gives a wake to come its lead, and sends nothing before that", () => {
    const take = decideTake(entry(), AT_ONCE, at("06:30"), RARELY);
    assert.deepEqual(take.claim, { dueAt: at("06:50"), leadMs: LEAD });
    assert.equal(take.delaySeconds, null);
  });

  it("begins a wake when its lead has come; it counts as late from the window's start only", () => {
    const take = decideTake(entry({ leadMs: LEAD, dueAt: at("06:50") }), AT_ONCE, at("06:50"), RARELY);
    assert.deepEqual(take.claim, { dueAt: at("06:51"), unconvergedSince: at("07:00") });
    assert.equal(take.delaySeconds, 0);
  });

  it("begins a wake at once whose lead is longer than what is left", () => {
    const take = decideTake(entry(), { delayMs: 0, leadMs: 40 * MINUTE }, at("06:30"), RARELY);
    assert.equal(take.delaySeconds, 0);
    assert.equal(take.claim.leadMs, 40 * MINUTE);
    assert.equal(take.claim.unconvergedSince, at("07:00"));
  });

  it("sends a worker at once when a hold is set while a wake is being prepared", () => {
    const take = decideTake(entry({ dueAt: 0 }), AT_ONCE, at("06:40"), RARELY);
    assert.equal(take.delaySeconds, 0);
    assert.equal(take.claim.leadMs, LEAD);
  });

  it("notes since when another state is wanted, and looks again a tick after the message", () => {
    const take = decideTake({ ...awake, dueAt: at("19:00") }, { delayMs: 42_500, leadMs: LEAD }, at("19:00"), RARELY);
    assert.deepEqual(take.claim, { dueAt: at("19:01:42") + 500, unconvergedSince: at("19:00") });
    assert.equal(take.delaySeconds, 42);
  });

  it("does not pass over the next change while it waits for a worker", () => {
    const late = { ...awake, unconvergedSince: at("18:30"), dueAt: at("18:55") };
    assert.equal(decideTake(late, AT_ONCE, at("18:55"), RARELY).claim.dueAt, at("19:00"));
  });

  it("leaves a recheck that is lost to the next one", () => {
    const slot = recheckAfter(awake.clusterId, at("12:00"), RHYTHM);
    const take = decideTake({ ...awake, dueAt: slot }, AT_ONCE, slot, RHYTHM);
    assert.deepEqual(take.claim, { dueAt: slot + 3_600_000, unconvergedSince: null });
    assert.equal(take.delaySeconds, 0);
  });

  it("puts the end of a very large wave off, since no message can wait that long", () => {
    const take = decideTake({ ...awake, dueAt: at("19:00") }, { delayMs: 1_000_000, leadMs: 0 }, at("19:00"), RARELY);
    assert.deepEqual(take.claim, { dueAt: at("19:16:40"), unconvergedSince: at("19:00") });
    assert.equal(take.delaySeconds, null);
  });

  it("waits twice as long for each message that comes to nothing, a quarter of an hour at most", () => {
    const waits: number[] = [];
    for (let now = at("19:00"); waits.length < 7; now += waits.at(-1)!) waits.push(retryMs(at("19:00"), now, RHYTHM));
    assert.deepEqual(
      waits.map((ms) => ms / MINUTE),
      [1, 1, 2, 4, 8, 15, 15],
    );
  });
});

describe("a missed target", () => {
  const since = { ...awake, unconvergedSince: at("07:00") };

  it("is told by the claim that crosses the bound", () => {
    assert.equal(decideTake({ ...since, dueAt: at("07:30") }, AT_ONCE, at("07:30"), RARELY).hasMissed, true);
  });

  it("is told late when the ticks were late", () => {
    assert.equal(decideTake({ ...since, dueAt: at("07:29") }, AT_ONCE, at("07:50"), RARELY).hasMissed, true);
  });

  it("is not told before it, and not again", () => {
    assert.equal(decideTake({ ...since, dueAt: at("07:20") }, AT_ONCE, at("07:20"), RARELY).hasMissed, false);
    assert.equal(decideTake({ ...since, dueAt: at("07:31") }, AT_ONCE, at("07:31"), RARELY).hasMissed, false);
  });
});
