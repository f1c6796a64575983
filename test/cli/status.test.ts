import assert from "node:assert/strict";

import type { StatusEntry } from "../../runtime/cli/cluster-status.js";
import { cliFixture, type CliFixture } from "./fixture.js";

async function statusOf({ curfew }: CliFixture, ...argv: readonly string[]): Promise<readonly StatusEntry[]> {
  const told = await curfew("status", "--stack", "dev", "--json", ...argv);
  assert.equal(told.code, 0, told.out);
  return (told.json() as { clusters: StatusEntry[] }).clusters;
}

describe("curfew status", () => {
  it("shows every cluster as remembered and as wanted, and asks nothing of AWS", async () => {
    const fixture = cliFixture();
    fixture.cluster("pay").faults.begin("credentials-missing");
    const [pay, search, ledger] = await statusOf(fixture);
    assert.deepEqual(pay, {
      cluster: "pay",
      account: "111111111111",
      region: "eu-west-1",
      exclusion: null,
      state: "unknown",
      since: null,
      wanted: "hibernated",
      rule: "end of window Mon-Fri 07:00-19:00",
      next: { at: "2026-01-06T06:00:00Z", to: "running", rule: "window Mon-Fri 07:00-19:00" },
      hold: null,
      last: null,
      live: null,
      relaxedWebhooks: [],
      drift: [],
    });
    assert.equal(search?.cluster, "search");
    assert.deepEqual([ledger?.exclusion, ledger?.wanted, ledger?.next], ["runs the pager", null, null]);
  });

  it("tells what the last run reached, and since when", async () => {
    const fixture = cliFixture();
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    const [pay] = await statusOf(fixture, "pay");
    assert.equal(pay?.state, "hibernated");
    assert.match(pay.since ?? "", /^2026-01-05T19:\d\d:\d\dZ$/);
    assert.equal(pay.last?.result, "completed");
    const { out } = await fixture.curfew("status", "--stack", "dev");
    assert.match(out, /^pay +111111111111 +eu-west-1 +hibernated +2026-01-05T19/m);
    assert.match(out, /^ledger-critical: excluded: runs the pager$/m);
  });

  it("tells of a hold", async () => {
    const fixture = cliFixture();
    await fixture.curfew(
      "hold",
      "pay",
      "--stack",
      "dev",
      "--state",
      "running",
      "--until",
      "+8h",
      "--reason",
      "load test",
    );
    const [pay] = await statusOf(fixture, "pay");
    assert.deepEqual(pay?.hold, { state: "running", until: "2026-01-06T03:00:00Z", reason: "load test", owner: "ana" });
    assert.deepEqual([pay.wanted, pay.rule], ["running", "hold by ana: load test"]);
    assert.match((await fixture.curfew("status", "--stack", "dev")).out, /^pay: held by ana: load test$/m);
  });

  it("looks at the real clusters with --verify and says drift in words", async () => {
    const fixture = cliFixture();
    await fixture.curfew("hibernate", "pay", "search", "--stack", "dev");
    fixture.cluster("pay").setSizeByHand("managed/general", { min: 0, desired: 2, max: 6 });
    const [pay, search] = await statusOf(fixture, "pay", "search", "--verify");
    assert.match(
      pay?.drift.join() ?? "",
      /^it is between running and hibernated \(managed\/general has 0 of 2 nodes\), but Curfew left it hibernated at 2026-01-05T19/,
    );
    assert.deepEqual(search?.drift, []);
    assert.match((await fixture.curfew("status", "--stack", "dev", "--verify")).out, /^pay: drift: it is /m);
  });

  it("remembers what the last run found changed by others, and who did it", async () => {
    const fixture = cliFixture();
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    fixture.cluster("pay").setSizeByHand("managed/general", { min: 0, desired: 2, max: 6 });
    await fixture.curfew("wake", "pay", "--stack", "dev");
    const [pay] = await statusOf(fixture, "pay");
    assert.match(pay?.drift.join("\n") ?? "", /somebody set desired 2.*theirs is kept/);
    assert.match(pay?.drift.join("\n") ?? "", /A user request changed the desired capacity from 0 to 2/);
  });

  it("S48: shows webhooks that a wake could not give back, with their age and an alarm", async () => {
    const fixture = cliFixture();
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    const { store } = fixture;
    // When the fixture's clock began; the run has moved it by some seconds since.
    const now = Date.UTC(2026, 0, 5, 19);
    const { clusterId, reached } = (await store.listClusters()).find(({ reached }) => reached !== null) ?? {};
    assert.ok(clusterId && reached);
    const relaxed = { webhook: "policy/guard", sinceAt: now - 90 * 60_000, why: "its backend does not answer" };
    const lease = { clusterId, operationId: "test", now, expiresAt: now + 86_400_000 };
    const answer = await store.acquireLease(lease);
    assert.equal(answer.kind, "acquired");
    const body = JSON.stringify({ ...(JSON.parse(reached) as object), relaxedWebhooks: [relaxed] });
    await store.saveReached(answer.lease, { body });
    const { out } = await fixture.curfew("status", "--stack", "dev");
    assert.match(out, /^pay: ALARM: policy\/guard has been relaxed for 9\d min: its backend does not answer\.$/m);
  });

  it("shows how a cluster is reached where that is declared", async () => {
    const stack = [
      "config:",
      '  curfew:schedules: { day: { timezone: UTC, awake: ["Mon-Fri 07:00-19:00"] } }',
      '  curfew:clusters: [{ name: pay, account: "111111111111", region: eu-west-1, schedule: day, reach: spoke-resident }]',
    ].join("\n");
    const fixture = cliFixture({ files: { "/project/stacks/Pulumi.dev.yaml": stack } });
    assert.equal((await statusOf(fixture))[0]?.reach, "spoke-resident");
    assert.match((await fixture.curfew("status", "--stack", "dev")).out, /^pay: reach: spoke-resident$/m);
  });

  it("says why a cluster could not be looked at, and exits 4, or 1 when none could", async () => {
    const fixture = cliFixture();
    fixture.cluster("pay").faults.begin("role-refused");
    const some = await fixture.curfew("status", "--stack", "dev", "--verify");
    assert.equal(some.code, 4);
    assert.match(some.out, /^pay: not looked at: \[role-refused\]/m);
    assert.equal((await fixture.curfew("status", "pay", "--stack", "dev", "--verify")).code, 1);
  });

  it("colours for people at a terminal, unless NO_COLOR is set", async () => {
    const colour = "\u001b[";
    assert.ok((await cliFixture({ isTty: true }).curfew("status", "--stack", "dev")).out.includes(colour));
    const noColour = { isTty: true, environment: { NO_COLOR: "1" } };
    assert.ok(!(await cliFixture(noColour).curfew("status", "--stack", "dev")).out.includes(colour));
    assert.ok(!(await cliFixture().curfew("status", "--stack", "dev")).out.includes(colour));
  });

  it("exits 1 with the store's own failure when the state cannot be opened", async () => {
    const failing = () => Promise.reject(new Error("disk gone"));
    const told = await cliFixture({ store: (store) => ({ ...store, readCluster: failing }) }).curfew(
      "status",
      "--stack",
      "dev",
      "--json",
    );
    assert.equal(told.code, 1);
    assert.deepEqual(Object.keys((told.json() as { error: object }).error), ["code", "message", "remedy"]);
  });

  it("calls namesakes by their whole identity", async () => {
    const cluster = (account: string) => `{ name: pay, account: "${account}", region: eu-west-1, schedule: day }`;
    const config = `schedules: { day: { timezone: UTC, awake: always } }\nclusters: [${cluster("111111111111")}, ${cluster("222222222222")}]\n`;
    const { curfew } = cliFixture({ files: { "/project/twins.yaml": config } });
    const told = await curfew("wake", "--all", "--config", "twins.yaml", "--dry-run");
    assert.match(told.out, /^111111111111\/eu-west-1\/pay +nothing-to-do/m);
    assert.match(told.out, /^222222222222\/eu-west-1\/pay +failed/m);
  });
});
