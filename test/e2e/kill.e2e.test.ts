import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { SettingsInput } from "../../runtime/cycle/index.js";
import { setEnvironment } from "../adapters/aws/environment.js";
import { startLab, type Lab, type LabCluster } from "../lab/index.js";
import { deployment, disruptionBudget, untilBudgetObserved, untilReady } from "../lab/workload.js";
import {
  cleanRun,
  die,
  dieAndRunAgain,
  eachByOne,
  isCycleOpen,
  pairMoments,
  runAgain,
  savedSizes,
  type Victim,
} from "./kill-victim.js";
import { cordonedNodes, excludedNodes, nodeNames, sizesOf } from "./look.js";

const GROUPS = ["general", "batch"] as const;
const AWAKE = { general: [1, 2, 4], batch: [0, 1, 2] };
const ASLEEP = { general: [0, 0, 4], batch: [0, 0, 2] };
const WEB = { namespace: "default", name: "web" } as const;
const REPLICAS = 2;
/** The budget holds the last pod, so that the policy has something to do. */
const SETTINGS: SettingsInput = {
  drain: { policy: "scale-owners", timeoutSeconds: 8 },
  leaseSeconds: 3,
  nodesStableSeconds: 0,
};
/** Several clusters die and come back side by side: a night is mostly waiting. */
const ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444"] as const;

describe("a process killed at any moment of a real run", function () {
  this.timeout(600_000);
  let lab: Lab;
  let folder: string;
  let victims: readonly Victim[];
  let restoreEnvironment: () => void;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "curfew-kill-"));
    lab = await startLab({
      clusters: ACCOUNTS.map((account) => ({
        name: `pay-${account}`,
        account,
        region: "us-east-1",
        groups: [
          { name: "general", kind: "managed", min: 1, desired: 2, max: 4 },
          { name: "batch", kind: "self-managed", min: 0, desired: 1, max: 2 },
        ],
      })),
    });
    restoreEnvironment = setEnvironment(lab.environment);
    await lab.aws.setTiming({ updateMs: 200, launchMs: 300, terminateMs: 300 });
    victims = lab.clusters.map((cluster) => ({
      cluster,
      statePath: join(folder, `${cluster.name}.db`),
      settings: SETTINGS,
    }));
    await Promise.all(victims.map(({ cluster }) => furnish(cluster)));
  });

  after(async () => {
    restoreEnvironment();
    await lab.stop();
    rmSync(folder, { recursive: true });
  });

  it("is followed by a run that ends asleep with the original sizes saved, and by a wake that ends as before the night", async () => {
    const [first] = victims as [Victim];
    const nights = pairMoments(await cleanRun(first, "hibernated"), await cleanRun(first, "running"));
    assert.ok(nights.length >= 15, `only ${nights.length} moments`);
    await eachByOne(victims, nights, async (victim, night) => {
      await dieAndRunAgain(victim, "hibernated", night.hibernate);
      await assertAsleep(victim);
      await dieAndRunAgain(victim, "running", night.wake);
      await assertAwake(victim);
    });
  });

  it("on its way to sleep can be woken at once: nothing stays cordoned, evicted or scaled", async () => {
    await eachByOne(
      victims,
      ["node cordoned", "eviction sent", "owner scaled down", "resized asg/batch"],
      async (victim, dieAt) => {
        await die(victim, "hibernated", dieAt);
        await runAgain(victim, "running");
        await assertAwake(victim);
      },
    );
  });
});

async function furnish({ admin }: LabCluster): Promise<void> {
  const { namespace } = WEB;
  await admin.apps.createNamespacedDeployment({ namespace, body: deployment(WEB, REPLICAS, { graceSeconds: 1 }) });
  const body = disruptionBudget(WEB, WEB.name, { minAvailable: 1 });
  await admin.policy.createNamespacedPodDisruptionBudget({ namespace, body });
  await untilReady(admin, WEB, REPLICAS);
  await untilBudgetObserved(admin, WEB, REPLICAS);
}

async function assertAsleep(victim: Victim): Promise<void> {
  assert.deepEqual(await sizesOf(victim.cluster, GROUPS), ASLEEP);
  assert.deepEqual(await nodeNames(victim.cluster), []);
  assert.deepEqual(await savedSizes(victim), AWAKE);
}

async function assertAwake(victim: Victim): Promise<void> {
  const { cluster } = victim;
  assert.deepEqual(await sizesOf(cluster, GROUPS), AWAKE);
  assert.equal((await nodeNames(cluster)).length, 3);
  assert.deepEqual(await cordonedNodes(cluster), []);
  assert.deepEqual(await excludedNodes(cluster), []);
  await untilReady(cluster.admin, WEB, REPLICAS);
  assert.equal(await isCycleOpen(victim), false);
}
