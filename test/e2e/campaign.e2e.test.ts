import assert from "node:assert/strict";

import { openRuntime } from "../../runtime/compose.js";
import { runCli } from "../../runtime/cli/run-cli.js";
import { openSfnCampaigns } from "../../runtime/adapters/sfn/campaigns.js";
import { holdAt } from "../../runtime/fleet/index.js";
import {
  clusterId,
  type CampaignOrder,
  type CampaignRun,
  type Campaigns,
  type FleetStore,
  type StateStore,
} from "../../runtime/ports/index.js";
import { setEnvironment } from "../adapters/aws/environment.js";
import { startHubLab, type HubLab } from "../lab/hub/hub-lab.js";
import type { ClusterSpec, LabCluster } from "../lab/index.js";
import { until } from "../lab/until.js";
import { sizesOf } from "./look.js";

const REGION = "eu-west-1";
const TICK_MS = 2_000;
const SOON_MS = 120_000;
const GROUP = { name: "general", kind: "managed", min: 1, desired: 1, max: 2 } as const;

const CLUSTERS: readonly ClusterSpec[] = [
  { name: "pay", account: "111111111111", region: "eu-west-1", groups: [GROUP] },
  { name: "ads", account: "222222222222", region: "us-east-1", groups: [GROUP] },
];

const STACK = `config:
  curfew:hub:
    region: ${REGION}
    deletionProtection: false
    dueShards: 4
    shards: 1
    recheckSeconds: 86400
    workers: { timeoutSeconds: 60 }
  curfew:schedules:
    awake: { timezone: UTC, awake: always }
  curfew:settings: { nodesStableSeconds: 0, leaseSeconds: 15, pollSeconds: 1 }
  curfew:clusters:
    - { name: pay, account: "111111111111", region: eu-west-1, schedule: awake, tags: { tier: low } }
    - { name: ads, account: "222222222222", region: us-east-1, schedule: awake, tags: { tier: high } }
`;

/** The definition is the one that the hub is deployed with, Distributed Map and all; only its waits are shorter. */
describe("a campaign on the lab", function () {
  this.timeout(300_000);
  const running = new AsyncDisposableStack();
  let hub: HubLab;
  let pay: LabCluster;
  let ads: LabCluster;
  let store: FleetStore & StateStore;
  let campaigns: Campaigns;

  before(async () => {
    hub = running.use(await startHubLab({ clusters: CLUSTERS, region: REGION }));
    running.defer(setEnvironment({ ...hub.lab.environment, AWS_REGION: REGION }));
    [pay, ads] = [hub.lab.cluster("pay"), hub.lab.cluster("ads")];
    store = hub.openStore(4);
    campaigns = running.adopt(openSfnCampaigns(REGION), (each) => each.close());
    await hub.stack.writeConfig(STACK);
    const { exitCode, output } = await hub.stack.up();
    assert.equal(exitCode, 0, output);
    await hub.startTicks(TICK_MS);
  });
  after(() => running.disposeAsync());

  async function curfew(...argv: readonly string[]) {
    let [out, err] = ["", ""];
    const code = await runCli({
      argv: [...argv, "--config", "fleet.yaml"],
      environment: { ...hub.lab.environment, USER: "ana", AWS_REGION: REGION },
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      cwd: "/nowhere",
      signal: new AbortController().signal,
      now: Date.now,
      openRuntime,
      readText: (path) => Promise.resolve(path.endsWith("fleet.yaml") ? STACK : undefined),
      writeText: () => Promise.reject(new Error("nothing is written here")),
    });
    return { code, out, err };
  }

  /** A failure names what the functions said last. */
  async function untilOver(id: string): Promise<CampaignRun> {
    return until(async () => {
      const run = await campaigns.read(id);
      return run.status !== "running" && run;
    }, SOON_MS).catch(async (error: unknown) => {
      const logs = await Promise.all(["curfew-campaign", "curfew-worker-0"].map((name) => hub.logs(name)));
      throw new Error(logs.map((lines) => lines.slice(-20).join("\n")).join("\n\n"), { cause: error });
    });
  }

  const holdOf = async (cluster: LabCluster) => holdAt((await store.readCluster(clusterId(cluster)))?.hold, Date.now());

  it("puts one group to sleep after the other, and is watched while it does", async () => {
    const groups = ["--group", "first=tier=low", "--group", "then=region=us-*"];
    const wish = ["--state", "hibernated", "--until", "+2h", "--reason", "power cut"];
    const started = await curfew("campaign", "start", ...groups, ...wish, "--json");
    assert.equal(started.code, 0, started.err);
    const { campaign } = JSON.parse(started.out) as { readonly campaign: string };

    const watched = await curfew("campaign", "watch", campaign);
    assert.equal(watched.code, 0, `${watched.err}\n${watched.out}`);
    assert.match(watched.out, /^first: 1 of 1 there\nthen: 1 of 1 there\nDone at /);
    for (const cluster of [pay, ads]) assert.deepEqual(await sizesOf(cluster, ["general"]), { general: [0, 0, 2] });

    const [report] = await store.listReports(clusterId(pay), { limit: 1 });
    const noted = await holdOf(ads);
    assert.ok(report && noted?.notedAt != null);
    assert.ok(noted.notedAt >= report.finishedAt, "the second group began before the first was asleep");
    assert.deepEqual([noted.owner, noted.reason], ["ana", "power cut"]);
  });

  it("wakes whatever a filter fits, as the console would ask for it, and leaves the others asleep", async () => {
    const wish = {
      state: "running",
      until: new Date(Date.now() + 3_600_000).toISOString(),
      reason: "over",
      owner: "ben",
    };
    const order = { ...wish, filter: { regions: ["us-*"] } } as unknown as Parameters<Campaigns["start"]>[1];
    const run = await untilOver(await campaigns.start("curfew-campaigns", order));
    assert.deepEqual([run.status, run.cause], ["succeeded", null]);
    assert.deepEqual(await sizesOf(ads, ["general"]), { general: [1, 1, 2] });
    assert.deepEqual(await sizesOf(pay, ["general"]), { general: [0, 0, 2] });
  });

  /** A campaign that comes too late for each of its clusters. */
  const tooLate = (toleratedFailurePercentage: number): CampaignOrder => ({
    groups: [
      { name: "first", clusters: [clusterId(pay)] },
      { name: "then", clusters: [clusterId(ads)] },
    ],
    state: "hibernated",
    until: "2026-01-01T00:00:00Z",
    reason: "too late",
    owner: "ana",
    toleratedFailurePercentage,
    deadlineSeconds: 60,
  });
  const complaintsOf = async (cluster: LabCluster) =>
    (await hub.logs("curfew-campaign")).filter((line) => line.includes(`${clusterId(cluster)}: the hold has ended`));

  it("ends when more of a group fail than are tolerated, before the next group begins", async () => {
    const run = await untilOver(await campaigns.start("curfew-campaigns", tooLate(0)));
    assert.equal(run.status, "failed");
    assert.match(run.cause ?? "", /^States\.ExceedToleratedFailureThreshold/);
    assert.ok((await complaintsOf(pay)).length > 0);
    assert.deepEqual(await complaintsOf(ads), []);
  });

  it("goes on to the next group when no more fail than are tolerated", async () => {
    const run = await untilOver(await campaigns.start("curfew-campaigns", tooLate(100)));
    assert.deepEqual([run.status, run.cause], ["succeeded", null]);
    assert.ok((await complaintsOf(ads)).length > 0);
    assert.equal((await holdOf(ads))?.reason, "over");
  });

  it("fails with our own code when it is no campaign", async () => {
    const order = { groups: [["pay"]], state: "asleep" } as unknown as Parameters<Campaigns["start"]>[1];
    const run = await untilOver(await campaigns.start("curfew-campaigns", order));
    assert.equal(run.status, "failed");
    assert.match(run.cause ?? "", /^config-invalid: .*state/);
  });
});
