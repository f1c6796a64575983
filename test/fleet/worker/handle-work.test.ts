import assert from "node:assert/strict";

import { activeHold, serialiseHold } from "../../../runtime/fleet/index.js";
import { Failure } from "../../../runtime/ports/index.js";
import { executeRun } from "../../../runtime/run/index.js";
import { at, MINUTE } from "../planner/entry.js";
import { hubFixture, PAY } from "./hub-fixture.js";

const ASLEEP = [
  [0, 0, 6],
  [0, 0, 4],
];
const AWAKE = [
  [1, 3, 6],
  [0, 2, 4],
];

describe("a work item", () => {
  it("puts the cluster to sleep in the evening and leaves what the planner needs for the morning", async () => {
    const hub = await hubFixture("19:00");
    const end = await hub.work();
    assert.equal(end.kind, "settle");
    assert.deepEqual((await hub.sizes()).toSorted(), ASLEEP.toSorted());
    const { wanted, transitionAt, unconvergedSince, attempts, groups, nodes, dueAt } = await hub.entry();
    assert.deepEqual(
      { wanted, transitionAt, unconvergedSince, attempts, groups, nodes },
      {
        wanted: "hibernated",
        transitionAt: Date.parse("2026-01-06T07:00Z"),
        unconvergedSince: null,
        attempts: 0,
        groups: 2,
        nodes: 5,
      },
    );
    assert.ok(dueAt > hub.now() && dueAt <= hub.now() + 60 * MINUTE);
  });

  it("does what is wanted when it arrives, and not when it was sent", async () => {
    const hub = await hubFixture("12:00");
    await hub.work({ claimedAt: at("05:00") });
    assert.deepEqual((await hub.sizes()).toSorted(), AWAKE.toSorted());
    assert.equal((await hub.entry()).wanted, "running");
  });

  it("that comes again after its work was done makes no call at all", async () => {
    const hub = await hubFixture("19:00");
    const claimedAt = hub.now();
    await hub.work({ claimedAt });
    const settled = await hub.entry();
    const calls = hub.world.mutations().length;
    const end = await hub.work(
      { claimedAt, operationId: "twin" },
      { ports: { execute: () => assert.fail("a second run") } },
    );
    assert.equal(end.kind, "already");
    assert.equal(hub.world.mutations().length, calls);
    assert.deepEqual({ ...(await hub.entry()), revision: 0 }, { ...settled, revision: 0 });
  });

  it("that comes twice at once is worked on once", async () => {
    const hub = await hubFixture("19:00");
    const ends = await Promise.all([hub.work({ operationId: "one" }), hub.work({ operationId: "two" })]);
    assert.deepEqual(ends.map(({ kind }) => kind).sort(), ["leave", "settle"]);
    assert.equal((await hub.entry()).unconvergedSince, null);
    await hub.drive(hub.now() + 10 * MINUTE);
    assert.deepEqual((await hub.sizes()).toSorted(), ASLEEP.toSorted());
  });

  it("of a cluster that is not registered any more does nothing", async () => {
    const hub = await hubFixture("19:00");
    await hub.store.removeCluster(PAY);
    assert.deepEqual(await hub.work(), { kind: "gone" });
  });

  it("of an excluded cluster does nothing, and asks again at the next recheck", async () => {
    const hub = await hubFixture("19:00");
    await hub.store.registerCluster({
      clusterId: PAY,
      declaration: JSON.stringify({ version: 1, id: PAY, exclusion: { cluster: "*", reason: "runs the pager" } }),
      registeredAt: 0,
    });
    const end = await hub.work();
    assert.deepEqual(end, { kind: "untouched", code: "cluster-excluded", why: "runs the pager" });
    const { dueAt, lastCode } = await hub.entry();
    assert.ok(dueAt > hub.now() && lastCode === "cluster-excluded");
    assert.deepEqual(hub.world.mutations(), []);
  });

  it("of a declaration that cannot be read changes nothing and says so in the table", async () => {
    const hub = await hubFixture("19:00");
    await hub.store.registerCluster({ clusterId: PAY, declaration: "{", registeredAt: 0 });
    assert.equal((await hub.work()).kind, "untouched");
    assert.equal((await hub.entry()).lastCode, "config-invalid");
    assert.deepEqual(hub.world.mutations(), []);
  });

  it("can be followed: the first hop in its tick's trace, the next ones linked to it", async () => {
    const hub = await hubFixture("19:00");
    const tick = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    await hub.work({ traceparent: tick }, { remainingMs: 25_000 });
    const [received] = await nextHop(hub);
    const first = hub.telemetry.spans().find(({ name }) => name === "curfew.work");
    assert.equal(first?.parent, tick);
    assert.equal(received?.traceparent, first.traceparent);
    await hub.work(received);
    const second = hub.telemetry.spans().filter(({ name }) => name === "curfew.work")[1];
    assert.deepEqual([second?.parent, second?.links], [null, [first.traceparent]]);
  });
});

describe("an operation of many hops", () => {
  it("goes on under its own name until it is done, with work enough left in no hop to end it", async () => {
    const hub = await hubFixture("19:00");
    hub.cluster.addDeployment({ name: "web", replicas: 4, graceSeconds: 30 });
    let end = await hub.work({}, { remainingMs: 30_000 });
    let hops = 0;
    for (; end.kind === "again" && hops < 50; hops += 1) {
      const [item] = await nextHop(hub);
      assert.deepEqual([item?.operationId, item?.hop], ["op", hops + 1]);
      end = await hub.work(item, { remainingMs: 30_000 });
    }
    assert.ok(end.kind === "settle" && hops > 1, `${end.kind} after ${hops} hops`);
    assert.deepEqual((await hub.sizes()).toSorted(), ASLEEP.toSorted());
  });

  it("that is lost is taken up by the next tick but one", async () => {
    const hub = await hubFixture("19:00");
    const end = await hub.work({}, { remainingMs: 25_000 });
    assert.equal(end.kind, "again");
    const lostAt = hub.now();
    await nextHop(hub);
    assert.ok((await hub.entry()).dueAt <= lostAt + 2 * MINUTE);
  });
});

describe("a change while a worker is at work", () => {
  it("of the hold is picked up by the next tick, whatever the run leaves", async () => {
    const hub = await hubFixture("19:00");
    const hold = { state: "running", until: at("23:00"), reason: "release", owner: "kim" } as const;
    const end = await hub.work(
      {},
      {
        ports: {
          execute: async (...run) => {
            const report = await executeRun(...run);
            await hub.store.putHold(PAY, serialiseHold(hold));
            return report;
          },
        },
      },
    );
    assert.equal(end.kind, "superseded");
    assert.ok((await hub.entry()).dueAt <= hub.now());
    assert.ok(activeHold((await hub.store.readCluster(PAY))?.hold, hub.now()));
    await hub.drive(hub.now() + 15 * MINUTE);
    assert.deepEqual((await hub.sizes()).toSorted(), AWAKE.toSorted());
  });

  it("of the calendar sends the same operation on at once", async () => {
    const hub = await hubFixture("18:59");
    const end = await hub.work(
      {},
      {
        ports: {
          execute: async (...run) => {
            const report = await executeRun(...run);
            await hub.ports.clock.sleep(2 * MINUTE);
            return report;
          },
        },
      },
    );
    assert.equal(end.kind, "again");
    assert.equal(hub.queue.nextVisibleAt(), hub.now());
  });
});

describe("an account in trouble", () => {
  const refused = new Failure({ code: "role-refused", message: "The role is gone.", remedy: "Make it again." });

  it("is left alone when its circuit is open: its cluster is due at the probe, and a wake is not put off in silence", async () => {
    const hub = await hubFixture("08:00");
    const until = at("08:20");
    const breaker = { ...hub.ports.breaker, check: () => Promise.resolve({ kind: "open", until } as const) };
    const end = await hub.work({}, { ports: { breaker, execute: () => assert.fail("a run") } });
    assert.deepEqual(end, { kind: "put-off", until });
    assert.equal((await hub.entry()).dueAt, until);
    assert.deepEqual(
      hub.announcer.announcements().map(({ kind, clusterId }) => [kind, clusterId]),
      [["warning", PAY]],
    );
  });

  it("has people told once that its wakes are put off, and not at each of them", async () => {
    const hub = await hubFixture("08:00");
    for (let refusal = 0; refusal < 5; refusal += 1) await hub.ports.breaker.note("222222222222", "auth");
    const ends = [await hub.work(), await hub.work(), await hub.work()];
    assert.deepEqual(
      ends.map(({ kind }) => kind),
      ["put-off", "put-off", "put-off"],
    );
    assert.deepEqual(
      hub.announcer.announcements().map(({ kind, clusterId }) => [kind, clusterId]),
      [["warning", PAY]],
    );
  });

  it("is announced when its circuit opens and closes; a cluster's failures at the first and the last attempt", async () => {
    const hub = await hubFixture("19:00");
    const connector = { ...hub.ports.connector, capacity: () => Promise.reject(refused) };
    for (let attempt = 0; attempt < 5; attempt += 1) await hub.work({}, { ports: { connector } });
    const kinds = () => hub.announcer.announcements().map(({ kind }) => kind);
    assert.deepEqual(kinds(), ["failure", "circuit-open", "failure"]);
    const { attempts, lastCode, unconvergedSince } = await hub.entry();
    assert.deepEqual([attempts, lastCode, unconvergedSince], [5, "role-refused", at("19:00")]);
    await hub.drive(at("19:40"));
    assert.deepEqual((await hub.sizes()).toSorted(), ASLEEP.toSorted());
    assert.ok(kinds().includes("circuit-closed"));
  });
});

/** Waits for the next message and takes it off the queue. */
async function nextHop({ queue, ports, now }: Awaited<ReturnType<typeof hubFixture>>) {
  await ports.clock.sleep(Math.max(0, (queue.nextVisibleAt() ?? now()) - now()));
  const received = queue.receive(1);
  for (const { remove } of received) remove();
  return received.map(({ item }) => item);
}
