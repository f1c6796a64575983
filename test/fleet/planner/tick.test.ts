import assert from "node:assert/strict";

import { tick } from "../../../runtime/fleet/planner/index.js";
import { at, entry, MINUTE } from "./entry.js";
import { fleetTable, herd } from "./fleet-table.js";

const DUSK = { wanted: "running", transitionAt: at("19:00"), dueAt: at("19:00") } as const;

describe("a tick", () => {
  it("does nothing when nothing is due", async () => {
    const table = fleetTable();
    await table.add(...herd(20));
    const before = await table.fleet.listEntries();
    const report = await table.tick(at("06:29"));
    assert.deepEqual(
      { ...report, failures: report.failures.length },
      { due: 0, claimed: 0, lost: 0, sent: 0, unsent: 0, left: 0, prepared: 0, missed: 0, waves: [], failures: 0 },
    );
    assert.deepEqual(await table.fleet.listEntries(), before);
    assert.deepEqual(table.sent, []);
  });

  it("hands out what is due, spread over what the account allows, under an operation of its own each", async () => {
    const table = fleetTable();
    await table.add(...herd(100, DUSK), entry({ ...DUSK, clusterId: "222222222222/eu-west-1/small" }));
    const report = await table.tick(at("19:00"));
    assert.equal(report.sent, 101);
    const delays = table.sent.map(({ delaySeconds }) => delaySeconds).sort((one, other) => one - other);
    assert.equal(delays.at(-1), 79);
    const small = table.sent.find(({ item }) => item.clusterId.startsWith("2"));
    assert.equal(small?.delaySeconds, 0);
    assert.equal(new Set(table.sent.map(({ item }) => item.operationId)).size, 101);
    assert.deepEqual(
      report.waves.map(({ account, claimed, spreadMs }) => ({ account, claimed, spreadMs })).sort(byAccount),
      [
        { account: "111111111111", claimed: 100, spreadMs: 79_200 },
        { account: "222222222222", claimed: 1, spreadMs: 0 },
      ],
    );
  });

  it("sends nothing twice when it comes twice, one after the other or at once", async () => {
    const table = fleetTable();
    await table.add(...herd(50, DUSK));
    const together = await Promise.all([table.tick(at("19:00")), table.tick(at("19:00"))]);
    const later = await table.tick(at("19:00"));
    assert.equal(table.sent.length, 50);
    assert.equal(together[0].claimed + together[1].claimed, 50);
    assert.equal(together[0].lost + together[1].lost, 50);
    assert.equal(later.due, 0);
  });

  it("weighs a morning: 100 clusters of 20 nodes begin 710 s before the window, and none at half past six", async () => {
    const table = fleetTable();
    await table.add(...herd(100));
    const weighed = await table.tick(at("06:30"));
    assert.deepEqual([weighed.prepared, weighed.sent, weighed.waves[0]?.leadMs], [100, 0, 710_000]);
    assert.equal((await table.tick(at("06:48"))).due, 0);
    assert.equal((await table.tick(at("06:49"))).sent, 100);
  });

  it("looks after its own shards, so that all planners together see each cluster once", async () => {
    const table = fleetTable(7);
    const clusters = Array.from({ length: 60 }, (_, index) =>
      entry({ ...DUSK, clusterId: `${String(100_000_000_000 + index)}/eu-west-1/c` }),
    );
    await table.add(...clusters);
    const parts = [0, 1, 2].map((partition) => tick({ partition, partitions: 3, now: at("19:00") }, table.ports));
    const reports = await Promise.all(parts);
    assert.ok(reports.every(({ sent }) => sent > 0));
    assert.deepEqual(
      table.sent.map(({ item }) => item.clusterId).sort(),
      clusters.map(({ clusterId }) => clusterId).sort(),
    );
  });

  it("sees more than one page of a shard as one wave", async () => {
    const table = fleetTable(1);
    await table.add(...herd(1500, { ...DUSK, groups: 1 }));
    const report = await table.tick(at("19:00"));
    assert.deepEqual([report.waves.length, report.sent, report.waves[0]?.spreadMs], [1, 1500, 299_800]);
  });

  it("leaves what the queue does not take to the next tick", async () => {
    const table = fleetTable();
    await table.add(...herd(3, DUSK));
    const report = await table.tick(at("19:00"), {
      queue: { send: (parcels) => Promise.resolve(parcels.slice(1)) },
    });
    assert.deepEqual([report.claimed, report.sent, report.unsent], [3, 1, 2]);
    assert.equal((await table.tick(at("19:02"))).sent, 3);
  });

  it("stops claiming when the queue is down", async () => {
    const table = fleetTable();
    await table.add(...herd(100, DUSK));
    const report = await table.tick(at("19:00"), { queue: { send: () => Promise.reject(new Error("no queue")) } });
    assert.ok(report.unsent > 0 && report.unsent <= 50, `${report.unsent} claimed in vain`);
    assert.equal(report.unsent + report.left, 100);
    assert.equal((await table.tick(at("19:00"))).sent, report.left);
  });

  it("lets no shard suffer from another that fails", async () => {
    const table = fleetTable(4);
    const clusters = Array.from({ length: 40 }, (_, index) =>
      entry({ ...DUSK, clusterId: `${String(100_000_000_000 + index)}/eu-west-1/c` }),
    );
    await table.add(...clusters);
    const { fleet } = table;
    const report = await table.tick(at("19:00"), {
      fleet: {
        ...fleet,
        listDue: (shard, until, limit) =>
          shard === 2 ? Promise.reject(new Error("throttled")) : fleet.listDue(shard, until, limit),
      },
    });
    assert.deepEqual(
      report.failures.map(({ shard, failure }) => `${shard} ${failure.message}`),
      ["2 throttled"],
    );
    assert.ok(report.sent > 0 && report.sent < 40);
    assert.equal((await table.tick(at("19:00"))).sent, 40 - report.sent);
  });

  it("tells once of a cluster that has missed its target, also when no worker lives", async () => {
    const table = fleetTable();
    await table.add(entry(DUSK));
    for (let now = at("19:00"); now <= at("20:30"); now += MINUTE) await table.tick(now);
    assert.deepEqual(
      table.announcer.announcements().map(({ kind, at: toldAt }) => [kind, toldAt]),
      [["missed-target", at("19:30")]],
    );
  });

  it("tells of it although a claim beside it fails, and the queue does not answer", async () => {
    const table = fleetTable(1);
    const late = herd(30, { ...DUSK, dueAt: at("19:30"), transitionAt: null, unconvergedSince: at("19:00") });
    await table.add(...late);
    const { fleet } = table;
    const [broken, ...others] = late.map(({ clusterId }) => clusterId);
    let toldAtSend: number | undefined;
    await table.tick(at("19:30"), {
      fleet: {
        ...fleet,
        claim: (entry, change) =>
          entry.clusterId === broken ? Promise.reject(new Error("throttled")) : fleet.claim(entry, change),
      },
      queue: {
        send: () => {
          toldAtSend ??= table.announcer.announcements().length;
          return Promise.reject(new Error("no queue"));
        },
      },
    });
    assert.ok(toldAtSend !== undefined && toldAtSend > 0);
    const told = table.announcer.announcements().map(({ clusterId }) => clusterId);
    assert.deepEqual(told.toSorted(), others.toSorted());
    await table.tick(at("19:30"));
    assert.deepEqual(
      table.announcer
        .announcements()
        .map(({ clusterId }) => clusterId)
        .toSorted(),
      [...others, broken].toSorted(),
    );
  });

  it("sends what it has claimed although a claim beside it fails", async () => {
    const table = fleetTable(1);
    const neighbour = entry({ ...DUSK, clusterId: "999999999999/eu-west-1/neighbour" });
    await table.add(...herd(10, DUSK), neighbour);
    const { fleet } = table;
    const report = await table.tick(at("19:00"), {
      fleet: {
        ...fleet,
        claim: (entry, change) =>
          entry.clusterId.endsWith("c003") ? Promise.reject(new Error("throttled")) : fleet.claim(entry, change),
      },
    });
    assert.equal(report.failures[0]?.failure.message, "throttled");
    assert.equal(table.sent.length, 10);
    assert.ok(table.sent.some(({ item }) => item.clusterId === neighbour.clusterId));
    assert.equal((await table.tick(at("19:00"))).sent, 1);
  });

  it("begins a span for each message, which the message carries on", async () => {
    const table = fleetTable();
    await table.add(...herd(2, DUSK));
    await table.tick(at("19:00"));
    const spans = table.telemetry.spans();
    const root = spans.find(({ name }) => name === "curfew.tick");
    for (const { item } of table.sent) {
      const claim = spans.find(({ traceparent }) => traceparent === item.traceparent);
      assert.equal(claim?.parent, root?.traceparent);
      assert.equal(claim?.attributes["curfew.cluster"], item.clusterId);
    }
  });
});

function byAccount(one: { account: string }, other: { account: string }): number {
  return one.account.localeCompare(other.account);
}
