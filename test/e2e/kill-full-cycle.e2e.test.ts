import assert from "node:assert/strict";

import { MARK, type SettingsInput } from "../../runtime/cycle/index.js";
import {
  CLUSTER_AUTOSCALER,
  startClusterAutoscaler,
  type LabClusterAutoscaler,
} from "../lab/controllers/cluster-autoscaler.js";
import type { LabCluster } from "../lab/index.js";
import { deployment, untilReady } from "../lab/workload.js";
import { firstWebhook, installGuard, putValidating, readValidating, webhookOf, type Guard } from "../webhooks/scene.js";
import {
  cleanRun,
  dieAndRunAgain,
  eachByOne,
  isCycleOpen,
  pairMoments,
  savedSizes,
  type Victim,
} from "./kill-victim.js";
import { cordonedNodes, nodeNames, sizesOf } from "./look.js";
import { openStage, type Stage } from "./stage.js";

const GROUPS = ["general"] as const;
const AWAKE = { general: [1, 2, 4] };
const ASLEEP = { general: [0, 0, 4] };
const LONG_MS = 60_000;
const WEB = { namespace: "default", name: "web" } as const;
const REPORT = { namespace: "default", name: "report" } as const;
const CONFIGURATION = "guard";
/** Between two steps, and right after an object was amended or given back. */
const IS_TESTED = /^(step-started|patched) /;
const SETTINGS: SettingsInput = {
  drain: { timeoutSeconds: 60 },
  leaseSeconds: 3,
  nodesStableSeconds: 0,
  nodesReadyTimeoutSeconds: 90,
  webhooks: { restoreTimeoutSeconds: 90 },
};
/** A night is mostly waiting, so several clusters have theirs side by side. */
const ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444", "555555555555"] as const;

/** What fights in one cluster, and answers for its webhook. */
interface Scene {
  readonly guard: Guard;
  readonly autoscaler: LabClusterAutoscaler;
  /** As they were before the first night. */
  readonly before: Awaited<ReturnType<typeof fieldsOf>>;
}

describe("S26: a process killed at any step of a real cycle with a webhook, a CronJob and an autoscaler", function () {
  this.timeout(600_000);
  let stage: Stage;
  let victims: readonly Victim[];
  const scenes = new Map<string, Scene>();

  before(async () => {
    const groups = [{ name: "general", kind: "managed" as const, min: 1, desired: 2, max: 4 }];
    stage = await openStage({
      clusters: ACCOUNTS.map((account) => ({ name: `pay-${account}`, account, region: "us-east-1", groups })),
    });
    await stage.lab.aws.setTiming({ updateMs: 200, launchMs: 300, terminateMs: 300 });
    victims = stage.lab.clusters.map((cluster) => ({ cluster, statePath: stage.freshStatePath(), settings: SETTINGS }));
    await Promise.all(
      victims.map(async ({ cluster }) => {
        scenes.set(cluster.name, await furnish(cluster));
      }),
    );
  });

  after(async () => {
    for (const { guard, autoscaler } of scenes.values()) {
      guard.backend.close();
      await autoscaler.stop();
    }
    await stage[Symbol.asyncDispose]();
  });

  it("ends with the next run where it was to end, and every field and size is the original in the morning", async () => {
    const [first] = victims as [Victim];
    const night = (await cleanRun(first, "hibernated")).filter((moment) => IS_TESTED.test(moment));
    await assertAsleep(first);
    const morning = (await cleanRun(first, "running")).filter((moment) => IS_TESTED.test(moment));
    await assertAwake(first);
    assert.ok(night.length >= 10 && morning.length >= 12, [...night, ...morning].join("\n"));
    await eachByOne(victims, pairMoments(night, morning), async (victim, { hibernate, wake }) => {
      await dieAndRunAgain(victim, "hibernated", hibernate);
      await assertAsleep(victim);
      await dieAndRunAgain(victim, "running", wake);
      await assertAwake(victim);
    });
  });

  async function assertAwake(victim: Victim): Promise<void> {
    const { cluster } = victim;
    assert.deepEqual(await sizesOf(cluster, GROUPS), AWAKE);
    assert.equal((await nodeNames(cluster)).length, 2);
    assert.deepEqual(await cordonedNodes(cluster), []);
    assert.deepEqual(await fieldsOf(cluster), scenes.get(cluster.name)?.before);
    assert.equal(await isCycleOpen(victim), false);
    await untilReady(cluster.admin, WEB, 2, LONG_MS);
    await untilReady(cluster.admin, CLUSTER_AUTOSCALER, 1, LONG_MS);
  }
});

async function furnish(cluster: LabCluster): Promise<Scene> {
  const { apps, batch } = cluster.admin;
  const { namespace } = WEB;
  const autoscaler = await startClusterAutoscaler(cluster, "general");
  const guard = await installGuard(cluster, "guard");
  await putValidating(cluster, CONFIGURATION, [webhookOf(guard)]);
  await apps.createNamespacedDeployment({ namespace, body: deployment(WEB, 2, { graceSeconds: 1 }) });
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "none" }] } };
  const spec = { schedule: "0 0 1 1 *", jobTemplate: { spec: { template } } };
  await batch.createNamespacedCronJob({ namespace, body: { metadata: REPORT, spec } });
  await untilReady(cluster.admin, WEB, 2, LONG_MS);
  await untilReady(cluster.admin, CLUSTER_AUTOSCALER, 1, LONG_MS);
  return { guard, autoscaler, before: await fieldsOf(cluster) };
}

/** What a night changes of objects, and the mark with which it does. */
async function fieldsOf(cluster: LabCluster) {
  const { apps, batch } = cluster.admin;
  const autoscaler = await apps.readNamespacedDeployment(CLUSTER_AUTOSCALER);
  const report = await batch.readNamespacedCronJob(REPORT);
  const configuration = await readValidating(cluster, CONFIGURATION);
  return {
    replicas: autoscaler.spec?.replicas,
    suspend: report.spec.suspend,
    webhook: await firstWebhook(cluster, CONFIGURATION),
    marks: [autoscaler, report, configuration].filter(({ metadata }) => metadata?.annotations?.[MARK]).length,
  };
}

async function assertAsleep(victim: Victim): Promise<void> {
  const { cluster } = victim;
  assert.deepEqual(await sizesOf(cluster, GROUPS), ASLEEP);
  assert.deepEqual(await nodeNames(cluster), []);
  assert.deepEqual(await savedSizes(victim), AWAKE);
  const { replicas, suspend, webhook, marks } = await fieldsOf(cluster);
  assert.deepEqual([replicas, suspend, marks], [0, true, 3]);
  assert.match(JSON.stringify(webhook.namespaceSelector), /kube-system/);
}
