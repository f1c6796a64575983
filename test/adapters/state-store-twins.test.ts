import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";

import { createMemoryStore } from "../../runtime/adapters/memory/state-store.js";
import { openSqliteStore } from "../../runtime/adapters/sqlite/state-store.js";
import type { Lease, StateStore } from "../../runtime/ports/state-store.js";

/** One call on a store, and how it reads in a counterexample. */
interface Step {
  readonly text: string;
  readonly perform: (store: StateStore, clusterId: string) => Promise<unknown>;
}

type Perform<T> = (store: StateStore, clusterId: string, values: T) => Promise<unknown>;

function step<T>(name: string, values: fc.Arbitrary<T>, perform: Perform<T>): fc.Arbitrary<Step> {
  return values.map((drawn) => ({
    text: `${name} ${JSON.stringify(drawn)}`,
    perform: (store, clusterId) => perform(store, clusterId, drawn),
  }));
}

const operationId = fc.constantFrom("op-a", "op-b");
const fence = fc.integer({ min: 1, max: 4 });
const cycleId = fc.constantFrom("c1", "c2", "c3");
const instant = fc.integer({ min: 0, max: 9 });
const text = fc.constantFrom("x", "y", "z");
const lease = fc.record({ operationId, fence });
const onCluster = (clusterId: string, held: Omit<Lease, "clusterId">): Lease => ({ clusterId, ...held });

const anyStep = fc.oneof(
  step("acquire", fc.record({ operationId, now: instant, expiresAt: instant }), (store, clusterId, request) =>
    store.acquireLease({ clusterId, ...request }),
  ),
  step("renew", fc.tuple(lease, instant), (store, id, [held, at]) => store.renewLease(onCluster(id, held), at)),
  step("release", lease, (store, id, held) => store.releaseLease(onCluster(id, held))),
  step("open", fc.tuple(lease, cycleId, text), (store, clusterId, [held, cycle, snapshot]) =>
    store.openCycle(onCluster(clusterId, held), { clusterId, cycleId: cycle, openedAt: 1, snapshot, progress: "" }),
  ),
  step("progress", fc.tuple(lease, cycleId, text), (store, id, [held, cycle, progress]) =>
    store.saveProgress(onCluster(id, held), cycle, progress),
  ),
  step("retire", fc.tuple(lease, cycleId, instant), (store, id, [held, cycle, at]) =>
    store.retireCycle(onCluster(id, held), cycle, at),
  ),
  step("register", text, (store, clusterId, declaration) =>
    store.registerCluster({ clusterId, declaration, registeredAt: 1 }),
  ),
  step("remove", fc.constant(""), (store, id) => store.removeCluster(id)),
  step("reached", fc.tuple(lease, text), (store, id, [held, body]) => store.saveReached(onCluster(id, held), { body })),
  step("hold", text, (store, id, hold) => store.putHold(id, hold)),
  step("unhold", fc.constant(""), (store, id) => store.removeHold(id)),
  step("report", fc.tuple(text, instant), (store, clusterId, [reportId, finishedAt]) =>
    store.addReport({ clusterId, reportId, finishedAt, body: reportId }),
  ),
);

/** Everything the port lets one see of a cluster. */
function observe(store: StateStore, clusterId: string): Promise<readonly unknown[]> {
  return Promise.all([
    store.readCluster(clusterId),
    store.readCycle(clusterId),
    store.listRetiredCycles(clusterId, 10),
    store.listReports(clusterId, { since: 3 }),
  ]);
}

describe("state store twins", () => {
  let folder: string;
  let sqlite: StateStore;
  let memory: StateStore;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "curfew-twins-"));
    sqlite = openSqliteStore(join(folder, "state.db"));
    memory = createMemoryStore();
  });

  after(async () => {
    await Promise.all([sqlite.close(), memory.close()]);
    rmSync(folder, { recursive: true });
  });

  it("give the same answers to any sequence of calls", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 40 }), async (steps) => {
        const clusterId = `222222222222/eu-west-1/run-${String(run++)}`;
        // Most random leases are void: let every sequence begin with one that is good.
        const first = { clusterId, operationId: "op-a", now: 0, expiresAt: 5 };
        await Promise.all([sqlite.acquireLease(first), memory.acquireLease(first)]);
        for (const { text: name, perform } of steps) {
          assert.deepEqual(await perform(sqlite, clusterId), await perform(memory, clusterId), name);
          assert.deepEqual(await observe(sqlite, clusterId), await observe(memory, clusterId), `after ${name}`);
        }
      }),
      { numRuns: 60 },
    );
  });
});
