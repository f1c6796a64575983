import assert from "node:assert/strict";

import type { Examination } from "../../runtime/cli/doctor/examination.js";
import { wrapText } from "../../runtime/cli/doctor/wrap-text.js";
import { cliFixture } from "./fixture.js";

describe("curfew doctor", () => {
  it("tells everything of one cluster, exits 0 and changes nothing", async () => {
    const { curfew, changes } = cliFixture();
    const told = await curfew("doctor", "pay", "--stack", "dev");
    assert.deepEqual([told.code, told.err], [0, ""]);
    assert.match(told.out, /^pay \(111111111111, eu-west-1\): ok\nCHECK +STATUS +FOUND\naccess +ok +EKS /);
    assert.match(told.out, /^budgets +ok/m);
    assert.equal(changes(), 0);
  });

  it("exits 3 when something is in the way, and says what to do", async () => {
    const { curfew, cluster } = cliFixture();
    cluster("pay").addDeployment({ name: "web", replicas: 2 });
    cluster("pay").putBudget({ name: "web", minAvailable: 2 });
    const told = await curfew("doctor", "pay", "--stack", "dev");
    assert.equal(told.code, 3);
    assert.match(told.out, /^budgets +blocked +Budget default\/web/m);
    assert.match(told.out, /^ +=> Give it more replicas/m);
  });

  it("exits 0 with warnings", async () => {
    const { curfew, cluster } = cliFixture();
    cluster("pay").setLaunchIssue("managed/general", "AsgInstanceLaunchFailures: no capacity");
    const told = await curfew("doctor", "pay", "--stack", "dev");
    assert.equal(told.code, 0);
    assert.match(told.out, /^pay .*: warning$/m);
  });

  it("exits 1 when it could not look, whatever else is wrong", async () => {
    const { curfew, cluster } = cliFixture();
    cluster("pay").faults.begin("credentials-expired");
    cluster("search").prospects.denyActions("eks:UpdateNodegroupConfig");
    const told = await curfew("doctor", "pay", "search", "--stack", "dev");
    assert.equal(told.code, 1);
    assert.match(told.out, /^pay .*: not looked at\n\[credentials-expired\]/m);
    assert.match(told.out, /^iam +blocked/m);
  });

  it("looks over a fleet: an overview, then only what needs a look, and progress on stderr", async () => {
    const { curfew, cluster } = cliFixture();
    cluster("pay").prospects.denyActions("eks:UpdateNodegroupConfig");
    const told = await curfew("doctor", "--all", "--parallel", "2", "--stack", "dev");
    assert.equal(told.code, 3);
    assert.match(told.out, /^pay +111111111111 +eu-west-1 +blocked +iam +-/m);
    assert.match(told.out, /^search +111111111111 +eu-west-1 +ok +-/m);
    assert.match(told.out, /^ledger-critical +111111111111 +eu-west-1 +excluded/m);
    assert.doesNotMatch(told.out, /^search \(/m);
    assert.doesNotMatch(told.out, /^access/m);
    assert.deepEqual(told.err.trimEnd().split("\n").length, 3);
    assert.match(told.err, /^pay: blocked \(\d of 3\)$/m);
  });

  it("gives one JSON document, with every check of every cluster", async () => {
    const { curfew, cluster } = cliFixture();
    cluster("pay").prospects.denyActions("eks:UpdateNodegroupConfig");
    const told = await curfew("doctor", "--tag", "team=money", "--stack", "dev", "--json");
    const { clusters } = told.json() as { clusters: readonly Examination[] };
    assert.deepEqual(
      clusters.map(({ cluster: name, verdict, failure, exclusion }) => [name, verdict, failure, exclusion]),
      [["pay", "blocked", null, null]],
    );
    const iam = clusters[0]?.checks.find(({ check }) => check === "iam");
    assert.deepEqual(Object.keys(iam ?? {}), ["check", "status", "findings"]);
    assert.deepEqual(Object.keys(iam?.findings[0] ?? {}), ["status", "what", "remedy"]);
  });

  it("asks nothing of an excluded cluster", async () => {
    const told = await cliFixture().curfew("doctor", "ledger-critical", "--stack", "dev");
    assert.deepEqual(
      [told.code, told.out],
      [0, "ledger-critical (111111111111, eu-west-1): excluded\nruns the pager\n"],
    );
  });

  it("begins with no further cluster after a stop", async () => {
    const told = await cliFixture({ signal: AbortSignal.abort() }).curfew("doctor", "pay", "--stack", "dev", "--json");
    const { clusters } = told.json() as { clusters: readonly Examination[] };
    assert.deepEqual([told.code, clusters[0]?.failure?.code], [1, "cancelled"]);
  });
});

describe("lines of an answer", () => {
  it("break between words and keep longer words whole", () => {
    assert.deepEqual(wrapText("to be or notwithstanding", 8), ["to be or", "notwithstanding"]);
    assert.deepEqual(wrapText("", 8), [""]);
  });
});
