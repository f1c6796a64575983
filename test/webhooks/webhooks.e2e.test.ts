import assert from "node:assert/strict";

import type { SettingsInput } from "../../runtime/cycle/index.js";
import type { RunReport } from "../../runtime/run/index.js";
import { nodeNames } from "../e2e/look.js";
import { runOnce } from "../e2e/runner.js";
import { openStage, type Stage } from "../e2e/stage.js";
import type { LabCluster } from "../lab/index.js";
import { until } from "../lab/until.js";
import { deployment, untilReady } from "../lab/workload.js";
import {
  editFirst,
  failedCreates,
  firstWebhook,
  installGuard,
  installNetwork,
  overPods,
  putMutating,
  putValidating,
  readValidating,
  removeWebhooks,
  untilInForce,
  webhookOf,
  type Guard,
} from "./scene.js";

const NODES = 2;
const WITHOUT: SettingsInput = {
  measures: { webhooks: "off" },
  nodesReadyTimeoutSeconds: 8,
  tiers: { timeoutSeconds: 2 },
};
const WITH: SettingsInput = {
  nodesReadyTimeoutSeconds: 90,
  tiers: { timeoutSeconds: 60 },
  webhooks: { restoreTimeoutSeconds: 90 },
};

describe("webhooks on a real API server", function () {
  this.timeout(240_000);
  let stage: Stage;
  let pay: LabCluster;
  let guard: Guard;
  let statePath: string;

  before(async () => {
    const general = { name: "general", kind: "managed", min: 0, desired: 0, max: 4 } as const;
    const clusters = [{ name: "pay", account: "111111111111", region: "us-east-1", groups: [general] }];
    stage = await openStage({ cniGate: true, clusters });
    pay = stage.lab.cluster("pay");
    await installNetwork(pay);
    await stage.administrator(pay).resize("general", [1, NODES, 4]);
    await pay.waitForNodes(NODES, 60_000);
    guard = await installGuard(pay, "guard");
  });
  after(async () => {
    guard.backend.close();
    await stage[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    statePath = stage.freshStatePath();
  });
  afterEach(async () => {
    guard.backend.behave("allow");
    guard.backend.comeBack();
    await removeWebhooks(pay);
    await run("running");
    await pay.waitForNodes(NODES, 60_000);
    await untilReady(pay.admin, guard.named, 1, 60_000);
  });

  const run = (desired: "running" | "hibernated", settings: SettingsInput = WITH): Promise<RunReport> =>
    runOnce(pay, statePath, desired, { settings });

  async function completed(desired: "running" | "hibernated", settings?: SettingsInput): Promise<RunReport> {
    const report = await run(desired, settings);
    assert.equal(report.result, "completed", report.summary);
    return report;
  }

  it("S34: a webhook without endpoints keeps every node from joining, and the contract gets them back", async () => {
    await putValidating(pay, "kyverno-pods", [webhookOf(guard)]);
    await untilInForce(pay, guard);
    await completed("hibernated", WITHOUT);
    const dead = await run("running", WITHOUT);
    assert.notEqual(dead.result, "completed", dead.summary);
    assert.match(dead.summary, /pods\.guard\.test.*guard\/guard/);
    assert.match(await failedCreates(pay, "kube-system"), /failed calling webhook.*no endpoints available/);
    await until(async () => (await nodeNames(pay)).length === NODES);

    const before = guard.backend.reviews.length;
    const saved = await completed("running");
    await pay.waitForNodes(NODES);
    assert.equal(saved.relaxedWebhooks, undefined);
    const { namespaceSelector } = await firstWebhook(pay, "kyverno-pods");
    assert.deepEqual(namespaceSelector ?? {}, {});
    const rehearsed = guard.backend.reviews.slice(before).filter(({ name }) => name === "curfew-rehearsal");
    assert.deepEqual(
      rehearsed.map(({ namespace }) => namespace),
      ["kube-system"],
    );
  });

  it("S34: relaxed before the drain, one on everything there is lets the cluster wake and guards it as before", async () => {
    const rules = [{ operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"] }];
    await putValidating(pay, "kyverno-all", [webhookOf(guard, { rules, timeoutSeconds: 2 })]);
    await untilInForce(pay, guard);
    const before = await readValidating(pay, "kyverno-all");
    await completed("hibernated");
    const night = await firstWebhook(pay, "kyverno-all");
    assert.equal(night.failurePolicy, "Fail");
    assert.match(JSON.stringify(night.matchConditions), /curfew\.dev\/asleep/);
    await completed("running");
    await pay.waitForNodes(NODES);
    const after = await readValidating(pay, "kyverno-all");
    assert.deepEqual(after.webhooks, before.webhooks);
    assert.deepEqual(after.metadata?.annotations, before.metadata?.annotations);
  });

  it("S35: a long time-out into a black hole is shortened for the night and is 30 s again", async () => {
    const slow = { failurePolicy: "Ignore", timeoutSeconds: 30 };
    await putValidating(pay, "slow", [webhookOf(guard, slow)]);
    guard.backend.behave("hang");
    await completed("hibernated");
    assert.equal((await firstWebhook(pay, "slow")).timeoutSeconds, 3);
    await completed("running");
    const { timeoutSeconds, failurePolicy } = await firstWebhook(pay, "slow");
    assert.deepEqual([timeoutSeconds, failurePolicy], [30, "Ignore"]);
  });

  it("S36: a webhook on deletions does not keep evicted pods from ending", async () => {
    const web = { namespace: "default", name: "web" };
    await pay.admin.apps.createNamespacedDeployment({
      namespace: "default",
      body: deployment(web, 2, { graceSeconds: 1 }),
    });
    await untilReady(pay.admin, web, 2);
    await putValidating(pay, "deletions", [webhookOf(guard, { rules: [overPods("DELETE")] })]);
    guard.backend.vanish();
    const stuck = await run("hibernated", { ...WITHOUT, drain: { timeoutSeconds: 8 } });
    assert.notEqual(stuck.result, "completed", stuck.summary);

    await completed("hibernated");
    guard.backend.comeBack();
    await completed("running");
    const { matchConditions } = await firstWebhook(pay, "deletions");
    assert.equal(matchConditions, undefined);
    await pay.admin.apps.deleteNamespacedDeployment(web);
  });

  it("S37, S38, S39: gives back what is Curfew's, and nothing that is somebody else's", async () => {
    const rotated = Buffer.from(`${Buffer.from(guard.backend.caBundle, "base64").toString()}\n`).toString("base64");
    await putValidating(pay, "rotated", [webhookOf(guard)]);
    await putValidating(pay, "edited", [webhookOf(guard)]);
    await putValidating(pay, "anew", [webhookOf(guard)]);
    // Each would be relaxed if it were anybody else's.
    const slow = { failurePolicy: "Ignore", timeoutSeconds: 30 };
    const byUrl = { ...slow, clientConfig: { url: "https://127.0.0.1:1/", caBundle: guard.backend.caBundle } };
    const foreign = await putValidating(pay, "by-url", [webhookOf(guard, byUrl)]);
    const ofEks = await putMutating(pay, "vpc-resource-mutating-webhook", [webhookOf(guard, slow)]);

    await completed("hibernated");
    await editFirst(pay, "rotated", (webhook) => (webhook.clientConfig.caBundle = rotated));
    const theirs = { matchLabels: { "kubernetes.io/metadata.name": "default" } };
    await editFirst(pay, "edited", (webhook) => {
      webhook.namespaceSelector = theirs;
      webhook.failurePolicy = "Ignore";
    });
    const anew = await putValidating(pay, "anew", [webhookOf(guard, { failurePolicy: "Ignore" })]);
    const report = await completed("running");

    const { clientConfig, namespaceSelector } = await firstWebhook(pay, "rotated");
    assert.deepEqual([clientConfig.caBundle, namespaceSelector], [rotated, {}]);
    const edited = await firstWebhook(pay, "edited");
    assert.deepEqual([edited.namespaceSelector, edited.failurePolicy], [theirs, "Ignore"]);
    assert.match(report.drift.join("\n"), /edited.*was changed by somebody/);
    assert.deepEqual(await readValidating(pay, "anew"), anew);
    assert.deepEqual(await readValidating(pay, "by-url"), foreign);
    const name = "vpc-resource-mutating-webhook";
    assert.deepEqual(await pay.admin.admission.readMutatingWebhookConfiguration({ name }), ofEks);
  });

  it("S48: one whose pods are Ready but do not answer is relaxed again, and comes back once they do", async () => {
    await putValidating(pay, "kyverno-pods", [webhookOf(guard)]);
    await untilInForce(pay, guard);
    await completed("hibernated");
    guard.backend.vanish();
    const report = await run("running", { ...WITH, webhooks: { restoreTimeoutSeconds: 20 } });
    assert.equal(report.result, "partial", report.summary);
    assert.equal(report.failure?.code, "webhooks-relaxed");
    assert.match(report.relaxedWebhooks?.[0]?.why ?? "", /failed calling webhook/);
    const { namespaceSelector } = await firstWebhook(pay, "kyverno-pods");
    assert.match(JSON.stringify(namespaceSelector), /kube-system/);

    guard.backend.comeBack();
    const again = await completed("running");
    assert.equal(again.relaxedWebhooks, undefined);
    assert.deepEqual((await firstWebhook(pay, "kyverno-pods")).namespaceSelector, {});
  });
});
