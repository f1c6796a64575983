import assert from "node:assert/strict";

import { DEFAULT_RHYTHM } from "../../runtime/fleet/planner/index.js";
import { evaluate, transitions, type Schedule } from "../../runtime/schedule/index.js";
import { officeFleet } from "./year/office-fleet.js";
import { wrongSpans, type Stretch, type WrongSpan } from "./year/wrong-spans.js";
import { yearOfFaults, type Disturbance, type Year } from "./year/year-of-faults.js";

const MINUTE = 60_000;
const MINUTES = 525_600;
const START_AT = Date.parse("2026-01-05T00:00Z");
const END_AT = START_AT + MINUTES * MINUTE;

const TICK_MS = MINUTE;
/** Ten clusters of four groups in an account, at five changes of groups a second. */
const SPREAD_MS = 8000;

/** A span, what was done to end it, and when a fault last kept the hub from it; null when none did. */
interface JudgedSpan extends WrongSpan {
  readonly clusterId: string;
  readonly runMs: number;
  readonly faultOverAt: number | null;
}

/**
 * The bound: no cluster is in a wrong state for longer than one tick, its turn in the wave and its run, counted from the
 * calendar's change or from the end of the last fault that kept the hub from it, whichever is later. Without a fault that is one tick and
 * its run. A fault ends: a lost tick at once, for the next one does its work; a late one when it comes; a lost message after a minute,
 * or as long as the cluster has been waiting; a worker's death with its lease. Nothing waits for a sweep.
 */
describe("a year of 1,000 clusters, with lost, late and doubled ticks and messages, and workers that die", () => {
  let year: Year;
  let spans: readonly JudgedSpan[];

  before(async function () {
    this.timeout(600_000);
    year = await yearOfFaults({
      seed: 20_260_105,
      startAt: START_AT,
      minutes: MINUTES,
      fleet: officeFleet(1000),
      // Rechecks find nothing here, and a thousand an hour are most of the work.
      rhythm: { ...DEFAULT_RHYTHM, recheckSeconds: 7 * 86_400 },
      faults: {
        ticks: { lost: 0.02, late: 0.02, doubled: 0.02 },
        messages: { lost: 0.02, late: 0.02, doubled: 0.02 },
        deaths: 0.02,
      },
    });
    spans = judge(year);
  });

  it("has every kind of fault, thousands of times", () => {
    const { ticks, messages, runs, deaths } = year.counts;
    assert.equal(ticks, 525_600);
    assert.ok(messages > 500_000 && runs > 500_000, `${messages} messages, ${runs} runs`);
    assert.ok(deaths > 5000 && year.disturbances.length > 30_000, `${deaths} deaths`);
  });

  it("leaves no cluster in a wrong state for longer than a tick, its turn and its run after the last fault", () => {
    const tooLong = spans.filter(
      ({ fromAt, toAt, faultOverAt, runMs }) => toAt - (faultOverAt ?? fromAt) > TICK_MS + SPREAD_MS + runMs,
    );
    assert.deepEqual(tooLong.slice(0, 10).map(inWords), []);
    assert.ok(spans.length > 100_000, `only ${spans.length} spans were judged`);
  });

  it("has every cluster awake when its window begins, unless a fault came in between", () => {
    // At the very beginning some are registered in the middle of their windows.
    const late = spans.filter(
      ({ wanted, fromAt, faultOverAt }) => wanted === "running" && faultOverAt === null && fromAt > START_AT,
    );
    assert.deepEqual(late.slice(0, 10).map(inWords), []);
  });

  it("changes no cluster more often than its calendar does", () => {
    const restless = year.clusters.filter(({ schedule, changes }) => changes.length > wishesOf(schedule).length);
    assert.deepEqual(
      restless.map(({ id }) => id),
      [],
    );
  });
});

function judge({ clusters, disturbances }: Year): readonly JudgedSpan[] {
  const common = disturbances.filter(({ clusterId }) => clusterId === null);
  const own = Map.groupBy(disturbances, ({ clusterId }) => clusterId);
  return clusters.flatMap(({ id: clusterId, schedule, changes }) => {
    const actual: readonly Stretch[] = [{ at: START_AT, state: "hibernated" }, ...changes];
    const runs = new Map(changes.map(({ at, runMs }) => [at, runMs]));
    const faults = [...common, ...(own.get(clusterId) ?? [])].sort((one, other) => one.at - other.at);
    return wrongSpans(wishesOf(schedule), actual, { untilAt: END_AT, aheadMs: 30 * MINUTE }).map((span) => ({
      ...span,
      clusterId,
      runMs: runs.get(span.toAt) ?? 0,
      faultOverAt: lastFault(span, faults),
    }));
  });
}

function wishesOf(schedule: Schedule): readonly Stretch[] {
  const changes = transitions(schedule, START_AT + 1, END_AT).map(({ at, to }) => ({ at, state: to }));
  return [{ at: START_AT, state: evaluate(schedule, START_AT).state }, ...changes];
}

/** When the last fault was over that began before the span ended and kept the hub from it; `faults` by their beginning. */
function lastFault({ fromAt, toAt, wanted }: WrongSpan, faults: readonly Disturbance[]): number | null {
  // A wake is prepared before its window.
  const begunAt = wanted === "running" ? fromAt - 30 * MINUTE : fromAt;
  const candidates = faults.slice(firstFrom(faults, begunAt - 24 * 60 * MINUTE), firstFrom(faults, toAt));
  const touching = candidates.filter(({ overAt }) => overAt >= begunAt);
  return touching.length === 0 ? null : Math.max(fromAt, ...touching.map(({ overAt }) => Math.min(overAt, toAt)));
}

/** Index of the first fault that began at or after `at`. */
function firstFrom(faults: readonly Disturbance[], at: number): number {
  let low = 0;
  let high = faults.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (faults[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inWords({ clusterId, fromAt, toAt, wanted, runMs, faultOverAt }: JudgedSpan): string {
  const [from, to, over] = [fromAt, toAt, faultOverAt ?? fromAt].map((at) => new Date(at).toISOString());
  return `${clusterId} should have been ${wanted} from ${from} to ${to}; last fault over at ${over}, run of ${runMs} ms`;
}
