import assert from "node:assert/strict";

import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { readReports } from "../../runtime/fleet/index.js";
import type { StateStore } from "../../runtime/ports/index.js";
import { runReport } from "./run-report.js";

const PAY = "111111111111/eu-west-1/pay";
const SEARCH = "111111111111/eu-west-1/search";

/** A report of `clusterId` for each instant, named by it. */
async function storeOf(instants: Readonly<Record<string, readonly number[]>>): Promise<StateStore> {
  const store = createMemoryStore();
  for (const [clusterId, all] of Object.entries(instants)) {
    for (const finishedAt of all) {
      const report = runReport({ clusterId, finishedAt, reportId: `r${String(finishedAt)}` });
      await store.addReport({ clusterId, reportId: report.reportId, finishedAt, body: JSON.stringify(report) });
    }
  }
  return store;
}

describe("stored reports", () => {
  it("come newest first over all clusters, as they were written", async () => {
    const store = await storeOf({ [PAY]: [1, 4, 5], [SEARCH]: [2, 3] });
    const { reports, isCut } = await readReports([PAY, SEARCH], { since: 0, limit: 10 }, store);
    assert.deepEqual(
      reports.map(({ finishedAt }) => finishedAt),
      [5, 4, 3, 2, 1],
    );
    assert.deepEqual(reports[0], runReport({ finishedAt: 5, reportId: "r5" }));
    assert.equal(isCut, false);
  });

  it("are the newest of all clusters when there are too many, and say so", async () => {
    const store = await storeOf({ [PAY]: [1, 4, 5], [SEARCH]: [2, 3] });
    const cut = await readReports([PAY, SEARCH], { since: 0, limit: 3 }, store);
    assert.deepEqual([cut.reports.map(({ finishedAt }) => finishedAt), cut.isCut], [[5, 4, 3], true]);
    const since = await readReports([PAY, SEARCH], { since: 3, limit: 3 }, store);
    assert.deepEqual([since.reports.map(({ finishedAt }) => finishedAt), since.isCut], [[5, 4, 3], false]);
  });

  it("that cannot be read are named, and do not hide the others", async () => {
    const store = await storeOf({ [PAY]: [1] });
    const damaged = ["{", "{}", JSON.stringify({ ...runReport(), version: 2 })];
    for (const [index, body] of damaged.entries()) {
      await store.addReport({ clusterId: PAY, reportId: `bad-${String(index)}`, finishedAt: 2 + index, body });
    }
    const { reports, unreadable } = await readReports([PAY], { since: 0, limit: 10 }, store);
    assert.deepEqual([reports.length, unreadable], [1, ["bad-2", "bad-1", "bad-0"]]);
  });

  it("keep what this version does not know", async () => {
    const store = createMemoryStore();
    const body = JSON.stringify({ ...runReport(), measures: [{ kind: "webhooks" }] });
    await store.addReport({ clusterId: PAY, reportId: "r", finishedAt: 1, body });
    const { reports } = await readReports([PAY], { since: 0, limit: 1 }, store);
    assert.deepEqual(reports, [JSON.parse(body)]);
  });
});
