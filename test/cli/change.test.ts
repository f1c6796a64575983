import assert from "node:assert/strict";

import { Failure } from "../../runtime/ports/index.js";
import type { RunReport } from "../../runtime/run/index.js";
import { cliFixture, type CliFixture } from "./fixture.js";

async function nodesOf(fixture: CliFixture, name: "pay" | "search"): Promise<number> {
  return (await fixture.cluster(name).kubernetes.listNodes()).length;
}

/** Pods that their budget never lets go: under the policy `wait` the drain gives up. */
function holdPods(fixture: CliFixture, name: "pay" | "search"): void {
  fixture.cluster(name).addDeployment({ name: "web", replicas: 2 });
  fixture.cluster(name).putBudget({ name: "web", minAvailable: 2 });
}

describe("curfew hibernate and wake", () => {
  it("put a cluster to sleep and wake it to the sizes that it had", async () => {
    const fixture = cliFixture();
    const asleep = await fixture.curfew("hibernate", "pay", "--stack", "dev");
    assert.equal(asleep.code, 0, asleep.err);
    assert.match(asleep.out, /^pay +completed +[\d.]+ s +managed\/general 3 → 0$/m);
    assert.deepEqual([await nodesOf(fixture, "pay"), await nodesOf(fixture, "search")], [0, 3]);
    const awake = await fixture.curfew("wake", "pay", "--stack", "dev");
    assert.equal(awake.code, 0, awake.err);
    assert.match(awake.out, /managed\/general 0 → 3/);
    assert.equal(await nodesOf(fixture, "pay"), 3);
  });

  it("are also called stop and start", async () => {
    const fixture = cliFixture();
    assert.equal((await fixture.curfew("stop", "search", "--stack", "dev")).code, 0);
    assert.equal(await nodesOf(fixture, "search"), 0);
    assert.equal((await fixture.curfew("start", "search", "--stack", "dev")).code, 0);
    assert.equal(await nodesOf(fixture, "search"), 3);
  });

  it("tell progress on stderr, a line per event with the cluster in front", async () => {
    const { curfew } = cliFixture();
    const told = await curfew("hibernate", "--tag", "team=money", "--stack", "dev", "--reason", "long weekend");
    const lines = told.err.trimEnd().split("\n");
    assert.ok(lines.length > 5);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("pay: ")),
      [],
    );
    assert.equal(lines[0], "pay: hibernate: long weekend");
  });

  it("print one document with --json, and progress all the same", async () => {
    const { curfew } = cliFixture();
    const told = await curfew("hibernate", "pay", "search", "--stack", "dev", "--json");
    assert.equal(told.code, 0);
    const { reports, notStarted } = told.json() as { reports: RunReport[]; notStarted: string[] };
    assert.deepEqual(
      reports.map(({ clusterId, result, origin, requestReason }) => [clusterId, result, origin, requestReason]),
      [
        ["111111111111/eu-west-1/pay", "completed", "person", "ana ran curfew hibernate"],
        ["111111111111/eu-west-1/search", "completed", "person", "ana ran curfew hibernate"],
      ],
    );
    assert.deepEqual(notStarted, []);
    assert.match(told.err, /search: /);
  });

  it("exit 0 when there is nothing to do", async () => {
    const { curfew } = cliFixture();
    await curfew("hibernate", "pay", "--stack", "dev");
    const again = await curfew("hibernate", "pay", "--stack", "dev");
    assert.equal(again.code, 0);
    assert.match(again.out, /nothing-to-do[^]*It sleeps already/);
  });

  it("show the plan and why with --dry-run, and change nothing", async () => {
    const { curfew, changes } = cliFixture();
    const told = await curfew("hibernate", "pay", "--stack", "dev", "--dry-run");
    assert.equal(told.code, 0);
    assert.match(told.out, /planned[^]*why: It is running\.\n +1\. cordon and drain[^]*2\. set managed\/general/);
    assert.equal(changes(), 0);
  });

  it("exit 1 when every cluster failed, with the code and what to do", async () => {
    const fixture = cliFixture();
    for (const name of ["pay", "search"] as const) fixture.cluster(name).faults.begin("credentials-expired");
    const told = await fixture.curfew("hibernate", "pay", "search", "--stack", "dev");
    assert.equal(told.code, 1);
    assert.match(told.out, /\[credentials-expired\]/);
  });

  it("exit 3 when every cluster is blocked, and name the pods", async () => {
    const fixture = cliFixture();
    holdPods(fixture, "pay");
    const told = await fixture.curfew("hibernate", "pay", "ledger-critical", "--stack", "dev");
    assert.equal(told.code, 3);
    assert.match(told.out, /\[drain-blocked\]/);
    assert.match(told.out, /blocked: default\/web/);
    assert.match(told.out, /\[cluster-excluded\].*runs the pager/);
    assert.doesNotMatch(told.out, /→ 0/);
    assert.equal(await nodesOf(fixture, "pay"), 3);
  });

  it("exit 4 when some clusters did and others did not", async () => {
    const fixture = cliFixture();
    holdPods(fixture, "pay");
    const told = await fixture.curfew("hibernate", "pay", "search", "--stack", "dev");
    assert.equal(told.code, 4);
    assert.match(told.out, /^pay +blocked/m);
    assert.match(told.out, /^search +completed/m);
  });

  it("exit 4 when one cluster got there in part", async () => {
    const fixture = cliFixture();
    fixture.cluster("pay").addGroup({ name: "batch", kind: "self-managed", size: { min: 0, desired: 1, max: 2 } });
    const denied = new Failure({ code: "permission-denied", message: "May not.", remedy: "Allow it." });
    fixture.cluster("pay").faults.failNext({ call: "resize", error: denied });
    const told = await fixture.curfew("hibernate", "pay", "--stack", "dev");
    assert.match(told.out, /^pay +partial/m);
    assert.equal(told.code, 4);
  });

  it("name every pod that a policy forced", async () => {
    const environment = { CURFEW_DRAIN_POLICY: "force-at-deadline" };
    const fixture = cliFixture({ environment });
    holdPods(fixture, "pay");
    const told = await fixture.curfew("hibernate", "pay", "--stack", "dev");
    assert.equal(told.code, 0, told.out);
    assert.match(told.out, /forced past its budget or grace: default\/web-\S+/);
  });

  it("say so when the calendar wants otherwise, and how to keep it", async () => {
    const { curfew } = cliFixture();
    await curfew("hibernate", "pay", "--stack", "dev");
    const told = await curfew("wake", "pay", "--stack", "dev");
    assert.match(
      told.out,
      /^pay: the calendar wants it hibernated from 2026-01-05T18:00:00Z .*`curfew hold pay --state running --until \+8h --reason …` keeps it running\.$/m,
    );
    const asWanted = await curfew("hibernate", "pay", "--stack", "dev");
    assert.doesNotMatch(asWanted.out, /curfew hold/);
  });

  it("wake to sizes that a person gives when none are known", async () => {
    const fixture = cliFixture();
    fixture.cluster("pay").setSizeByHand("managed/general", { min: 0, desired: 0, max: 6 });
    const unknown = await fixture.curfew("wake", "pay", "--stack", "dev");
    assert.equal(unknown.code, 3);
    assert.match(unknown.out, /\[snapshot-missing\].*--min-nodes/);
    const told = await fixture.curfew("wake", "pay", "--stack", "dev", "--min-nodes", "2");
    assert.equal(told.code, 0, told.out);
    assert.equal(await nodesOf(fixture, "pay"), 2);
  });

  it("begin no further cluster after a stop, and stop the others at a safe point", async () => {
    const person = new AbortController();
    const fixture = cliFixture({ signal: person.signal });
    holdPods(fixture, "pay");
    fixture.cluster("pay").after(20_000, () => person.abort());
    const told = await fixture.curfew("hibernate", "pay", "search", "--stack", "dev", "--parallel", "1", "--json");
    const { reports, notStarted } = told.json() as { reports: RunReport[]; notStarted: string[] };
    assert.deepEqual(
      reports.map(({ failure }) => failure?.code),
      ["cancelled"],
    );
    assert.deepEqual(notStarted, ["111111111111/eu-west-1/search"]);
    assert.equal(told.code, 1);
    assert.ok((await fixture.cluster("pay").kubernetes.listNodes()).every((node) => !node.isUnschedulable));
  });

  it("exit 1 when the state cannot be written, and change nothing", async () => {
    const fixture = cliFixture({
      store: (store) => ({ ...store, openCycle: () => Promise.reject(new Error("disk full")) }),
    });
    const told = await fixture.curfew("hibernate", "pay", "--stack", "dev");
    assert.equal(told.code, 1);
    assert.match(told.out, /disk full/);
    assert.equal(fixture.changes(), 0);
  });
});

describe("curfew hibernate and wake --verify", () => {
  it("say whether the clusters really are there, by what is seen and not by memory", async () => {
    const fixture = cliFixture();
    const awake = await fixture.curfew("wake", "pay", "--stack", "dev", "--verify");
    assert.deepEqual([awake.code, awake.out], [0, "pay: yes, it is running (managed/general has 3 of 3 nodes)\n"]);
    await fixture.curfew("hibernate", "pay", "--stack", "dev");
    const changes = fixture.changes();
    const asleep = await fixture.curfew("hibernate", "pay", "--stack", "dev", "--verify");
    assert.deepEqual([asleep.code, asleep.out], [0, "pay: yes, it is hibernated\n"]);
    assert.equal(fixture.changes(), changes);
  });

  it("exit 4 when some are not", async () => {
    const { curfew } = cliFixture();
    await curfew("hibernate", "pay", "--stack", "dev");
    const told = await curfew("hibernate", "pay", "search", "--stack", "dev", "--verify", "--json");
    assert.equal(told.code, 4);
    const { clusters } = told.json() as { clusters: { cluster: string; isThere: boolean }[] };
    assert.deepEqual(
      clusters.map(({ cluster, isThere }) => [cluster, isThere]),
      [
        ["pay", true],
        ["search", false],
      ],
    );
    assert.equal((await curfew("wake", "pay", "--stack", "dev", "--verify")).code, 4);
  });

  it("do not call a cluster awake whose instances run but whose nodes are not ready", async () => {
    const fixture = cliFixture();
    const [node] = await fixture.cluster("pay").kubernetes.listNodes();
    fixture.cluster("pay").setNodeReady(node!.name, "Unknown");
    const told = await fixture.curfew("wake", "pay", "--stack", "dev", "--verify");
    assert.equal(told.code, 4);
    assert.equal(told.out, "pay: no, it is between running and hibernated (managed/general has 2 of 3 nodes)\n");
  });

  it("ask nothing of an excluded cluster, and say why a look failed", async () => {
    const fixture = cliFixture();
    fixture.cluster("pay").faults.begin("role-refused");
    const told = await fixture.curfew("wake", "pay", "--stack", "dev", "--verify");
    assert.equal(told.code, 1);
    assert.match(told.out, /^pay: not looked at: \[role-refused\]/);
    assert.equal((await fixture.curfew("wake", "ledger-critical", "--stack", "dev", "--verify")).code, 3);
  });
});
