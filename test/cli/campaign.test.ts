import assert from "node:assert/strict";

import type { CampaignOrder, Settlement } from "../../runtime/ports/index.js";
import { cliFixture, HUB_STATE, NOW, type CliFixture } from "./fixture.js";

const [PAY, ADS, SHOP] = ["111111111111/eu-west-1/pay", "222222222222/us-east-1/ads", "111111111111/eu-north-1/shop"];
const STACK = `
config:
  curfew:hub: { region: eu-west-1, prefix: night }
  curfew:schedules:
    office: { timezone: Europe/Berlin, awake: ["Mon-Fri 07:00-19:00"] }
  curfew:clusters:
    - { name: pay, account: "111111111111", region: eu-west-1, schedule: office, tags: { tier: low } }
    - { name: ads, account: "222222222222", region: us-east-1, schedule: office, tags: { tier: high } }
    - { name: shop, account: "111111111111", region: eu-north-1, schedule: office, tags: { tier: high } }
    - { name: core, account: "111111111111", region: eu-west-1 }
  curfew:exclusions:
    - { cluster: core, reason: runs the pager }
`;
const WISH = ["--state", "hibernated", "--until", "+8h", "--reason", "power cut"];
const IN_EIGHT_HOURS = "2026-01-06T03:00:00Z";

const hubFixture = (files: Readonly<Record<string, string>> = {}) =>
  cliFixture({
    files: { "/project/stacks/Pulumi.prod.yaml": STACK, ...files },
    environment: { CURFEW_STACK: "prod" },
    machines: ["night-campaigns"],
  });

const start = ({ curfew }: CliFixture, ...argv: readonly string[]) => curfew("campaign", "start", ...WISH, ...argv);

interface Shown {
  readonly campaign: string | null;
  readonly order: CampaignOrder;
  readonly leftOut: readonly string[];
}

async function shown(fixture: CliFixture, ...argv: readonly string[]): Promise<Shown> {
  const told = await start(fixture, ...argv, "--dry-run", "--json");
  assert.equal(told.code, 0, told.out);
  return told.json() as Shown;
}

describe("curfew campaign start", () => {
  it("begins a campaign over the chosen clusters, which the hub works on", async () => {
    const fixture = hubFixture();
    const told = await start(fixture, "--region", "eu-*", "--json");
    assert.equal(told.code, 0, told.err);
    const { campaign, order, leftOut } = told.json() as Shown;
    assert.deepEqual(order, {
      groups: [{ name: "all", clusters: [PAY, SHOP] }],
      state: "hibernated",
      until: IN_EIGHT_HOURS,
      reason: "power cut",
      owner: "ana",
      toleratedFailurePercentage: 0,
      deadlineSeconds: 7200,
    });
    assert.deepEqual(leftOut, ["core"]);
    assert.deepEqual((await fixture.campaigns.read(campaign ?? "")).order, order);
    assert.equal(fixture.changes(), 0);
  });

  it("puts clusters into groups in the order of the options, each into the first that it fits", async () => {
    const groups = ["--group", "canary=tier=low", "--group", "eu=region=eu-*", "--group", "rest=cluster=*"];
    const { order } = await shown(hubFixture(), ...groups, "--tolerate", "5", "--deadline", "3h");
    assert.deepEqual(order.groups, [
      { name: "canary", clusters: [PAY] },
      { name: "eu", clusters: [SHOP] },
      { name: "rest", clusters: [ADS] },
    ]);
    assert.deepEqual([order.toleratedFailurePercentage, order.deadlineSeconds], [5, 10_800]);
  });

  it("takes several conditions of a group together, and says whom it leaves out", async () => {
    const { order, leftOut } = await shown(hubFixture(), "--group", "one=tier=high,account=1*");
    assert.deepEqual(order.groups, [{ name: "one", clusters: [SHOP] }]);
    assert.deepEqual(leftOut, ["pay", "ads", "core"]);
  });

  it("chooses by tag, account and name as other commands do", async () => {
    const clusters = async (...argv: readonly string[]) =>
      (await shown(hubFixture(), ...argv)).order.groups.flatMap((group) => group.clusters);
    assert.deepEqual(await clusters("--tag", "tier=high"), [ADS, SHOP]);
    assert.deepEqual(await clusters("--tag", "tier=high", "--account", "222222222222"), [ADS]);
    assert.deepEqual(await clusters("pay", "ads"), [PAY, ADS]);
    assert.deepEqual(await clusters("--all"), [PAY, ADS, SHOP]);
  });

  it("only shows it with --dry-run", async () => {
    const fixture = hubFixture();
    const told = await start(fixture, "--region", "eu-*", "--dry-run");
    assert.equal(
      told.out,
      [
        `Would keep these hibernated until ${IN_EIGHT_HOURS}, group after group:`,
        `  all: ${PAY}, ${SHOP}`,
        "Left out, as excluded or in no group: core\n",
      ].join("\n"),
    );
    assert.deepEqual(fixture.opened, []);
  });

  it("refuses what cannot be meant, and begins nothing", async () => {
    const wrong: readonly [argv: readonly string[], code: number, says: RegExp][] = [
      [[], 2, /name the clusters/],
      [["core"], 3, /cluster-excluded/],
      [["--region", "mars-*"], 2, /cluster-unknown/],
      [["--all", "--until", "22:00"], 2, /one instant for all zones/],
      [["--all", "--until", "2026-01-01T00:00:00Z"], 2, /has passed/],
      [["--all", "--tolerate", "101"], 2, /0 to 100/],
      [["--all", "--group", "canary"], 2, /NAME=KEY=VALUE/],
      [["--all", "--group", "a=tier=low", "--group", "a=tier=high"], 2, /two groups are called a/],
      [["--all", "--deadline", "2d"], 2, /up to 1d/],
      [["--all", "--machine", "other"], 2, /other/],
    ];
    for (const [argv, code, says] of wrong) {
      const told = await start(hubFixture(), ...argv);
      assert.equal(told.code, code, `${argv.join(" ")}: ${told.err}`);
      assert.match(told.err, says);
    }
  });

  it("needs a hub with campaigns, or the name of a machine", async () => {
    const { curfew } = cliFixture({ environment: { CURFEW_STATE: HUB_STATE, CURFEW_STACK: "dev" } });
    assert.match((await curfew("campaign", "start", "--all", ...WISH)).err, /--machine/);
    const without = STACK.replace("prefix: night", "prefix: night, campaigns: false");
    const told = await start(hubFixture({ "/project/stacks/Pulumi.prod.yaml": without }), "--all");
    assert.equal(told.code, 2);
    assert.match(told.err, /campaigns to true/);
  });
});

describe("curfew campaign watch", () => {
  const ASLEEP: Settlement = {
    dueAt: NOW,
    wanted: "hibernated",
    transitionAt: null,
    leadMs: 0,
    unconvergedSince: null,
    attempts: 0,
    lastCode: null,
  };

  async function begun() {
    const fixture = hubFixture();
    const { store } = fixture;
    for (const clusterId of [PAY, ADS]) {
      await store.registerCluster({ clusterId, declaration: "{}", registeredAt: NOW });
    }
    const told = await start(fixture, "--group", "low=tier=low", "--group", "us=region=us-*", "--json");
    const { campaign } = told.json() as { readonly campaign: string };
    const settle = async (clusterId: string, settlement: Settlement) => {
      const { generation = "" } = (await store.readEntry(clusterId)) ?? {};
      assert.equal(await store.settle(clusterId, generation, settlement), "settled");
    };
    return { ...fixture, campaign, settle };
  }

  it("tells what changes until the campaign ends", async () => {
    const { curfew, clock, campaign, campaigns, settle } = await begun();
    void clock.sleep(15_000).then(() => settle(PAY, ASLEEP));
    void clock.sleep(45_000).then(async () => {
      await settle(ADS, ASLEEP);
      campaigns.finish(campaign, { status: "succeeded", endedAt: clock.now(), cause: null });
    });
    const told = await curfew("campaign", "watch", campaign);
    assert.equal(told.code, 0, told.err);
    const before = "low: 0 of 1 there\nus: 0 of 1 there\n";
    assert.equal(told.err, `${before}low: 1 of 1 there\nus: 0 of 1 there\n`);
    assert.equal(told.out, "low: 1 of 1 there\nus: 1 of 1 there\nDone at 2026-01-05T19:00:45Z\n");
  });

  it("names what failed, and exits 1 with the campaign", async () => {
    const { curfew, campaign, campaigns, settle } = await begun();
    await settle(PAY, { ...ASLEEP, unconvergedSince: NOW, attempts: 5, lastCode: "throttled" });
    campaigns.finish(campaign, { status: "failed", endedAt: NOW, cause: "States.ExceedToleratedFailureThreshold" });
    const told = await curfew("campaign", "watch", campaign);
    assert.equal(told.code, 1);
    assert.match(told.out, /^low: 0 of 1 there\n {2}111111111111\/eu-west-1\/pay: \[throttled\]\n/);
    assert.match(told.out, /Failed at 2026-01-05T19:00:00Z: States\.ExceedToleratedFailureThreshold/);
    const json = (await curfew("campaign", "watch", campaign, "--json")).json();
    assert.deepEqual(json, {
      campaign,
      status: "failed",
      endedAt: "2026-01-05T19:00:00Z",
      cause: "States.ExceedToleratedFailureThreshold",
      groups: [
        { name: "low", total: 1, there: 0, failing: [{ cluster: PAY, code: "throttled" }] },
        { name: "us", total: 1, there: 0, failing: [] },
      ],
    });
  });

  it("says so of a campaign that is not there", async () => {
    const told = await hubFixture().curfew("campaign", "watch", "nowhere");
    assert.deepEqual([told.code, told.err.includes("nowhere")], [2, true]);
  });

  it("leaves the campaign alone when nobody wants to watch any more", async () => {
    const stopped = new AbortController();
    stopped.abort();
    const fixture = cliFixture({
      files: { "/project/stacks/Pulumi.prod.yaml": STACK },
      environment: { CURFEW_STACK: "prod" },
      machines: ["night-campaigns"],
      signal: stopped.signal,
    });
    const { campaign } = (await start(fixture, "--all", "--json")).json() as { readonly campaign: string };
    const told = await fixture.curfew("campaign", "watch", campaign);
    assert.equal(told.code, 4);
    assert.match(told.out, /goes on without being watched/);
    assert.equal((await fixture.campaigns.read(campaign)).status, "running");
  });
});
