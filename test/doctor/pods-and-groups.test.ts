import assert from "node:assert/strict";

import { PERSISTENT_VOLUMES } from "../../runtime/cycle/index.js";
import { doctorFixture, told } from "./fixture.js";

describe("the check of pods", () => {
  it("blocks on pods that may not leave, with every reason, and warns of the loss once it is allowed", async () => {
    const { cluster, check } = doctorFixture();
    cluster.addBarePod({ name: "debug", emptyDir: true });
    const refused = await check("pods");
    assert.equal(refused.status, "blocked");
    assert.match(refused.findings[0]?.what ?? "", /default\/debug on .*emptyDir.* and has no controller/);
    const allowed = await check("pods", { drain: { deleteUnmanagedPods: true, deleteEmptyDirData: true } });
    assert.equal(allowed.status, "warning");
    assert.match(told(allowed)[0] ?? "", /^warning: default\/debug: nothing recreates/);
  });

  it("blocks on a mark against disruption, unless a policy takes the pod in the end", async () => {
    const { cluster, check } = doctorFixture();
    cluster.addDeployment({ name: "batch", annotations: { "karpenter.sh/do-not-disrupt": "true" } });
    assert.equal((await check("pods")).status, "blocked");
    assert.equal((await check("pods", { drain: { policy: "force-at-deadline" } })).status, "warning");
    assert.equal((await check("pods", { drain: { overrideProtection: true } })).status, "ok");
  });
});

describe("the check of pods on silent nodes and local disks", () => {
  it("blocks on a node that cannot confirm the end of its pods, until its instance is proven to have ended", async () => {
    const { cluster, check } = doctorFixture();
    const [node] = await cluster.kubernetes.listNodes();
    assert.ok(node?.instanceId);
    cluster.setNodeReady(node.name, "Unknown");
    const { status, findings } = await check("pods", { drain: { policy: "force-at-deadline" } });
    assert.equal(status, "blocked");
    assert.match(findings[0]?.what ?? "", /^Node ip-.* is Unknown, instance i-.* still running: .*default\/web-/);
    cluster.loseInstance(node.instanceId, "terminated");
    assert.match(told(await check("pods")).join("\n"), /^ok: Node ip-.* terminated: nothing runs there.*1 pod are/m);
  });

  it("warns of data on a node's own disk (rule 9)", async () => {
    const { cluster, check } = doctorFixture();
    cluster.addDeployment({ name: "cache", claims: ["scratch"] });
    cluster.objects.put(PERSISTENT_VOLUMES, {
      metadata: { name: "pv-disk" },
      spec: { claimRef: { namespace: "default", name: "scratch" }, local: { path: "/mnt/disk" } },
    });
    assert.match(told(await check("pods"))[0] ?? "", /^warning: default\/cache-.* in volume pv-disk on its node's own/);
  });
});

describe("the check of budgets (rule 40)", () => {
  it("blocks on a dead end under the policy wait, and warns under another", async () => {
    const { cluster, check } = doctorFixture();
    cluster.putBudget({ name: "web", minAvailable: 4 });
    const dead = await check("budgets");
    assert.equal(dead.status, "blocked");
    assert.match(dead.findings[0]?.what ?? "", /default\/web \(needs 4 healthy, has 4\) never lets go: .*all of its 4/);
    assert.equal(dead.findings.length, 1);
    assert.equal((await check("budgets", { drain: { policy: "scale-owners" } })).status, "warning");
  });

  it("blocks on a budget that holds its last pods, since a drain to zero leaves no room for others", async () => {
    const { cluster, check } = doctorFixture();
    cluster.putBudget({ name: "web", maxUnavailable: 1 });
    assert.match(told(await check("budgets"))[0] ?? "", /^blocked: Budget default\/web .*holds its last 3 pod\(s\)/);
  });

  it("lets a budget be that allows everything", async () => {
    const { cluster, check } = doctorFixture();
    cluster.putBudget({ name: "web", maxUnavailable: "100%" });
    assert.deepEqual(told(await check("budgets")), ["ok: No disruption budget holds a pod back."]);
  });

  it("blocks on two budgets over one pod, whatever they allow", async () => {
    const { cluster, check } = doctorFixture();
    const selector = { matchLabels: { app: "web" }, matchExpressions: [] };
    for (const name of ["one", "two"]) cluster.putBudget({ name, selector, maxUnavailable: "100%" });
    assert.match(told(await check("budgets"))[0] ?? "", /^blocked: default\/web-.* can never be evicted/);
  });

  it("names a budget whose controller has not seen its newest version", async () => {
    const { cluster, check } = doctorFixture();
    cluster.putBudget({ name: "web", minAvailable: 4 });
    cluster.pauseBudgetController();
    cluster.putBudget({ name: "web", maxUnavailable: "100%" });
    assert.match(told(await check("budgets"))[0] ?? "", /its controller has not seen its newest version/);
  });
});

describe("dry-run evictions (rule 39)", () => {
  it("pass on what a webhook says against an eviction", async () => {
    const { cluster, check, changes } = doctorFixture();
    const selector = { matchLabels: { app: "web" }, matchExpressions: [] };
    for (const name of ["one", "two"]) cluster.putBudget({ name, selector, maxUnavailable: "100%" });
    cluster.breakWebhook("evict");
    assert.match((await check("budgets")).findings[0]?.what ?? "", /default\/web-.*webhook/);
    assert.equal(changes(), 0);
  });
});

describe("the check of node groups", () => {
  it("blocks on what would swallow a resize, one finding for each cause", async () => {
    const { cluster, check } = doctorFixture();
    cluster.setGroupStatus("managed/general", "DELETING");
    cluster.suspendProcesses("asg/batch", ["Terminate", "Launch"]);
    const { status, findings } = await check("groups");
    assert.equal(status, "blocked");
    assert.deepEqual(
      findings.filter((finding) => finding.status === "blocked").map(({ what }) => what.split(":")[0]),
      [
        "Not ready to be scaled",
        "The cluster cannot reach zero",
        "The Launch process of asg/batch is suspended, so it would not wake.",
      ],
    );
  });

  it("warns of health issues, of updates under way and of nodes that belong to nobody", async () => {
    const { cluster, check } = doctorFixture();
    cluster.setLaunchIssue("managed/general", "AsgInstanceLaunchFailures: no capacity");
    cluster.startForeignUpdate("managed/general", 60_000);
    cluster.addNode({ name: "hand-made" });
    const warnings = told(await check("groups")).filter((line) => line.startsWith("warning"));
    assert.equal(warnings.length, 3);
    assert.match(warnings.join("\n"), /AsgInstanceLaunchFailures[^]*being updated[^]*hand-made/);
  });

  it("warns of instances that a lifecycle hook holds (W5)", async () => {
    const { cluster, ports, check } = doctorFixture();
    cluster.setLaunchHook("asg/batch", true);
    cluster.setSizeByHand("asg/batch", { min: 0, desired: 3, max: 4 });
    await ports.clock.sleep(600_000);
    assert.match(told(await check("groups"))[0] ?? "", /^warning: A lifecycle hook of asg\/batch holds i-/);
  });

  it("warns of an instance refresh until it is over (H6)", async () => {
    const { cluster, check } = doctorFixture();
    cluster.prospects.setInstanceRefresh("asg/batch", "InProgress");
    assert.match(told(await check("groups"))[0] ?? "", /^warning: asg\/batch has an instance refresh .*InProgress/);
    cluster.prospects.setInstanceRefresh("asg/batch", null);
    assert.equal((await check("groups")).status, "ok");
  });
});
