import assert from "node:assert/strict";

import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

import { plannerStatements, workerStatements, type HubResources } from "../../components/iam/hub-statements.js";
import { actionsOf, readActions, writeActions } from "../../components/iam/spoke-actions.js";
import type { Statement } from "../../components/iam/statement.js";
import { clusterId, type FleetEntry, type FleetStore, type StateStore } from "../../runtime/ports/index.js";
import type { RunReport } from "../../runtime/run/index.js";
import { HUB_ACCOUNT } from "../lab/emulator/emulator.js";
import { administratorOf, startHubLab, type HubLab } from "../lab/hub/hub-lab.js";
import { subscribe, type Subscriber } from "../lab/hub/subscribe.js";
import type { ClusterSpec, LabCluster } from "../lab/index.js";
import { until } from "../lab/until.js";
import { deployment, disruptionBudget, untilBudgetObserved, untilReady } from "../lab/workload.js";
import { grantsTable } from "./grants-table.js";
import { cordonedNodes, sizesOf } from "./look.js";

const REGION = "eu-west-1";
const TICK_MS = 2_000;
/** A drain, a scaling and the ticks between them, on a slow and busy computer. */
const SOON_MS = 120_000;

const CLUSTERS: readonly ClusterSpec[] = [
  {
    name: "pay",
    account: "111111111111",
    region: "eu-west-1",
    groups: [{ name: "general", kind: "managed", min: 1, desired: 2, max: 4 }],
  },
  {
    name: "ads",
    account: "222222222222",
    region: "us-east-1",
    groups: [
      { name: "general", kind: "managed", min: 1, desired: 1, max: 2 },
      { name: "batch", kind: "self-managed", min: 0, desired: 1, max: 2 },
    ],
  },
];

const STACK = `config:
  curfew:hub:
    region: ${REGION}
    deletionProtection: false
    dueShards: 4
    # No cluster falls due by itself while a test looks.
    recheckSeconds: 86400
    # At whatever hour the test runs.
    summaryHour: 0
    workers: { timeoutSeconds: 60 }
  curfew:schedules:
    asleep: { timezone: UTC, awake: never }
    awake: { timezone: UTC, awake: always }
  curfew:settings:
    nodesStableSeconds: 0
    leaseSeconds: 15
    pollSeconds: 1
    drain: { timeoutSeconds: 8, policy: scale-owners }
  curfew:clusters:
    - { name: pay, account: "111111111111", region: eu-west-1, schedule: asleep }
    - { name: ads, account: "222222222222", region: us-east-1, schedule: asleep }
    # No such role, no such cluster: neighbours in the same waves.
    - { name: locked, account: "333333333333", region: eu-west-1, schedule: asleep, onDelete: leave }
    - { name: ghost, account: "111111111111", region: eu-west-1, schedule: asleep, onDelete: leave }
`;

const ANY_HUB: HubResources = {
  tableArn: "table",
  indexArns: ["index"],
  queueArns: ["queue"],
  missedTicksArn: "missed",
  topicArn: "topic",
  busArn: "bus",
  spokeRoles: "roles",
  tableKeyArn: null,
};
/** What the hub's planner and workers, and what its role in the spokes, may do. */
const HUB_ACTIONS = actionsIn([...plannerStatements(ANY_HUB), ...workerStatements(ANY_HUB)]);
const SPOKE_CHANGES = actionsOf(writeActions("full-cycle"));
const SPOKE_ACTIONS = [...actionsOf(readActions()), ...SPOKE_CHANGES];
/** Calls that IAM knows as another one, or as the calls inside of them. */
const PERMISSION_OF: Readonly<Record<string, string>> = {
  "dynamodb:TransactWriteItems": "dynamodb:UpdateItem",
  "sqs:SendMessageBatch": "sqs:SendMessage",
  "sns:PublishBatch": "sns:Publish",
};

const WEB = { namespace: "default", name: "web" } as const;

describe("the hub on the lab", function () {
  this.timeout(300_000);
  let hub: HubLab;
  let pay: LabCluster;
  let ads: LabCluster;
  let store: FleetStore & StateStore;
  let people: Subscriber | undefined;

  before(async () => {
    hub = await startHubLab({ clusters: CLUSTERS, region: REGION, countCalls: true });
    [pay, ads] = [hub.lab.cluster("pay"), hub.lab.cluster("ads")];
    store = hub.openStore(4);
    await addWeb(pay);
    await hub.stack.writeConfig(STACK);
  });
  after(async () => {
    people?.[Symbol.dispose]();
    await hub[Symbol.asyncDispose]();
  });

  /** A failure names what the functions said last. */
  async function untilConverged(cluster: LabCluster, wanted: FleetEntry["wanted"]): Promise<FleetEntry> {
    const id = clusterId(cluster);
    return until(async () => {
      const entry = await store.readEntry(id);
      return entry?.wanted === wanted && entry.unconvergedSince === null && entry;
    }, SOON_MS).catch(async (error: unknown) => {
      const entry = JSON.stringify(await store.readEntry(id));
      throw new Error(`${id} is not ${String(wanted)}: ${entry}\n${await lastWords()}`, { cause: error });
    });
  }

  async function lastWords(): Promise<string> {
    const names = ["curfew-planner-0", "curfew-worker-0", "curfew-worker-1"];
    const texts = await Promise.all(
      names.map(async (name) => `${name}:\n${(await hub.logs(name).catch(() => [])).slice(-40).join("\n")}`),
    );
    return texts.join("\n");
  }

  async function lastReport(cluster: LabCluster): Promise<RunReport> {
    const [report] = await store.listReports(clusterId(cluster), { limit: 1 });
    assert.ok(report);
    return JSON.parse(report.body) as RunReport;
  }

  const called = { hub: new Set<string>(), spokes: new Set<string>() };

  /** Begins a stretch in which only the hub calls AWS; what it called in the stretch before is kept. */
  function nextStretch(): void {
    for (const { account, service, action } of hub.lab.aws.calls()) {
      const permission = PERMISSION_OF[`${service}:${action}`] ?? `${service}:${action}`;
      called[account === HUB_ACCOUNT ? "hub" : "spokes"].add(permission);
    }
    hub.lab.aws.resetCalls();
  }

  /** Nothing else calls AWS meanwhile but the engine, whose calls do not count. */
  async function up(): Promise<void> {
    await hub.stopTicks();
    nextStretch();
    const { exitCode, output } = await hub.stack.up();
    assert.equal(exitCode, 0, output);
    hub.lab.aws.resetCalls();
  }

  const updatesOf = (account: string): number =>
    hub.lab.aws.calls().find((call) => call.account === account && call.action === "UpdateNodegroupConfig")?.count ?? 0;

  /** How many runs the workers have begun on a cluster, by their logs. */
  async function runsOf(cluster: LabCluster): Promise<number> {
    const lines = await Promise.all(["curfew-worker-0", "curfew-worker-1"].map((name) => hub.logs(name)));
    return lines.flat().filter((line) => line.includes("run-started") && line.includes(`"${clusterId(cluster)}"`))
      .length;
  }

  it("comes up with the stack, which registers its clusters as due and leaves them to the hub", async () => {
    await up();
    for (const cluster of [pay, ads]) {
      const entry = await store.readEntry(clusterId(cluster));
      assert.ok(entry && entry.dueAt <= Date.now());
    }
    assert.deepEqual(await sizesOf(pay, ["general"]), { general: [1, 2, 4] });
    assert.deepEqual([updatesOf(pay.account), updatesOf(ads.account)], [0, 0]);
  });

  it("has a topic to which people can subscribe", async () => {
    const { topicArn } = (await hub.stack.outputs())["hub"] as { readonly topicArn: string };
    people = await subscribe(hub.lab, REGION, topicArn);
    assert.deepEqual(await people.heard(), []);
  });

  it("puts both to sleep at the first tick: planner, queue, worker, the role of each account, its real API server", async () => {
    await hub.startTicks(TICK_MS);
    for (const cluster of [pay, ads]) {
      await untilConverged(cluster, "hibernated");
      assert.deepEqual(await sizesOf(cluster, ["general"]), { general: [0, 0, cluster === pay ? 4 : 2] });
      const { result, origin } = await lastReport(cluster);
      assert.deepEqual([result, origin], ["completed", "schedule"]);
      assert.equal(updatesOf(cluster.account), 1);
    }
    const evictions = (await pay.calls()).filter(
      ({ verb, resource }) => verb === "create" && resource === "pods/eviction",
    );
    assert.ok(
      evictions.some(({ user }) => user.includes("curfew-spoke")),
      JSON.stringify(evictions),
    );
    await until(async () => (await pay.admin.core.listNode()).items.length === 0);
  });

  it("says of every other what keeps it, and does not touch their neighbours for it", async () => {
    const expected = [
      ["333333333333", "locked", "role-refused"],
      ["111111111111", "ghost", "cluster-not-found"],
    ] as const;
    for (const [account, name, code] of expected) {
      const id = clusterId({ account, region: REGION, name });
      const entry = await until(async () => {
        const found = await store.readEntry(id);
        return found?.lastCode != null && found;
      }, SOON_MS);
      assert.deepEqual([entry.lastCode, entry.wanted], [code, "hibernated"]);
      assert.ok(entry.unconvergedSince !== null && entry.dueAt > Date.now());
    }
    const late = await store.listUnconverged();
    assert.deepEqual(late.map((entry) => entry.clusterId.split("/").at(-1)).sort(), ["ghost", "locked"]);
  });

  it("tells the people who subscribed of both failures, and of the day", async () => {
    const heard: string[] = [];
    await until(async () => {
      heard.push(...(await people!.heard()));
      return ["/locked", "/ghost", "Of 4 clusters "].every((words) => heard.some((text) => text.includes(words)));
    }, SOON_MS);
  });

  it("goes on ticking and leaves alone what is where it should be", async () => {
    const ticks = async () => (await hub.logs("curfew-planner-0")).filter((line) => line.startsWith("START")).length;
    const before = await ticks();
    nextStretch();
    await until(async () => (await ticks()) >= before + 3, SOON_MS);
    const touched = hub.lab.aws.calls().filter(({ service }) => ["eks", "autoscaling", "sts"].includes(service));
    assert.deepEqual(touched, []);
  });

  it("wakes the second account's cluster when its schedule moves, and lets the first one sleep", async () => {
    await hub.stack.setConfig("curfew:clusters[1].schedule", "awake");
    await up();
    await hub.startTicks(TICK_MS);
    await untilConverged(ads, "running");
    assert.deepEqual(await sizesOf(ads, ["general", "batch"]), { general: [1, 1, 2], batch: [0, 1, 2] });
    await ads.waitForNodes(2);
    assert.deepEqual(await cordonedNodes(ads), []);
    assert.deepEqual([updatesOf(pay.account), updatesOf(ads.account)], [0, 1]);
    assert.deepEqual(await sizesOf(pay, ["general"]), { general: [0, 0, 4] });
  });

  it("does no more for ticks that come twice and at once", async () => {
    const lambda = new LambdaClient(administratorOf(hub.lab, REGION));
    const runsBefore = await runsOf(pay);
    await store.makeDue(clusterId(pay), 0);
    const tick = new InvokeCommand({ FunctionName: "curfew-planner-0", Payload: JSON.stringify({ partition: 0 }) });
    const answers = await Promise.all([lambda.send(tick), lambda.send(tick), lambda.send(tick)]);
    lambda.destroy();
    assert.deepEqual(
      answers.map(({ FunctionError }) => FunctionError),
      [undefined, undefined, undefined],
    );
    await until(async () => (await runsOf(pay)) > runsBefore, SOON_MS);
    const entry = await untilConverged(pay, "hibernated");
    assert.ok(entry.dueAt > Date.now());
    assert.equal(await runsOf(pay), runsBefore + 1);
    assert.equal(updatesOf(pay.account), 0);
  });

  it("called nothing in any account that its roles do not grant", () => {
    nextStretch();
    const beyond = (calls: Set<string>, granted: readonly string[]) =>
      [...calls].filter((call) => !granted.includes(call));
    process.stdout.write(`${grantsTable("the hub", HUB_ACTIONS, called.hub)}\n`);
    process.stdout.write(`${grantsTable("its role in the spokes", SPOKE_ACTIONS, called.spokes)}\n`);
    assert.deepEqual(beyond(called.hub, HUB_ACTIONS), []);
    assert.deepEqual(beyond(called.spokes, SPOKE_ACTIONS), []);
    // No cluster here runs EKS Auto Mode; of the other changes each was made.
    const unused = SPOKE_CHANGES.filter((action) => !called.spokes.has(action));
    assert.deepEqual(unused, ["eks:UpdateClusterConfig"]);
  });

  it("goes away after its clusters, of which the sleeping one wakes first", async () => {
    const { exitCode, output } = await hub.stack.destroy();
    assert.equal(exitCode, 0, `${output}\n${await lastWords()}`);
    assert.deepEqual(await sizesOf(pay, ["general"]), { general: [1, 2, 4] });
    const dynamodb = new DynamoDBClient(administratorOf(hub.lab, REGION));
    await assert.rejects(dynamodb.send(new DescribeTableCommand({ TableName: "curfew-fleet" })), /not found/i);
    dynamodb.destroy();
    await pay.waitForNodes(2);
    await untilReady(pay.admin, WEB, 3);
  });
});

function actionsIn(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap(({ Action }) => Action);
}

/** Three pods of which two must stay: one leaves by eviction, the others when their owner is scaled as declared. */
async function addWeb({ admin }: LabCluster): Promise<void> {
  const { namespace } = WEB;
  await admin.apps.createNamespacedDeployment({ namespace, body: deployment(WEB, 3, { graceSeconds: 1 }) });
  const budget = disruptionBudget(WEB, WEB.name, { maxUnavailable: 1 });
  await admin.policy.createNamespacedPodDisruptionBudget({ namespace, body: budget });
  await untilReady(admin, WEB, 3);
  await untilBudgetObserved(admin, WEB, 3);
}
