import assert from "node:assert/strict";

import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";

import type { SettingsInput } from "../../runtime/cycle/index.js";
import type { RunReport } from "../../runtime/run/index.js";
import type { LabCluster } from "../lab/index.js";
import { createVolume } from "../lab/volumes/volume.js";
import { deployment, freshNamespace, statefulSet, untilReady } from "../lab/workload.js";
import { sizesOf } from "./look.js";
import { runOnce } from "./runner.js";
import { openStage, type Stage } from "./stage.js";

const GROUPS = [
  { name: "general", kind: "managed", min: 3, desired: 3, max: 6, zones: ["us-east-1b", "us-east-1c"] },
  { name: "data", kind: "self-managed", min: 0, desired: 2, max: 2, zones: ["us-east-1a", "us-east-1d"] },
] as const;
const AWAKE = { general: [3, 3, 6], data: [0, 2, 2] };
const DNS = { namespace: "kube-system", name: "coredns" };
const QUICK: SettingsInput = { nodesReadyTimeoutSeconds: 60, tiers: { timeoutSeconds: 60 }, stageFromNodes: 2 };

describe("a wake in tiers on real parts", function () {
  this.timeout(240_000);
  let stage: Stage;
  let pay: LabCluster;
  let statePath: string;

  before(async () => {
    stage = await openStage({
      clusters: [{ name: "pay", account: "111111111111", region: "us-east-1", groups: GROUPS }],
    });
    pay = stage.lab.cluster("pay");
    await installDns(pay);
  });
  after(() => stage[Symbol.asyncDispose]());

  beforeEach(() => {
    statePath = stage.freshStatePath();
  });
  afterEach(() => stage.reset(pay, []));

  const run = (desired: "running" | "hibernated"): Promise<RunReport> =>
    runOnce(pay, statePath, desired, { settings: QUICK });

  async function night(): Promise<void> {
    const asleep = await run("hibernated");
    assert.equal(asleep.reached, "hibernated", asleep.summary);
    stage.resizes.take();
  }

  it("S49: three nodes come by one, then three, and every size on the wire keeps min <= desired <= max", async () => {
    await night();
    const report = await run("running");
    assert.equal(report.result, "completed", report.summary);
    assert.deepEqual(stage.resizes.take(), [
      { group: "general", min: 0, desired: 1, max: 6 },
      { group: "data", min: 0, desired: 2, max: 2 },
      { group: "general", min: 3, desired: 3, max: 6 },
    ]);
    assert.deepEqual(await sizesOf(pay, ["general", "data"]), AWAKE);
    assert.ok(report.wake?.dnsReadyMs, "DNS serves, by its EndpointSlice as well");
    assert.ok(Number(report.wake.allNodesUsableMs) > report.wake.dnsReadyMs);
  });

  it("S46: a volume whose zone came up without a node is named with claim, zone and group, and others proceed", async () => {
    const namespace = await freshNamespace(pay.admin);
    await installDatabase(pay, namespace, "us-east-1d");
    const web = { namespace, name: "web" };
    await pay.admin.apps.createNamespacedDeployment({ namespace, body: deployment(web, 2, { graceSeconds: 1 }) });
    await untilReady(pay.admin, web, 2);
    await night();
    // Somebody allows the group one node only, which comes up in its first zone.
    await pay.group("data").resize({ min: 0, desired: 0, max: 1 });
    const report = await run("running");
    assert.equal(report.result, "partial", report.summary);
    assert.equal(report.failure?.code, "tier-not-ready");
    assert.match(report.failure.message, new RegExp(`claim ${namespace}/data of StatefulSet ${namespace}/db`));
    assert.match(report.failure.message, /lies in us-east-1d, where no node came up \(asg\/data had one there/);
    assert.match(report.failure.remedy, /Give asg\/data a node in us-east-1d/);
    assert.deepEqual(await sizesOf(pay, ["general", "data"]), { general: [3, 3, 6], data: [0, 1, 1] });
    await untilReady(pay.admin, web, 2);
  });
});

async function installDns({ admin }: LabCluster): Promise<void> {
  const { namespace, name } = DNS;
  const body = deployment(DNS, 2, { graceSeconds: 1 });
  Object.assign(body.metadata ?? {}, { labels: { "k8s-app": "kube-dns" } });
  await admin.apps.createNamespacedDeployment({ namespace, body });
  const spec = { selector: { app: name }, ports: [{ port: 53 }] };
  await admin.core.createNamespacedService({ namespace, body: { metadata: { name: "kube-dns" }, spec } });
  await untilReady(admin, DNS, 2);
}

/** A StatefulSet of one pod on a volume that only nodes of the zone can mount. */
async function installDatabase({ admin }: LabCluster, namespace: string, zone: string): Promise<void> {
  const name = await createVolume(admin, { namespace, name: "data" });
  const term = { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: [zone] }] };
  await admin.core.patchPersistentVolume(
    { name, body: { spec: { nodeAffinity: { required: { nodeSelectorTerms: [term] } } } } },
    setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
  );
  const db = { namespace, name: "db" };
  const body = statefulSet(db, 1, { graceSeconds: 1 });
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
  Object.assign(body.spec?.template.spec ?? {}, { volumes });
  await admin.apps.createNamespacedStatefulSet({ namespace, body });
  await untilReady(admin, db, 1);
}
