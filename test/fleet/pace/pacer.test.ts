import assert from "node:assert/strict";
import fc from "fast-check";
import { createMemoryStore } from "../../../runtime/adapters/memory/state-store.js";
import { createPacer } from "../../../runtime/fleet/pace/index.js";
import type { Clock, Ledger, Pacer, PaceKey } from "../../../runtime/ports/index.js";
import { fakeClock } from "../../fakes/fake-clock.js";

const WRITES: PaceKey = { account: "111111111111", region: "eu-west-1", service: "eks", kind: "write" };
const SECOND = 1000;

/** Chance that is the same in every run. */
function seeded(seed: number) {
  let state = seed + 1;
  return { next: () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647, id: () => "id" };
}

function startPacers(count: number, ledger: Ledger = createMemoryStore(), clock: Clock = fakeClock()) {
  const told: string[] = [];
  const pacers = Array.from({ length: count }, (_, index) =>
    createPacer({ ledger, clock, random: seeded(index), onBlind: (message) => told.push(message) }),
  );
  return { clock, ledger, pacers, told };
}

/** Instants, from the start, at which so many calls were admitted, all asked for at once. */
async function admitted(pacer: Pacer, clock: Clock, count: number, key = WRITES): Promise<readonly number[]> {
  const startedAt = clock.now();
  const calls = Array.from({ length: count }, async () => {
    await pacer.admit(key);
    return clock.now() - startedAt;
  });
  return Promise.all(calls);
}

const broken: Ledger = {
  read: () => Promise.reject(new Error("the table is gone")),
  write: () => Promise.reject(new Error("the table is gone")),
  list: () => Promise.reject(new Error("the table is gone")),
};

describe("a pacer", () => {
  it("lets a small account's calls through at once", async () => {
    const { pacers, clock } = startPacers(1);
    assert.deepEqual(await admitted(pacers[0]!, clock, 5), [0, 0, 0, 0, 0]);
  });

  it("spreads 60 writes over the account's rate", async () => {
    const { pacers, clock } = startPacers(1);
    const last = Math.max(...(await admitted(pacers[0]!, clock, 60)));
    // 55 beyond the burst, at 5/s.
    assert.equal(last, 11 * SECOND);
  });

  it("keeps accounts, Regions and kinds of calls apart, but not reads and writes of Auto Scaling", async () => {
    const { pacers, clock } = startPacers(1);
    const [pacer] = pacers;
    await admitted(pacer!, clock, 5);
    for (const other of [{ account: "2" }, { region: "us-east-1" }, { kind: "read" }] as const)
      assert.deepEqual(await admitted(pacer!, clock, 1, { ...WRITES, ...other }), [0]);
    const scaling = { ...WRITES, service: "autoscaling" } as const;
    assert.deepEqual(
      await admitted(pacer!, clock, 10, scaling),
      Array.from({ length: 10 }, () => 0),
    );
    assert.notDeepEqual(await admitted(pacer!, clock, 1, { ...scaling, kind: "read" }), [0]);
  });

  it("with any number of processes exceeds neither rate nor burst, and lets everybody through", async () => {
    const work = fc.array(
      fc.record({ process: fc.nat(5), afterMs: fc.nat(8_000), calls: fc.integer({ min: 1, max: 12 }) }),
      { minLength: 5, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(work, async (all) => {
        const { pacers, clock } = startPacers(6);
        const startedAt = clock.now();
        const batches = all.map(async ({ process, afterMs, calls }) => {
          await clock.sleep(afterMs);
          const since = clock.now() - startedAt;
          return (await admitted(pacers[process]!, clock, calls)).map((ms) => ms + since);
        });
        const at = (await Promise.all(batches)).flat().sort((a, b) => a - b);
        const asked = all.reduce((sum, { calls }) => sum + calls, 0);
        assert.equal(at.length, asked);
        // Nobody waits for longer than all the work takes: the first turn asked for is the first one given.
        assert.ok(at.at(-1)! <= 8_000 + ((asked + 6) / 5) * SECOND);
        at.forEach((from, first) => {
          at.slice(first).forEach((to, more) => {
            // Burst 5, a quarter of it in hand for 2 s, and the one that came last.
            assert.ok(more + 1 <= 7 + (5 * (to - from)) / SECOND, `${more + 1} within ${to - from} ms`);
          });
        });
      }),
      { numRuns: 30 },
    );
  });

  it("starves nobody: who asks for one call among hundreds has it within the others' first blocks", async () => {
    const { pacers, clock } = startPacers(4);
    const greedy = pacers.slice(0, 3).map((pacer) => admitted(pacer, clock, 100));
    await clock.sleep(500);
    const [late] = await admitted(pacers[3]!, clock, 1);
    assert.ok(late! < 10 * SECOND, `${late} ms`);
    await Promise.all(greedy);
  });

  it("halves the pace of all processes when one of them is throttled", async () => {
    const { pacers, clock } = startPacers(2);
    await admitted(pacers[0]!, clock, 5);
    pacers[0]!.throttled(WRITES);
    pacers[0]!.throttled(WRITES);
    await clock.sleep(1);
    const last = Math.max(...(await admitted(pacers[1]!, clock, 10)));
    // Ten at 2.5/s; a millisecond of it has passed already.
    assert.equal(last, 3_999);
  });

  it("does not use turns that were promised before everybody was told to slow down", async () => {
    const { pacers, clock } = startPacers(8);
    const waves = pacers.slice(0, 7).map((pacer) => admitted(pacer, clock, 10));
    await clock.sleep(3 * SECOND);
    pacers[7]!.throttled(WRITES);
    const at = (await Promise.all(waves)).flat();
    const within = at.filter((ms) => ms > 6 * SECOND && ms <= 16 * SECOND).length;
    assert.ok(within <= 32, `${within} calls in 10 s`);
  });

  it("stops waiting when the run is cancelled", async () => {
    const { pacers, clock } = startPacers(1);
    await admitted(pacers[0]!, clock, 20);
    const stop = new AbortController();
    const waiting = pacers[0]!.admit(WRITES, stop.signal);
    stop.abort(new Error("cancelled"));
    await assert.rejects(waiting, /cancelled/);
  });

  it("goes on slowly without its ledger, and says so once", async () => {
    const { pacers, clock, told } = startPacers(1, broken);
    assert.deepEqual(await admitted(pacers[0]!, clock, 3), [0, 2 * SECOND, 4 * SECOND]);
    await clock.sleep(60 * SECOND);
    await admitted(pacers[0]!, clock, 1);
    assert.equal(told.length, 1);
    assert.match(told[0]!, /table is gone/);
  });

  it("comes back to the common pace when the ledger does", async () => {
    const memory = createMemoryStore();
    let ledger: Ledger = broken;
    const { pacers, clock } = startPacers(1, {
      read: (key) => ledger.read(key),
      write: (key, body, revision) => ledger.write(key, body, revision),
      list: (prefix) => ledger.list(prefix),
    });
    await admitted(pacers[0]!, clock, 1);
    ledger = memory;
    await clock.sleep(31 * SECOND);
    assert.deepEqual(await admitted(pacers[0]!, clock, 5), [0, 0, 0, 0, 0]);
  });

  it("takes a page that it cannot read for a new one", async () => {
    const ledger = createMemoryStore();
    await ledger.write("pace/111111111111/eu-west-1/eks/write", "{", null);
    const { pacers, clock } = startPacers(1, ledger);
    assert.deepEqual(await admitted(pacers[0]!, clock, 1), [0]);
  });
});
