import assert from "node:assert/strict";

import type { CycleRecord, Lease, StateStore, StoredReport } from "../../runtime/ports/state-store.js";

/** One set of stored data, empty at first, and ways into it. */
export interface StateStoreSubject {
  /** Another handle on the same data, as a second process would have. */
  open(): StateStore;
  /** Lets go of the data. Handles are closed by then. */
  dispose(): Promise<void>;
}

const CLUSTER = "222222222222/eu-west-1/payments-dev";
const OTHER_CLUSTER = "222222222222/eu-west-1/search-dev";

const CYCLE: CycleRecord = {
  clusterId: CLUSTER,
  cycleId: "cycle-1",
  openedAt: 1_000,
  snapshot: '{"groups":[{"id":"managed/web","desired":3}]}',
  progress: '{"done":[]}',
};
const ZEROS: CycleRecord = {
  ...CYCLE,
  cycleId: "cycle-zeros",
  snapshot: '{"groups":[{"id":"managed/web","desired":0}]}',
};

/** Takes the lease at 0 until 60,000 unless told; fails the test when it is held. */
async function take(store: StateStore, operationId: string, now = 0, clusterId = CLUSTER): Promise<Lease> {
  const answer = await store.acquireLease({ clusterId, operationId, now, expiresAt: now + 60_000 });
  assert.equal(answer.kind, "acquired");
  return answer.lease;
}

/** Opens and retires one cycle. */
async function passCycle(store: StateStore, lease: Lease, cycleId: string, retiredAt: number): Promise<void> {
  await store.openCycle(lease, { ...CYCLE, cycleId });
  assert.equal(await store.retireCycle(lease, cycleId, retiredAt), "saved");
}

async function retiredIds(store: StateStore, limit = 100): Promise<readonly string[]> {
  return (await store.listRetiredCycles(CLUSTER, limit)).map(({ cycleId }) => cycleId);
}

/** Every promise of the port `StateStore`, for any implementation of it. */
export function describeStateStore(name: string, create: () => StateStoreSubject | Promise<StateStoreSubject>): void {
  describe(`state store: ${name}`, () => {
    let subject: StateStoreSubject;
    let handles: StateStore[];
    let store: StateStore;

    const open = (): StateStore => {
      const handle = subject.open();
      handles.push(handle);
      return handle;
    };
    const reopen = async (): Promise<void> => {
      await store.close();
      store = open();
    };

    beforeEach(async () => {
      subject = await create();
      handles = [];
      store = open();
    });

    afterEach(async () => {
      await Promise.all(handles.map((handle) => handle.close()));
      await subject.dispose();
    });

    describe("lease", () => {
      it("gives a free lease, with the first fence", async () => {
        const answer = await store.acquireLease({ clusterId: CLUSTER, operationId: "op-a", now: 0, expiresAt: 60_000 });
        const lease = { clusterId: CLUSTER, operationId: "op-a", fence: 1 };
        assert.deepEqual(answer, { kind: "acquired", lease, expiresAt: 60_000 });
      });

      it("refuses a lease that another operation holds, and names the holder and the expiry", async () => {
        await take(store, "op-a");
        const answer = await open().acquireLease({
          clusterId: CLUSTER,
          operationId: "op-b",
          now: 59_999,
          expiresAt: 90_000,
        });
        assert.deepEqual(answer, { kind: "held", holder: "op-a", expiresAt: 60_000 });
      });

      it("leaves the holder untouched by a refusal", async () => {
        const lease = await take(store, "op-a");
        await store.acquireLease({ clusterId: CLUSTER, operationId: "op-b", now: 1, expiresAt: 90_000 });
        assert.equal(await store.renewLease(lease, 70_000), "renewed");
      });

      it("gives a lease away at the very instant it expires, with a higher fence", async () => {
        await take(store, "op-a");
        assert.equal((await take(open(), "op-b", 60_000)).fence, 2);
      });

      it("lets the same operation in again from another process: same fence, new expiry", async () => {
        await take(store, "op-a");
        assert.equal((await take(open(), "op-a", 30_000)).fence, 1);
        const other = await store.acquireLease({
          clusterId: CLUSTER,
          operationId: "op-b",
          now: 89_999,
          expiresAt: 99_000,
        });
        assert.deepEqual(other, { kind: "held", holder: "op-a", expiresAt: 90_000 });
      });

      it("keeps the fence of the same operation when its lease had expired but nobody took it", async () => {
        await take(store, "op-a");
        assert.equal((await take(store, "op-a", 500_000)).fence, 1);
      });

      it("raises the fence on every change of holder, back to an earlier one too", async () => {
        await take(store, "op-a");
        await take(store, "op-b", 60_000);
        assert.equal((await take(store, "op-a", 120_000)).fence, 3);
      });

      it("never lowers the fence: not by a release, not by forgetting the cluster, not by a reopened store", async () => {
        await store.releaseLease(await take(store, "op-a"));
        assert.equal((await take(store, "op-a")).fence, 2);
        await store.removeCluster(CLUSTER);
        await store.releaseLease({ clusterId: CLUSTER, operationId: "op-a", fence: 2 });
        await reopen();
        assert.equal((await take(store, "op-b")).fence, 3);
      });

      it("keeps a lease over a reopened store", async () => {
        const lease = await take(store, "op-a");
        await reopen();
        assert.equal(await store.renewLease(lease, 70_000), "renewed");
      });

      it("leases each cluster by itself", async () => {
        await take(store, "op-a");
        assert.equal((await take(store, "op-b", 0, OTHER_CLUSTER)).fence, 1);
      });

      it("moves the expiry when renewed", async () => {
        await store.renewLease(await take(store, "op-a"), 200_000);
        const answer = await store.acquireLease({
          clusterId: CLUSTER,
          operationId: "op-b",
          now: 199_999,
          expiresAt: 300_000,
        });
        assert.deepEqual(answer, { kind: "held", holder: "op-a", expiresAt: 200_000 });
      });

      it("renews a lease that expired while nobody wanted it", async () => {
        const lease = await take(store, "op-a");
        assert.equal(await store.renewLease(lease, 900_000), "renewed");
      });

      it("says lost to whoever renews after a takeover, and leaves the new holder's expiry alone", async () => {
        const lost = await take(store, "op-a");
        await take(open(), "op-b", 60_000);
        assert.equal(await store.renewLease(lost, 999_000), "lost");
        const answer = await store.acquireLease({
          clusterId: CLUSTER,
          operationId: "op-c",
          now: 60_001,
          expiresAt: 70_000,
        });
        assert.deepEqual(answer, { kind: "held", holder: "op-b", expiresAt: 120_000 });
      });

      it("says lost to a lease of an earlier fence of the same operation", async () => {
        const old = await take(store, "op-a");
        await store.releaseLease(old);
        await take(store, "op-a");
        assert.equal(await store.renewLease(old, 999_000), "lost");
      });

      it("says lost where no lease ever was", async () => {
        assert.equal(await store.renewLease({ clusterId: CLUSTER, operationId: "op-a", fence: 1 }, 1), "lost");
      });

      it("frees the lease at once, twice without harm", async () => {
        const lease = await take(store, "op-a");
        await store.releaseLease(lease);
        await store.releaseLease(lease);
        assert.equal(await store.renewLease(lease, 70_000), "lost");
        assert.equal((await take(store, "op-b", 1)).fence, 2);
      });

      it("ignores the release of a lease that is somebody else's by now", async () => {
        const lost = await take(store, "op-a");
        const current = await take(store, "op-b", 60_000);
        await store.releaseLease(lost);
        assert.equal(await store.renewLease(current, 130_000), "renewed");
      });

      it("lets one of many operations win that ask at once (S50)", async () => {
        const stores = [store, open(), open(), open()];
        const answers = await Promise.all(
          stores.map((each, index) =>
            each.acquireLease({ clusterId: CLUSTER, operationId: `op-${String(index)}`, now: 0, expiresAt: 60_000 }),
          ),
        );
        const winners = answers.flatMap((answer) => (answer.kind === "acquired" ? [answer.lease] : []));
        assert.equal(winners.length, 1);
        assert.deepEqual(
          answers.flatMap((answer) => (answer.kind === "held" ? [answer.holder] : [])),
          Array<string>(3).fill(winners[0]!.operationId),
        );
      });
    });

    describe("fence", () => {
      it("refuses every write of a holder that slept through its lease (S50)", async () => {
        const sleeper = await take(store, "op-a");
        await store.openCycle(sleeper, CYCLE);
        await store.saveReached(sleeper, { body: "by a" });

        const successor = open();
        await take(successor, "op-b", 60_000);

        assert.equal(await store.saveProgress(sleeper, "cycle-1", '"late"'), "fenced");
        assert.equal(await store.saveReached(sleeper, { body: "late" }), "fenced");
        assert.equal(await store.retireCycle(sleeper, "cycle-1", 61_000), "fenced");
        assert.deepEqual(await store.openCycle(sleeper, ZEROS), { kind: "fenced" });
        assert.deepEqual(await successor.readCycle(CLUSTER), CYCLE);
        assert.equal((await successor.readCluster(CLUSTER))?.reached, "by a");
        assert.deepEqual(await retiredIds(successor), []);
      });

      it("refuses to open a first cycle after a takeover", async () => {
        const sleeper = await take(store, "op-a");
        await take(open(), "op-b", 60_000);
        assert.deepEqual(await store.openCycle(sleeper, CYCLE), { kind: "fenced" });
        assert.equal(await store.readCycle(CLUSTER), undefined);
      });

      it("refuses writes after a release, until the operation has the lease again", async () => {
        const released = await take(store, "op-a");
        await store.openCycle(released, CYCLE);
        await store.releaseLease(released);
        assert.equal(await store.saveProgress(released, "cycle-1", "1"), "fenced");
        const again = await take(store, "op-a");
        assert.equal(await store.saveProgress(released, "cycle-1", "1"), "fenced");
        assert.equal(await store.saveProgress(again, "cycle-1", "2"), "saved");
      });

      it("accepts writes on an expired lease that nobody took: the fence decides, not a clock", async () => {
        const lease = await store.acquireLease({ clusterId: CLUSTER, operationId: "op-a", now: 0, expiresAt: 1 });
        assert.equal(lease.kind, "acquired");
        assert.equal(await store.saveReached(lease.lease, { body: "ours" }), "saved");
      });

      it("refuses a cycle of another cluster than the lease's", async () => {
        const here = await take(store, "op-a");
        await take(store, "op-a", 0, OTHER_CLUSTER);
        assert.deepEqual(await store.openCycle(here, { ...CYCLE, clusterId: OTHER_CLUSTER }), { kind: "fenced" });
        assert.equal(await store.readCycle(OTHER_CLUSTER), undefined);
      });
    });

    describe("cycle", () => {
      let lease: Lease;
      beforeEach(async () => {
        lease = await take(store, "op-a");
      });

      it("is absent at first", async () => {
        assert.equal(await store.readCycle(CLUSTER), undefined);
      });

      it("opens with its snapshot, readable by every handle and after a reopening", async () => {
        assert.deepEqual(await store.openCycle(lease, CYCLE), { kind: "opened", cycle: CYCLE });
        assert.deepEqual(await open().readCycle(CLUSTER), CYCLE);
        await reopen();
        assert.deepEqual(await store.readCycle(CLUSTER), CYCLE);
      });

      it("keeps the first snapshot when a sleeping cluster is hibernated again (S27, H4)", async () => {
        await store.openCycle(lease, CYCLE);
        assert.deepEqual(await store.openCycle(lease, ZEROS), { kind: "exists", cycle: CYCLE });
        assert.deepEqual(await store.readCycle(CLUSTER), CYCLE);
      });

      it("keeps the first snapshot under the same cycle id, and the progress made since", async () => {
        await store.openCycle(lease, CYCLE);
        await store.saveProgress(lease, "cycle-1", '{"done":["cordon"]}');
        const answer = await store.openCycle(lease, { ...CYCLE, snapshot: "{}" });
        assert.deepEqual(answer, { kind: "exists", cycle: { ...CYCLE, progress: '{"done":["cordon"]}' } });
      });

      it("keeps the snapshot for the next holder of the lease", async () => {
        await store.openCycle(lease, CYCLE);
        const successor = await take(store, "op-b", 60_000);
        assert.deepEqual(await store.openCycle(successor, ZEROS), { kind: "exists", cycle: CYCLE });
      });

      it("replaces the progress and nothing else", async () => {
        await store.openCycle(lease, CYCLE);
        assert.equal(await store.saveProgress(lease, "cycle-1", "first"), "saved");
        assert.equal(await store.saveProgress(lease, "cycle-1", "second"), "saved");
        assert.deepEqual(await store.readCycle(CLUSTER), { ...CYCLE, progress: "second" });
      });

      it("does not change with the object that was handed in", async () => {
        const mine = { ...CYCLE };
        await store.openCycle(lease, mine);
        mine.snapshot = "{}";
        assert.deepEqual(await store.readCycle(CLUSTER), CYCLE);
      });

      it("refuses progress for a cycle that is not the open one", async () => {
        assert.equal(await store.saveProgress(lease, "cycle-1", "x"), "fenced");
        await store.openCycle(lease, CYCLE);
        assert.equal(await store.saveProgress(lease, "cycle-0", "x"), "fenced");
        assert.deepEqual(await store.readCycle(CLUSTER), CYCLE);
      });

      it("keeps text to the letter, large and in any script", async () => {
        const snapshot = JSON.stringify({ note: "späť 寝る 🛌 \u0000 '\"", filler: "x".repeat(300_000) });
        await store.openCycle(lease, { ...CYCLE, snapshot });
        assert.equal((await store.readCycle(CLUSTER))?.snapshot, snapshot);
      });

      it("opens once for two processes of one operation that race", async () => {
        const second = open();
        const answers = await Promise.all([store.openCycle(lease, CYCLE), second.openCycle(lease, ZEROS)]);
        assert.deepEqual(answers.map(({ kind }) => kind).sort(), ["exists", "opened"]);
        const opened = answers.find(({ kind }) => kind === "opened");
        assert.deepEqual(opened, { kind: "opened", cycle: await store.readCycle(CLUSTER) });
        assert.deepEqual(
          answers.find(({ kind }) => kind === "exists"),
          { kind: "exists", cycle: await store.readCycle(CLUSTER) },
        );
      });
    });

    describe("retired cycles", () => {
      let lease: Lease;
      beforeEach(async () => {
        lease = await take(store, "op-a");
      });

      it("closes the cycle, keeps it whole, and makes room for the next", async () => {
        await store.openCycle(lease, CYCLE);
        await store.saveProgress(lease, "cycle-1", "all done");
        assert.equal(await store.retireCycle(lease, "cycle-1", 5_000), "saved");
        assert.equal(await store.readCycle(CLUSTER), undefined);
        assert.deepEqual(await store.listRetiredCycles(CLUSTER, 10), [{ ...CYCLE, progress: "all done" }]);
        const next = { ...CYCLE, cycleId: "cycle-2" };
        assert.deepEqual(await store.openCycle(lease, next), { kind: "opened", cycle: next });
      });

      it("may be retired twice: the second call changes nothing, an open successor least of all", async () => {
        await passCycle(store, lease, "cycle-1", 5_000);
        const successor = { ...CYCLE, cycleId: "cycle-2" };
        await store.openCycle(lease, successor);
        assert.equal(await store.retireCycle(lease, "cycle-1", 9_000), "saved");
        assert.deepEqual(await store.readCycle(CLUSTER), successor);
        assert.deepEqual(await retiredIds(store), ["cycle-1"]);
      });

      it("refuses a second retirement by a holder that lost the lease", async () => {
        await passCycle(store, lease, "cycle-1", 5_000);
        await take(store, "op-b", 60_000);
        assert.equal(await store.retireCycle(lease, "cycle-1", 5_000), "fenced");
      });

      it("refuses to retire what never was a cycle", async () => {
        await store.openCycle(lease, CYCLE);
        assert.equal(await store.retireCycle(lease, "cycle-7", 5_000), "fenced");
        assert.deepEqual(await store.readCycle(CLUSTER), CYCLE);
      });

      it("cannot be changed any more", async () => {
        await passCycle(store, lease, "cycle-1", 5_000);
        assert.equal(await store.saveProgress(lease, "cycle-1", "tampered"), "fenced");
        await store.openCycle(lease, { ...ZEROS, cycleId: "cycle-1" });
        await store.retireCycle(lease, "cycle-1", 6_000);
        assert.deepEqual(await store.listRetiredCycles(CLUSTER, 10), [CYCLE]);
        assert.equal(await store.readCycle(CLUSTER), undefined);
      });

      it("are listed newest first, as many as asked for", async () => {
        await passCycle(store, lease, "cycle-b", 2_000);
        await passCycle(store, lease, "cycle-c", 3_000);
        await passCycle(store, lease, "cycle-a", 1_000);
        assert.deepEqual(await retiredIds(store), ["cycle-c", "cycle-b", "cycle-a"]);
        assert.deepEqual(await retiredIds(store, 2), ["cycle-c", "cycle-b"]);
      });

      it("are listed by id, highest first, when retired in the same millisecond", async () => {
        await passCycle(store, lease, "cycle-b", 1_000);
        await passCycle(store, lease, "cycle-a", 1_000);
        await passCycle(store, lease, "cycle-c", 1_000);
        assert.deepEqual(await retiredIds(store), ["cycle-c", "cycle-b", "cycle-a"]);
      });

      it("stay, the last 20 of each cluster (W24)", async () => {
        const other = await take(store, "op-a", 0, OTHER_CLUSTER);
        await store.openCycle(other, { ...CYCLE, clusterId: OTHER_CLUSTER });
        await store.retireCycle(other, "cycle-1", 1);
        for (let day = 1; day <= 23; day++) await passCycle(store, lease, `cycle-${String(day)}`, day * 1_000);
        const ids = await retiredIds(store);
        assert.equal(ids.length, 20);
        assert.equal(ids[0], "cycle-23");
        assert.equal(ids[19], "cycle-4");
        assert.equal((await store.listRetiredCycles(OTHER_CLUSTER, 10)).length, 1);
      });

      it("are none of an unknown cluster", async () => {
        assert.deepEqual(await store.listRetiredCycles(OTHER_CLUSTER, 10), []);
      });
    });

    describe("cluster", () => {
      const registration = { clusterId: CLUSTER, declaration: '{"schedule":"office"}', registeredAt: 1_000 };

      it("is unknown until something is said of it; a lease or a cycle says nothing", async () => {
        const lease = await take(store, "op-a");
        await store.openCycle(lease, CYCLE);
        assert.equal(await store.readCluster(CLUSTER), undefined);
        assert.deepEqual(await store.listClusters(), []);
      });

      it("keeps its declaration, also when declared twice", async () => {
        await store.registerCluster(registration);
        await store.registerCluster(registration);
        await reopen();
        const record = { clusterId: CLUSTER, declaration: '{"schedule":"office"}', reached: null, hold: null };
        assert.deepEqual(await store.readCluster(CLUSTER), record);
      });

      it("keeps what runs have reached and the hold when declared anew", async () => {
        await store.registerCluster(registration);
        await store.saveReached(await take(store, "op-a"), { body: "hibernated" });
        await store.putHold(CLUSTER, "demo day");
        await store.registerCluster({ ...registration, declaration: "new", registeredAt: 2_000 });
        const record = { clusterId: CLUSTER, declaration: "new", reached: "hibernated", hold: "demo day" };
        assert.deepEqual(await store.readCluster(CLUSTER), record);
      });

      it("is recorded by a run although it was never declared", async () => {
        assert.equal(await store.saveReached(await take(store, "op-a"), { body: "running" }), "saved");
        const record = { clusterId: CLUSTER, declaration: null, reached: "running", hold: null };
        assert.deepEqual(await store.readCluster(CLUSTER), record);
      });

      it("is forgotten with its hold and what was reached; lease, cycle, audit and reports stay", async () => {
        const lease = await take(store, "op-a");
        await passCycle(store, lease, "cycle-0", 500);
        await store.openCycle(lease, CYCLE);
        await store.registerCluster(registration);
        await store.putHold(CLUSTER, "demo day");
        await store.saveReached(lease, { body: "hibernated" });
        await store.addReport({ clusterId: CLUSTER, reportId: "r1", finishedAt: 1, body: "{}" });

        await store.removeCluster(CLUSTER);
        await store.removeCluster(CLUSTER);

        assert.equal(await store.readCluster(CLUSTER), undefined);
        assert.deepEqual(await store.readCycle(CLUSTER), CYCLE);
        assert.deepEqual(await retiredIds(store), ["cycle-0"]);
        assert.equal((await store.listReports(CLUSTER)).length, 1);
        assert.equal(await store.renewLease(lease, 70_000), "renewed");
        await store.registerCluster(registration);
        assert.equal((await store.readCluster(CLUSTER))?.reached, null);
      });

      it("may be forgotten without ever having been known", async () => {
        await store.removeCluster(CLUSTER);
        assert.equal(await store.readCluster(CLUSTER), undefined);
      });

      it("is listed in id order, a page at a time, every one exactly once", async () => {
        const ids = ["c", "a", "e", "b", "d"].map((letter) => `111111111111/eu-west-1/${letter}`);
        for (const clusterId of ids) await store.registerCluster({ ...registration, clusterId });
        await take(store, "op-a", 0, "111111111111/eu-west-1/bb");

        const pages: string[][] = [];
        for (let after: string | undefined; ; after = pages.at(-1)?.at(-1)) {
          const page = await store.listClusters(after, 2);
          if (page.length === 0) break;
          pages.push(page.map(({ clusterId }) => clusterId));
        }
        assert.deepEqual(
          pages.map((page) => page.map((id) => id.slice(-1))),
          [["a", "b"], ["c", "d"], ["e"]],
        );
      });

      it("is listed after an id that is itself unknown", async () => {
        await store.registerCluster(registration);
        const after = await store.listClusters("222222222222/eu-west-1/a");
        assert.deepEqual(
          after.map(({ clusterId }) => clusterId),
          [CLUSTER],
        );
        assert.deepEqual(await store.listClusters("222222222222/eu-west-1/z"), []);
      });

      it("is listed in pages of 100 unless told", async () => {
        for (let index = 0; index < 101; index++) {
          await store.putHold(`111111111111/eu-west-1/${String(index).padStart(3, "0")}`, "x");
        }
        const page = await store.listClusters();
        assert.equal(page.length, 100);
        assert.equal(page.at(-1)?.clusterId, "111111111111/eu-west-1/099");
      });
    });

    describe("hold", () => {
      it("is set, replaced and removed, and needs no declaration and no lease", async () => {
        await store.putHold(CLUSTER, "first");
        await store.putHold(CLUSTER, "second");
        const record = { clusterId: CLUSTER, declaration: null, reached: null, hold: "second" };
        assert.deepEqual(await open().readCluster(CLUSTER), record);
        await store.removeHold(CLUSTER);
        await store.removeHold(CLUSTER);
        assert.equal(await store.readCluster(CLUSTER), undefined);
      });

      it("leaves a run's lease alone", async () => {
        const lease = await take(store, "op-a");
        await store.putHold(CLUSTER, "demo day");
        await store.removeHold(CLUSTER);
        assert.equal(await store.saveReached(lease, { body: "running" }), "saved");
      });

      it("may be removed where none was", async () => {
        await store.removeHold(OTHER_CLUSTER);
        assert.equal(await store.readCluster(OTHER_CLUSTER), undefined);
      });
    });

    describe("reports", () => {
      const report = (reportId: string, finishedAt: number, body = reportId): StoredReport => ({
        clusterId: CLUSTER,
        reportId,
        finishedAt,
        body,
      });
      const ids = (reports: readonly StoredReport[]): readonly string[] => reports.map(({ reportId }) => reportId);

      it("are kept as they are, over a reopening", async () => {
        await store.addReport(report("r1", 1_000, '{"outcome":"completed"}'));
        await reopen();
        assert.deepEqual(await store.listReports(CLUSTER), [report("r1", 1_000, '{"outcome":"completed"}')]);
      });

      it("are added once: the same id again changes nothing, whatever else it says", async () => {
        await store.addReport(report("r1", 1_000, "first"));
        await store.addReport(report("r1", 1_000, "first"));
        await store.addReport(report("r1", 9_000, "other"));
        assert.deepEqual(await store.listReports(CLUSTER), [report("r1", 1_000, "first")]);
      });

      it("are listed newest first, ties by id with the highest first", async () => {
        for (const [id, at] of [
          ["b", 2_000],
          ["z", 1_000],
          ["c", 2_000],
          ["a", 3_000],
        ] as const) {
          await store.addReport(report(id, at));
        }
        assert.deepEqual(ids(await store.listReports(CLUSTER)), ["a", "c", "b", "z"]);
      });

      it("are listed from an instant on, that instant included, as many as asked for", async () => {
        for (const at of [1_000, 2_000, 3_000, 4_000]) await store.addReport(report(`r${String(at)}`, at));
        assert.deepEqual(ids(await store.listReports(CLUSTER, { since: 2_000 })), ["r4000", "r3000", "r2000"]);
        assert.deepEqual(ids(await store.listReports(CLUSTER, { since: 2_000, limit: 1 })), ["r4000"]);
      });

      it("are listed 100 at most unless told", async () => {
        for (let at = 1; at <= 101; at++) await store.addReport(report(`r${String(at)}`, at));
        const listed = await store.listReports(CLUSTER);
        assert.equal(listed.length, 100);
        assert.equal(listed[0]?.reportId, "r101");
      });

      it("belong to their cluster: the same id may stand in two", async () => {
        await store.addReport(report("r1", 1_000));
        await store.addReport({ ...report("r1", 2_000), clusterId: OTHER_CLUSTER });
        assert.equal((await store.listReports(CLUSTER))[0]?.finishedAt, 1_000);
        assert.equal((await store.listReports(OTHER_CLUSTER))[0]?.finishedAt, 2_000);
      });
    });

    describe("handle", () => {
      it("may be closed twice, and leaves others open", async () => {
        const other = open();
        await store.close();
        await store.close();
        assert.equal(await other.readCluster(CLUSTER), undefined);
      });

      it("refuses calls once closed", async () => {
        await store.close();
        await assert.rejects(store.putHold(CLUSTER, "too late"));
        assert.equal(await open().readCluster(CLUSTER), undefined);
      });
    });
  });
}
