import assert from "node:assert/strict";

import fc from "fast-check";

import { explainState, type Why } from "../../runtime/fleet/index.js";
import type { WhyFacts } from "../../runtime/fleet/why.js";
import type { RunReport } from "../../runtime/run/index.js";
import { parseSchedule, type Schedule } from "../../runtime/schedule/index.js";
import { at, runReport } from "./run-report.js";

/** Sleeps from 19:00 to 07:00 UTC on weekdays. */
const OFFICE = office();

function office(): Schedule {
  const parsed = parseSchedule("office", { timezone: "UTC", awake: ["Mon-Fri 07:00-19:00"] }, {});
  assert.ok(parsed.ok);
  return parsed.value;
}

/** Asked at 20:00 on Monday, with nothing remembered unless told. */
function why(facts: Partial<WhyFacts> = {}): Why {
  const now = facts.now ?? at("20:00");
  return explainState({
    ...{ at: now, now, exclusion: null, schedule: OFFICE, hold: null, reports: [], attempt: null },
    ...facts,
  });
}

const BLOCKED: Partial<RunReport> = {
  result: "blocked",
  reached: "running",
  failure: { code: "drain-blocked", message: "Pods are held.", remedy: "Loosen the budget." },
};

describe("why a cluster is up or down", () => {
  it("is its exclusion, before anything else", () => {
    const { cause, verdict } = why({ exclusion: "runs the pager", schedule: null, reports: [runReport()] });
    assert.deepEqual([cause, verdict], [{ kind: "excluded", reason: "runs the pager" }, null]);
  });

  it("is the calendar when the last run got it there", () => {
    const { cause, reached, verdict } = why({ reports: [runReport({ finishedAt: at("19:02") })] });
    assert.equal(cause.kind, "as-wanted");
    assert.deepEqual(reached, { state: "hibernated", sinceAt: at("19:02") });
    assert.deepEqual([verdict?.state, verdict?.since], ["hibernated", at("19:00")]);
  });

  it("dates the state by the first run in a row that vouched for it", () => {
    const reports = [
      runReport({ finishedAt: at("19:30"), action: "nothing", result: "nothing-to-do" }),
      runReport({ finishedAt: at("19:02") }),
      runReport({ finishedAt: at("07:05"), desired: "running", reached: "running" }),
      runReport({ finishedAt: at("06:00") }),
    ];
    assert.deepEqual(why({ reports }).reached, { state: "hibernated", sinceAt: at("19:02") });
  });

  it("is a run that tried and was blocked", () => {
    const report = runReport({ ...BLOCKED, finishedAt: at("19:31") });
    const { cause, reached } = why({ reports: [report] });
    assert.deepEqual([cause, reached?.state], [{ kind: "not-reached", report }, "running"]);
  });

  it("is unknown after a run that stopped half-way; what was known before is told apart", () => {
    const reports = [
      runReport({ finishedAt: at("19:31"), result: "partial", reached: null }),
      runReport({ finishedAt: at("07:05"), desired: "running", reached: "running" }),
    ];
    const { cause, reached, lastKnown } = why({ reports });
    assert.deepEqual([cause.kind, reached], ["not-reached", null]);
    assert.deepEqual(lastKnown, { state: "running", sinceAt: at("07:05") });
  });

  it("is that no run came since the calendar changed, however the one before ended", () => {
    const awake = runReport({ finishedAt: at("07:05"), desired: "running", reached: "running" });
    assert.equal(why({ reports: [awake] }).cause.kind, "no-run-since");
    const lastNight = runReport({ ...BLOCKED, finishedAt: at("2026-01-02T19:31:00Z") });
    assert.equal(why({ reports: [lastNight] }).cause.kind, "no-run-since");
  });

  it("is a person who asked for the other state after the calendar changed", () => {
    const woken = runReport({ finishedAt: at("19:40"), origin: "person", desired: "running", reached: "running" });
    const { cause } = why({ reports: [woken, runReport({ finishedAt: at("19:02") })] });
    assert.deepEqual(cause, { kind: "asked-otherwise", report: woken });
  });

  it("is a start by hand that was respected", () => {
    const report = runReport({
      finishedAt: at("19:40"),
      action: "nothing",
      result: "nothing-to-do",
      drift: ["Given nodes by hand while it slept: managed/web."],
    });
    assert.deepEqual(why({ reports: [report] }).cause, { kind: "left-so", report });
  });

  it("is that nothing was ever done", () => {
    assert.deepEqual(why().cause, { kind: "never-run" });
  });

  describe("with a hold", () => {
    const hold = { state: "running", until: at("22:00"), reason: "demo", owner: "ana", notedAt: at("19:30") } as const;

    it("is the hold, and the calendar alone is told apart", () => {
      const { verdict, calendar } = why({ hold });
      assert.deepEqual([verdict?.state, verdict?.rule], ["running", "hold by ana: demo"]);
      assert.equal(calendar?.state, "hibernated");
    });

    it("is that no run came since the hold was noted", () => {
      const asleep = runReport({ finishedAt: at("19:02") });
      assert.equal(why({ hold, reports: [asleep] }).cause.kind, "no-run-since");
      const failed = runReport({ ...BLOCKED, finishedAt: at("19:50"), desired: "running", reached: "hibernated" });
      assert.equal(why({ hold, reports: [failed, asleep] }).cause.kind, "not-reached");
    });
  });

  describe("while a run is at work", () => {
    it("is in between, when a journal has begun and no report has come since", () => {
      const attempt = { desired: "hibernated", startedAt: at("19:50") } as const;
      const awake = runReport({ finishedAt: at("07:05"), desired: "running", reached: "running" });
      const { cause, reached, lastKnown } = why({ attempt, reports: [awake] });
      assert.deepEqual(cause, { kind: "under-way", ...attempt, endedAt: null });
      assert.deepEqual([reached, lastKnown?.state], [null, "running"]);
    });

    it("has said more when it reported that it yielded", () => {
      const attempt = { desired: "hibernated", startedAt: at("19:50") } as const;
      const yielded = runReport({ finishedAt: at("19:55"), result: "yielded", reached: null });
      assert.equal(why({ attempt, reports: [yielded] }).cause.kind, "not-reached");
    });

    it("was in between at an instant inside of a run that has ended meanwhile", () => {
      const reports = [runReport({ startedAt: at("19:00"), finishedAt: at("19:10") })];
      const { cause } = why({ at: at("19:05"), now: at("21:00"), reports });
      assert.deepEqual(cause, {
        kind: "under-way",
        desired: "hibernated",
        startedAt: at("19:00"),
        endedAt: at("19:10"),
      });
    });
  });

  describe("at another instant", () => {
    const reports = [
      runReport({ finishedAt: at("2026-01-06T07:05:00Z"), desired: "running", reached: "running" }),
      runReport({ finishedAt: at("19:02") }),
    ];

    it("knows only what had been reported by then", () => {
      const { cause, lastReport, reached } = why({ at: at("23:00"), now: at("2026-01-06T12:00:00Z"), reports });
      assert.deepEqual([cause.kind, reached?.state, lastReport], ["as-wanted", "hibernated", reports[1]]);
    });

    it("says what will be wanted, and claims nothing of a state still to come", () => {
      const { cause, reached, verdict } = why({ at: at("2026-01-07T12:00:00Z"), now: at("20:00"), reports });
      assert.deepEqual([cause.kind, reached, verdict?.state], ["ahead", null, "running"]);
    });
  });

  it("is as wanted exactly when the state vouched for is the one wanted", () => {
    const state = fc.constantFrom("running" as const, "hibernated" as const);
    const minute = fc.integer({ min: 0, max: 3 * 1_440 });
    const report = fc.record({ desired: state, reached: fc.option(state), minute });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 6 }), minute, (drawn, later) => {
        const reports = drawn
          .toSorted((a, b) => b.minute - a.minute)
          .map(({ desired, reached, minute: m }) =>
            runReport({ desired, reached, finishedAt: at("00:00") + m * 60_000, startedAt: at("00:00") + m * 60_000 }),
          );
        const now = at("00:00") + 3 * 86_400_000 + later * 60_000;
        const { cause, reached, verdict } = why({ now, reports });
        const isThere = cause.kind === "as-wanted" || cause.kind === "left-so";
        assert.equal(isThere, reached !== null && reached.state === verdict?.state);
      }),
    );
  });
});
