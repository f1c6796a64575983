import assert from "node:assert/strict";

import { listHistory } from "../../runtime/fleet/index.js";
import { at, runReport } from "./run-report.js";

const CYCLE = { clusterId: "111111111111/eu-west-1/pay", snapshot: "{}", progress: "{}" };
const HOLD = { state: "running", until: at("22:00"), reason: "demo", owner: "ana", notedAt: at("06:00") } as const;

/** One night that is over, and one that has begun. */
const FACTS = {
  hold: null,
  reports: [runReport({ finishedAt: at("19:05") }), runReport({ finishedAt: at("07:05"), desired: "running" })],
  open: { ...CYCLE, cycleId: "night-2", openedAt: at("19:01") },
  retired: [{ ...CYCLE, cycleId: "night-1", openedAt: at("2026-01-04T19:01:00Z"), retiredAt: at("07:04") }],
};

const kindsOf = (since: number, facts: Parameters<typeof listHistory>[0] = FACTS) =>
  listHistory(facts, since).map(({ kind }) => kind);

describe("a cluster's history", () => {
  it("puts runs and cycles in one order, newest first", () => {
    assert.deepEqual(kindsOf(0), ["run", "cycle-opened", "run", "cycle-retired", "cycle-opened"]);
    const instants = listHistory(FACTS, 0).map((event) => event.at ?? 0);
    assert.deepEqual(
      instants,
      instants.toSorted((a, b) => b - a),
    );
  });

  it("begins at an instant, that instant included", () => {
    assert.deepEqual(kindsOf(at("19:01")), ["run", "cycle-opened"]);
    assert.deepEqual(kindsOf(at("07:04")), ["run", "cycle-opened", "run", "cycle-retired"]);
  });

  it("leads with the hold in force, however old it is", () => {
    assert.deepEqual(kindsOf(at("19:05"), { ...FACTS, hold: HOLD }), ["held", "run"]);
  });

  it("is empty of a cluster that nothing was done with", () => {
    assert.deepEqual(kindsOf(0, { hold: null, reports: [], open: undefined, retired: [] }), []);
  });
});
