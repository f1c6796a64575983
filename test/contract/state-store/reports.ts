import assert from "node:assert/strict";

import type { StoredReport } from "../../../runtime/ports/state-store.js";
import { CLUSTER, OTHER_CLUSTER, type StoredData } from "./stored-data.js";

/** Reports of runs. */
export function describeReports(data: StoredData): void {
  describe("reports", () => {
    const report = (reportId: string, finishedAt: number, body = reportId): StoredReport => ({
      clusterId: CLUSTER,
      reportId,
      finishedAt,
      body,
    });
    /** Ten at a time, because a table is asked over a wire. */
    const addMany = async (reports: readonly StoredReport[]): Promise<void> => {
      for (let start = 0; start < reports.length; start += 10)
        await Promise.all(reports.slice(start, start + 10).map((each) => data.store.addReport(each)));
    };
    const daily = (first: number, last: number): readonly StoredReport[] =>
      Array.from({ length: last - first + 1 }, (_, day) => report(`r${String(first + day)}`, first + day));
    const ids = (reports: readonly StoredReport[]): readonly string[] => reports.map(({ reportId }) => reportId);

    it("are kept as they are, over a reopening", async () => {
      await data.store.addReport(report("r1", 1_000, '{"outcome":"completed"}'));
      await data.reopen();
      assert.deepEqual(await data.store.listReports(CLUSTER), [report("r1", 1_000, '{"outcome":"completed"}')]);
    });

    it("are added once: the same id again changes nothing, whatever else it says", async () => {
      await data.store.addReport(report("r1", 1_000, "first"));
      await data.store.addReport(report("r1", 1_000, "first"));
      await data.store.addReport(report("r1", 9_000, "other"));
      assert.deepEqual(await data.store.listReports(CLUSTER), [report("r1", 1_000, "first")]);
    });

    it("are listed newest first, ties by id with the highest first", async () => {
      for (const [id, at] of [
        ["b", 2_000],
        ["z", 1_000],
        ["c", 2_000],
        ["a", 3_000],
      ] as const) {
        await data.store.addReport(report(id, at));
      }
      assert.deepEqual(ids(await data.store.listReports(CLUSTER)), ["a", "c", "b", "z"]);
    });

    it("are listed from an instant on, that instant included, as many as asked for", async () => {
      for (const at of [1_000, 2_000, 3_000, 4_000]) await data.store.addReport(report(`r${String(at)}`, at));
      assert.deepEqual(ids(await data.store.listReports(CLUSTER, { since: 2_000 })), ["r4000", "r3000", "r2000"]);
      assert.deepEqual(ids(await data.store.listReports(CLUSTER, { since: 2_000, limit: 1 })), ["r4000"]);
    });

    it("are listed 100 at most unless told", async () => {
      await addMany(daily(1, 101));
      const listed = await data.store.listReports(CLUSTER);
      assert.equal(listed.length, 100);
      assert.equal(listed[0]?.reportId, "r101");
    });

    it("stay, the newest 500 of each cluster, whatever the order in which they come", async () => {
      await data.store.addReport({ ...report("other", 1), clusterId: OTHER_CLUSTER });
      await addMany(daily(2, 502));
      await data.store.addReport(report("r1", 1));
      const listed = await data.store.listReports(CLUSTER, { limit: 1_000 });
      assert.equal(listed.length, 500);
      assert.deepEqual([listed[0]?.reportId, listed.at(-1)?.reportId], ["r502", "r3"]);
      assert.equal((await data.store.listReports(OTHER_CLUSTER)).length, 1);
    });

    it("stay by id, highest first, when several of the same millisecond are at the end", async () => {
      await addMany(daily(2, 500));
      for (const id of ["b", "c", "a"]) await data.store.addReport(report(id, 1));
      assert.deepEqual(ids(await data.store.listReports(CLUSTER, { limit: 1_000 })).slice(-2), ["r2", "c"]);
    });

    it("belong to their cluster: the same id may stand in two", async () => {
      await data.store.addReport(report("r1", 1_000));
      await data.store.addReport({ ...report("r1", 2_000), clusterId: OTHER_CLUSTER });
      assert.equal((await data.store.listReports(CLUSTER))[0]?.finishedAt, 1_000);
      assert.equal((await data.store.listReports(OTHER_CLUSTER))[0]?.finishedAt, 2_000);
    });
  });
}
