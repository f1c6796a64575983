import assert from "node:assert/strict";

import { addToOverview, EMPTY_OVERVIEW, standingOf, type OverviewQuestion } from "../../runtime/fleet/overview.js";
import type { FleetEntry } from "../../runtime/ports/index.js";
import { at, entry } from "./planner/entry.js";

const NOW = at("08:00");

const QUESTION: OverviewQuestion = { now: NOW, standing: null, limit: 10 };

const sent = (clusterId: string, changes: Partial<FleetEntry> = {}) =>
  entry({ clusterId: `111111111111/eu-west-1/${clusterId}`, ...changes });

const failed = { unconvergedSince: at("07:50"), attempts: 2, lastCode: "role-refused" } as const;
const late = { unconvergedSince: at("07:30") };
const converging = { unconvergedSince: at("07:31") };

describe("how a cluster stands", () => {
  const rows: readonly [what: string, changes: Partial<FleetEntry>, standing: string][] = [
    ["where it should be", {}, "in-state"],
    ["never looked at", { wanted: null, dueAt: 0 }, "converging"],
    ["on its way for less than half an hour", converging, "converging"],
    ["on its way for half an hour", late, "late"],
    ["begun ahead of its wake", { unconvergedSince: at("08:10") }, "converging"],
    ["attempted in vain", failed, "failed"],
    ["attempted in vain, and late", { ...failed, ...late }, "failed"],
    ["late after an attempt that nobody gave up", { ...late, attempts: 0, lastCode: null }, "late"],
    ["settled on purpose, with a code", { lastCode: "cluster-excluded" }, "in-state"],
  ];
  for (const [what, changes, standing] of rows) {
    it(`is ${standing}: ${what}`, () => {
      assert.equal(standingOf(entry(changes), NOW), standing);
    });
  }
});

describe("the overview of a fleet", () => {
  const FLEET = [
    sent("calm"),
    sent("excluded", { lastCode: "cluster-excluded" }),
    sent("new", { wanted: null }),
    sent("on-its-way", converging),
    sent("slow", late),
    sent("slower", { unconvergedSince: at("06:00") }),
    sent("stuck", failed),
    entry({ clusterId: "222222222222/us-east-1/calm" }),
  ];
  const nameOf = ({ entry: { clusterId } }: { readonly entry: FleetEntry }) => clusterId.split("/")[2];

  it("counts by standing, altogether and by account and Region", () => {
    const { totals, places } = addToOverview(EMPTY_OVERVIEW, FLEET, QUESTION);
    assert.deepEqual(totals, { "in-state": 3, converging: 2, late: 2, failed: 1 });
    assert.deepEqual(
      [...places],
      [
        ["111111111111/eu-west-1", { "in-state": 2, converging: 2, late: 2, failed: 1 }],
        ["222222222222/us-east-1", { "in-state": 1, converging: 0, late: 0, failed: 0 }],
      ],
    );
  });

  it("lists what a person may have to look at, the worst first and then the longest", () => {
    const { listed, omitted } = addToOverview(EMPTY_OVERVIEW, FLEET, QUESTION);
    assert.deepEqual(listed.map(nameOf), ["stuck", "slower", "slow", "on-its-way", "new", "excluded"]);
    assert.equal(omitted, 0);
  });

  it("lists those of one standing alone when asked, and counts all the same", () => {
    const { listed, totals } = addToOverview(EMPTY_OVERVIEW, FLEET, { ...QUESTION, standing: "in-state" });
    assert.deepEqual(listed.map(nameOf), ["calm", "excluded", "calm"]);
    assert.equal(totals.failed, 1);
  });

  it("keeps the worst within the limit, in whatever pages they come", () => {
    const pages = [FLEET.slice(0, 3), FLEET.slice(3, 5), FLEET.slice(5)];
    const question = { ...QUESTION, limit: 2 };
    const { listed, omitted, totals } = pages.reduce(
      (overview, page) => addToOverview(overview, page, question),
      EMPTY_OVERVIEW,
    );
    assert.deepEqual([listed.map(nameOf), omitted], [["stuck", "slower"], 4]);
    assert.deepEqual(totals, addToOverview(EMPTY_OVERVIEW, FLEET, QUESTION).totals);
  });
});
