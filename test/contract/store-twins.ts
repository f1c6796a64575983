import assert from "node:assert/strict";

import fc from "fast-check";

import type { FleetEntry, FleetStore, StateStore } from "../../runtime/ports/index.js";
import type { Lease } from "../../runtime/ports/state-store.js";

/** One call on a store, and how it reads in a counterexample. */
interface Step<Store> {
  readonly text: string;
  readonly perform: (store: Store, clusterId: string) => Promise<unknown>;
}

type Perform<Store, T> = (store: Store, clusterId: string, values: T) => Promise<unknown>;

function step<T, Store = StateStore>(
  name: string,
  values: fc.Arbitrary<T>,
  perform: Perform<Store, T>,
): fc.Arbitrary<Step<Store>> {
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

/** Every call that changes something, with few values, so that they meet. */
const anyStateStep = fc.oneof(
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

/** What a worker may leave behind. */
const SETTLEMENT = {
  dueAt: instant,
  wanted: fc.constantFrom("running", "hibernated"),
  transitionAt: fc.option(instant),
  leadMs: instant,
  unconvergedSince: fc.option(instant),
  attempts: fc.nat(3),
  lastCode: fc.constantFrom("throttled", "drain-blocked", null),
} as const;

/** Everything the port lets one see of a cluster. */
function observeState(store: StateStore, clusterId: string): Promise<readonly unknown[]> {
  return Promise.all([
    store.readCluster(clusterId),
    store.readCycle(clusterId),
    store.listRetiredCycles(clusterId, 10),
    store.listReports(clusterId, { since: 3 }),
  ]);
}

/** The same for stores that serve the fleet as well. */
const anyFleetStep: fc.Arbitrary<Step<StateStore & FleetStore>> = fc.oneof(
  { weight: 2, arbitrary: anyStateStep },
  step("claim", fc.tuple(instant, fc.option(instant)), async (store: FleetStore, clusterId, [dueAt, since]) => {
    const entry = await store.readEntry(clusterId);
    return entry && store.claim(entry, { dueAt, unconvergedSince: since });
  }),
  step("claim late", instant, async (store: FleetStore, clusterId, dueAt) => {
    const entry = await store.readEntry(clusterId);
    return entry && store.claim({ ...entry, revision: entry.revision - 1 }, { dueAt });
  }),
  step("settle", fc.record(SETTLEMENT), async (store: FleetStore, clusterId, settlement) => {
    const entry = await store.readEntry(clusterId);
    return entry && store.settle(clusterId, entry.generation, settlement);
  }),
  step("makeDue", instant, (store: FleetStore, clusterId, at) => store.makeDue(clusterId, at)),
);

/** The same without the generation, whose text is each store's own. */
async function observeFleet(store: StateStore & FleetStore, clusterId: string): Promise<readonly unknown[]> {
  const entry = await store.readEntry(clusterId);
  const isHere = (each: FleetEntry): boolean => each.clusterId === clusterId;
  const late = (await store.listUnconverged(undefined, 1_000)).filter(isHere).length;
  return [...(await observeState(store, clusterId)), entry && { ...entry, generation: "" }, late];
}

/** Both stores answer and show the same, call for call, in any sequence of calls on one cluster. */
export function describeStateTwins(name: string, twins: () => readonly [StateStore, StateStore], runs: number): void {
  describeTwins(`state store twins: ${name}`, { step: anyStateStep, observe: observeState, twins, runs });
}

/** The same for stores that serve the fleet as well. */
export function describeFleetTwins(
  name: string,
  twins: () => readonly [StateStore & FleetStore, StateStore & FleetStore],
  runs: number,
): void {
  describeTwins(`fleet store twins: ${name}`, { step: anyFleetStep, observe: observeFleet, twins, runs });
}

interface Twins<Store> {
  readonly step: fc.Arbitrary<Step<Store>>;
  readonly observe: (store: Store, clusterId: string) => Promise<readonly unknown[]>;
  readonly twins: () => readonly [Store, Store];
  readonly runs: number;
}

function describeTwins<Store extends StateStore>(name: string, { step, observe, twins, runs }: Twins<Store>): void {
  describe(name, () => {
    it("give the same answers to any sequence of calls", async () => {
      const [one, other] = twins();
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
          const clusterId = `222222222222/eu-west-1/run-${String(run++)}`;
          // Most random leases are void: let every sequence begin with one that is good.
          const first = { clusterId, operationId: "op-a", now: 0, expiresAt: 5 };
          await Promise.all([one.acquireLease(first), other.acquireLease(first)]);
          for (const { text: said, perform } of steps) {
            assert.deepEqual(await perform(one, clusterId), await perform(other, clusterId), said);
            assert.deepEqual(await observe(one, clusterId), await observe(other, clusterId), `after ${said}`);
          }
        }),
        { numRuns: runs },
      );
    });
  });
}
