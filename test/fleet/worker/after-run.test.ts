import assert from "node:assert/strict";

import { afterRun, ATTEMPTS, type Ended } from "../../../runtime/fleet/worker/after-run.js";
import type { Settlement } from "../../../runtime/ports/index.js";
import type { RunReport } from "../../../runtime/run/index.js";
import { at, entry, MINUTE, RHYTHM } from "../planner/entry.js";
import { runReport } from "../run-report.js";

const RARELY = { ...RHYTHM, recheckSeconds: 86_400 * 365 };

/** A sleep by calendar that ended at 19:03. */
function ended(report: Partial<RunReport> = {}, changes: Partial<Ended> = {}): Ended {
  return {
    entry: entry({ wanted: "running", transitionAt: at("19:00"), unconvergedSince: at("19:00"), dueAt: at("19:04") }),
    wish: { state: "hibernated", rule: "night", sinceAt: at("19:00"), nextAt: at("23:00"), leadMs: 0 },
    now: at("19:03"),
    rhythm: RARELY,
    report: runReport(report),
    heldUntil: null,
    jitter: 0,
    ...changes,
  };
}

const failed = (code: NonNullable<RunReport["failure"]>["code"], result: RunReport["result"] = "failed") =>
  ({ result, reached: null, failure: { code, message: "no", remedy: "none" } }) as const;

function settlementOf(one: Ended): Settlement {
  const after = afterRun(one);
  assert.ok(after.kind === "settle", after.kind);
  return after.settlement;
}

describe("after a run", () => {
  it("that got there, the cluster is due for its next change", () => {
    assert.deepEqual(settlementOf(ended()), {
      wanted: "hibernated",
      transitionAt: at("23:00"),
      leadMs: 0,
      unconvergedSince: null,
      attempts: 0,
      lastCode: null,
      dueAt: at("22:30"),
    });
  });

  it("that left a deliberate start alone, too", () => {
    assert.equal(settlementOf(ended({ result: "nothing-to-do", reached: "hibernated" })).unconvergedSince, null);
  });

  it("that yielded, the same operation goes on in a while; its cluster is due if the message is lost", () => {
    const after = afterRun(ended({ result: "yielded", reached: null }, { jitter: 0.5 }));
    assert.ok(after.kind === "again");
    assert.equal(after.delaySeconds, 38);
    assert.equal(after.settlement.dueAt, at("19:03:38") + MINUTE);
    assert.equal(after.settlement.unconvergedSince, at("19:00"));
  });

  it("during which the wish changed, it goes on at once", () => {
    const wish = { state: "running", rule: "day", sinceAt: at("19:02"), nextAt: at("23:00"), leadMs: 0 } as const;
    const after = afterRun(ended({}, { wish }));
    assert.ok(after.kind === "again");
    assert.equal(after.delaySeconds, 0);
    assert.equal(after.settlement.unconvergedSince, at("19:02"));
  });

  it("that found another operation at work, the cluster is left alone until the lease may be free", () => {
    const held = ended(failed("lease-held", "blocked"), { heldUntil: at("19:04:30"), jitter: 0.5 });
    assert.deepEqual(afterRun(held), { kind: "leave", at: at("19:04:30") + 2500 });
    assert.deepEqual(afterRun(ended(failed("lease-lost"))), { kind: "leave", at: at("19:04") });
  });

  it("every instant is a whole millisecond, whatever the jitter", () => {
    const jitter = 0.123456789;
    const left = afterRun(ended(failed("lease-held", "blocked"), { jitter }));
    assert.ok(left.kind === "leave" && Number.isInteger(left.at));
    assert.ok(Number.isInteger(settlementOf(ended(failed("throttled"), { jitter })).dueAt));
  });

  it("that found it excluded, it is only looked at again", () => {
    const settlement = settlementOf(ended(failed("cluster-excluded", "blocked")));
    assert.deepEqual([settlement.unconvergedSince, settlement.lastCode], [null, "cluster-excluded"]);
  });
});

describe("after a run that failed", () => {
  const before = (attempts: number) =>
    entry({ wanted: "hibernated", transitionAt: at("23:00"), unconvergedSince: at("19:00"), attempts });

  it("it is tried again after pauses that double", () => {
    const never = { ...RARELY, missedAfterSeconds: 86_400 };
    const pauses = [0, 1, 2, 3].map((attempts) => {
      const { dueAt } = settlementOf(ended(failed("group-busy"), { entry: before(attempts), rhythm: never }));
      return (dueAt - at("19:03")) / MINUTE;
    });
    assert.deepEqual(pauses, [5, 10, 20, 40]);
  });

  it("it is tried five times, then at its rechecks only", () => {
    const settlement = settlementOf(ended(failed("group-busy"), { entry: before(ATTEMPTS - 1), rhythm: RHYTHM }));
    assert.equal(settlement.attempts, 5);
    assert.equal(settlement.lastCode, "group-busy");
    assert.ok(settlement.dueAt <= at("20:03"));
    const rarely = settlementOf(ended(failed("group-busy"), { entry: before(ATTEMPTS), rhythm: RARELY }));
    assert.equal(rarely.dueAt, at("19:30"), "but people are told when its target is missed");
  });

  it("another wish starts afresh", () => {
    const other = entry({ wanted: "running", transitionAt: at("19:00"), attempts: 5, unconvergedSince: at("19:00") });
    assert.equal(settlementOf(ended(failed("throttled"), { entry: other })).attempts, 1);
  });

  it("it counts as late since this was wanted, and not since an older wish", () => {
    const other = entry({ wanted: "running", transitionAt: at("19:00"), unconvergedSince: at("12:00") });
    assert.equal(settlementOf(ended(failed("throttled"), { entry: other })).unconvergedSince, at("19:00"));
    const drifted = { ...before(0), unconvergedSince: null };
    assert.equal(settlementOf(ended(failed("throttled"), { entry: drifted })).unconvergedSince, at("19:03"));
  });
});

describe("the size of a cluster", () => {
  const group = (id: string, before: number, after: number | null) => ({
    id,
    before: { min: 0, desired: before, max: 9 },
    after: after === null ? null : { min: 0, desired: after, max: 9 },
  });
  const sizeOf = (report: Partial<RunReport>, changes: Partial<Ended> = {}) => {
    const { groups, nodes } = settlementOf(ended(report, changes));
    return [groups, nodes];
  };

  it("is what a sleep found awake", () => {
    assert.deepEqual(
      sizeOf({ groups: [group("a", 3, 0), group("b", 2, 0)] }, { entry: entry({ nodes: null }) }),
      [2, 5],
    );
  });

  it("is not made smaller by a look at the sleeping cluster", () => {
    assert.deepEqual(sizeOf({ result: "nothing-to-do", groups: [group("a", 0, null)] }), [1, 20]);
  });

  it("is what a wake gave back", () => {
    const wish = { state: "running", rule: "day", sinceAt: at("07:00"), nextAt: at("19:00"), leadMs: 0 } as const;
    const report = { desired: "running", reached: "running", groups: [group("a", 0, 3), group("b", 4, null)] } as const;
    assert.deepEqual(sizeOf(report, { wish }), [2, 7]);
  });
});
