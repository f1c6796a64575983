import assert from "node:assert/strict";

import type { FleetDocument } from "../../runtime/cli/fleet/overview-document.js";
import { createBreaker } from "../../runtime/fleet/breaker/index.js";
import type { Settlement } from "../../runtime/ports/index.js";
import { cliFixture, HUB_STATE, NOW, type CliFixture, type Surroundings } from "./fixture.js";

const MINUTE = 60_000;
const CALM: Settlement = {
  dueAt: NOW + 30 * MINUTE,
  wanted: "hibernated",
  transitionAt: NOW + 600 * MINUTE,
  leadMs: 0,
  unconvergedSince: null,
  attempts: 0,
  lastCode: null,
};

const FLEET: readonly (readonly [clusterId: string, changes: Partial<Settlement>])[] = [
  ["111111111111/eu-west-1/pay", {}],
  ["111111111111/eu-west-1/search", { unconvergedSince: NOW - 5 * MINUTE, dueAt: NOW }],
  ["222222222222/us-east-1/shop", { unconvergedSince: NOW - 60 * MINUTE }],
  [
    "222222222222/us-east-1/site",
    { unconvergedSince: NOW - 10 * MINUTE, attempts: 2, lastCode: "role-refused", wanted: "running" },
  ],
];

/** A hub that knows of {@link FLEET}. */
async function hubFixture(surroundings: Surroundings = {}): Promise<CliFixture> {
  const fixture = cliFixture({ ...surroundings, environment: { CURFEW_STATE: HUB_STATE, CURFEW_STACK: "dev" } });
  const { store } = fixture;
  for (const [clusterId, changes] of FLEET) {
    await store.registerCluster({ clusterId, declaration: "{}", registeredAt: NOW });
    const { generation = "" } = (await store.readEntry(clusterId)) ?? {};
    assert.equal(await store.settle(clusterId, generation, { ...CALM, ...changes }), "settled");
  }
  return fixture;
}

async function documentOf({ curfew }: CliFixture, ...argv: readonly string[]): Promise<FleetDocument> {
  const told = await curfew("fleet", "--json", ...argv);
  assert.equal(told.code, 0, told.out);
  return told.json() as FleetDocument;
}

describe("curfew fleet", () => {
  it("tells how the clusters stand, by account, and asks nothing of them", async () => {
    const fixture = await hubFixture();
    fixture.cluster("pay").faults.begin("credentials-missing");
    assert.deepEqual(await documentOf(fixture), {
      at: "2026-01-05T19:00:00Z",
      totals: { clusters: 4, inState: 1, converging: 1, late: 1, failed: 1 },
      accounts: [
        ...[
          { account: "111111111111", region: "eu-west-1", clusters: 2, inState: 1, converging: 1, late: 0, failed: 0 },
        ],
        ...[
          { account: "222222222222", region: "us-east-1", clusters: 2, inState: 0, converging: 0, late: 1, failed: 1 },
        ],
      ],
      clusters: [
        {
          ...{ cluster: "site", account: "222222222222", region: "us-east-1", standing: "failed", wanted: "running" },
          ...{ since: "2026-01-05T18:50:00Z", attempts: 2, lastCode: "role-refused", dueAt: "2026-01-05T19:30:00Z" },
        },
        {
          ...{ cluster: "shop", account: "222222222222", region: "us-east-1", standing: "late", wanted: "hibernated" },
          ...{ since: "2026-01-05T18:00:00Z", attempts: 0, lastCode: null, dueAt: "2026-01-05T19:30:00Z" },
        },
        {
          ...{ cluster: "search", account: "111111111111", region: "eu-west-1", standing: "converging" },
          ...{ wanted: "hibernated", since: "2026-01-05T18:55:00Z", attempts: 0, lastCode: null, dueAt: null },
        },
      ],
      omitted: 0,
      openCircuits: [],
      slowedDown: [],
    });
    assert.equal(fixture.changes(), 0);
  });

  it("prints it as tables for people", async () => {
    const { out } = await (await hubFixture()).curfew("fleet");
    assert.match(out, /^4 clusters: 1 in state, 1 converging, 1 late, 1 failed\.$/m);
    assert.match(out, /^222222222222 +us-east-1 +2 +0 +0 +1 +1$/m);
    assert.match(out, /^site +222222222222 +us-east-1 +failed +running +2026-01-05T18:50:00Z +2 +role-refused +2026-/m);
    assert.match(out, /^search .* now$/m);
    assert.doesNotMatch(out, /^pay /m);
  });

  it("narrows to accounts, and the list to a standing and a length", async () => {
    const fixture = await hubFixture();
    const one = await documentOf(fixture, "--account", "111111111111", "--state", "in-state");
    assert.deepEqual([one.totals.clusters, one.clusters.map(({ cluster }) => cluster)], [2, ["pay"]]);
    const { out } = await fixture.curfew("fleet", "--limit", "1");
    assert.match(out, /^2 more are not listed/m);
  });

  it("tells which accounts are left alone or asked more slowly", async () => {
    const fixture = await hubFixture();
    const { store: ledger, clock } = fixture;
    const breaker = createBreaker({ ledger, clock, random: { next: () => 0.5, id: () => "id" } });
    for (let refusal = 0; refusal < 5; refusal += 1) await breaker.note("222222222222", "auth");
    const bucket = {
      perSecond: 2.5,
      tokens: 0,
      at: NOW,
      ceilingPerSecond: 5,
      changedAt: NOW,
      plentyAt: NOW,
      slowedAt: NOW,
    };
    await ledger.write("pace/111111111111/eu-west-1/eks/write", JSON.stringify(bucket), null);
    const { out } = await fixture.curfew("fleet");
    assert.match(
      out,
      /^account 222222222222: left alone until 2026-01-05T19:01:00Z, for it refuses everything since 2026-01-05T19:00:00Z$/m,
    );
    assert.match(
      out,
      /^account 111111111111 in eu-west-1: eks\/write is asked for 2\.5 calls a second instead of 5\.0, throttled last at 2026-01-05T19:00:00Z$/m,
    );
    const { openCircuits, slowedDown } = await documentOf(fixture);
    assert.deepEqual([openCircuits.length, slowedDown.length], [1, 1]);
  });

  it("says on stderr how far it is when the table is slow", async () => {
    const fixture = await hubFixture({
      store: (store) => ({
        ...store,
        listEntries: async (...asked) => {
          await fixture.clock.sleep(3_000);
          return store.listEntries(...asked);
        },
      }),
    });
    const { err, code } = await fixture.curfew("fleet");
    assert.deepEqual([err, code], ["4 clusters read so far\n", 0]);
  });

  it("says so when nothing is registered", async () => {
    const { curfew } = cliFixture({ environment: { CURFEW_STATE: HUB_STATE } });
    const told = await curfew("fleet", "--stack", "dev");
    assert.deepEqual([told.code, told.out], [0, "No cluster is registered with the hub.\n"]);
  });

  for (const command of ["fleet", "redrive"]) {
    it(`refuses \`${command}\` without a hub with 2, and says how to name one`, async () => {
      const queue = command === "redrive" ? ["--queue", "https://sqs.eu-west-1.amazonaws.com/111111111111/q"] : [];
      const told = await cliFixture().curfew(command, "--stack", "dev", ...queue);
      assert.equal(told.code, 2);
      assert.match(told.err, /^\[config-invalid\] This asks a hub, and there is none: .*\.curfew\/state\.db/);
      assert.match(told.err, /CURFEW_STATE.*dynamodb:\/\//);
    });
  }

  it("refuses what is no account with 2", async () => {
    const told = await cliFixture().curfew("fleet", "--stack", "dev", "--account", "prod");
    assert.equal(told.code, 2);
    assert.match(told.err, /twelve digits/);
  });
});

describe("a hub's table as the state", () => {
  it("serves the commands that a file serves", async () => {
    const { curfew, opened } = await hubFixture();
    assert.equal((await curfew("status")).code, 0);
    assert.deepEqual(
      opened.map(({ statePath, environment }) => [statePath, environment["CURFEW_STATE"]]),
      [[HUB_STATE, HUB_STATE]],
    );
  });

  it("makes a cluster due at once when somebody holds it, and when they let go", async () => {
    const { curfew, store } = await hubFixture();
    const entryOfPay = () => store.readEntry("111111111111/eu-west-1/pay");
    const settled = await entryOfPay();
    assert.equal(settled?.dueAt, CALM.dueAt);
    assert.equal((await curfew("hold", "pay", "--state", "running", "--until", "+8h", "--reason", "tests")).code, 0);
    const held = await entryOfPay();
    assert.ok(held && held.dueAt <= NOW);
    assert.notEqual(held.generation, settled.generation);
    await store.settle(held.clusterId, held.generation, CALM);
    assert.equal((await curfew("release", "pay")).code, 0);
    assert.ok(((await entryOfPay())?.dueAt ?? Infinity) <= NOW);
  });
});
