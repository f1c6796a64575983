import assert from "node:assert/strict";

import { CHECKS } from "../../runtime/doctor/index.js";
import type { Capacity, Failure } from "../../runtime/ports/index.js";
import { doctorFixture, told } from "./fixture.js";

describe("an examination", () => {
  it("finds nothing in the way of a healthy cluster, makes every check once and changes nothing", async () => {
    const { examine, changes, ports } = doctorFixture();
    const { verdict, checks } = await examine();
    assert.equal(verdict, "ok");
    assert.deepEqual(
      checks.map(({ check }) => check),
      CHECKS,
    );
    assert.equal(changes(), 0);
    assert.equal(await ports.store.readCycle("111111111111/eu-west-1/pay"), undefined);
    assert.deepEqual(await ports.store.listReports("111111111111/eu-west-1/pay"), []);
  });

  it("changes nothing either where everything is wrong", async () => {
    const { cluster, examine, changes } = doctorFixture();
    cluster.addBarePod({ name: "debug" });
    cluster.putBudget({ name: "web", minAvailable: 4 });
    cluster.breakWebhook("evict");
    cluster.setLaunchIssue("managed/general", "AsgInstanceLaunchFailures: no capacity");
    assert.equal((await examine()).verdict, "blocked");
    assert.equal(changes(), 0);
  });

  it("says the same the second time", async () => {
    const { examine } = doctorFixture();
    assert.deepEqual(await examine(), await examine());
  });

  it("throws when the cluster cannot be found at all", async () => {
    const { cluster, examine } = doctorFixture();
    cluster.faults.begin("credentials-expired");
    await assert.rejects(examine(), (error: Failure) => error.code === "credentials-expired");
  });

  it("tells what the cloud says of a cluster that cannot be entered", async () => {
    const { cluster, examine } = doctorFixture();
    cluster.faults.begin("access-entry-missing");
    cluster.prospects.denyActions("eks:UpdateNodegroupConfig");
    const { verdict, checks } = await examine();
    const statusOf = Object.fromEntries(checks.map(({ check, status }) => [check, status]));
    assert.equal(verdict, "blocked");
    assert.deepEqual([statusOf["access"], statusOf["iam"], statusOf["addresses"]], ["blocked", "blocked", "ok"]);
    assert.deepEqual([statusOf["rbac"], statusOf["pods"], statusOf["webhooks"]], ["unknown", "unknown", "unknown"]);
  });

  const UNANSWERED: readonly [call: keyof Capacity["prospects"], check: (typeof CHECKS)[number]][] = [
    ["permissions", "iam"],
    ["subnets", "addresses"],
    ["launchTemplates", "launch-templates"],
    ["addOns", "add-ons"],
    ["instanceRefreshes", "groups"],
    ["vcpuQuotas", "quotas"],
    ["nodeVcpus", "quotas"],
  ];
  for (const [call, name] of UNANSWERED) {
    it(`leaves ${name} unknown when AWS does not answer ${call}, and the rest as it is`, async () => {
      const { cluster, examine } = doctorFixture();
      cluster.faults.begin("unavailable", [call]);
      const { checks } = await examine();
      const notOk = checks.filter(({ status }) => status !== "ok").map(({ check, status }) => [check, status]);
      assert.deepEqual(notOk, [[name, "unknown"]]);
    });
  }

  it("names the action that its own simulation takes", async () => {
    const { cluster, check } = doctorFixture();
    cluster.faults.begin("permission-denied", ["permissions"]);
    assert.match((await check("iam")).findings[0]?.remedy ?? "", /iam:SimulatePrincipalPolicy/);
  });

  it("does not take a fault of the moment for a reason against tonight", async () => {
    const { cluster, check } = doctorFixture();
    cluster.faults.begin("unavailable", ["listNodes"]);
    assert.equal((await check("access")).status, "unknown");
  });

  it("says that runs leave a cluster alone which its tags exclude", async () => {
    const { examine } = doctorFixture({ tags: { tier: "critical" } });
    const exclusion = { tags: { tier: "critical" }, reason: "runs the pager" };
    const { checks } = await examine({}, { exclusionsByTag: [exclusion] });
    assert.ok(told(checks[0]!).some((line) => /^ok: Runs leave it alone\. .*runs the pager/.test(line)));
  });
});
