import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { parseSnapshot, type SettingsInput } from "../../runtime/cycle/index.js";
import { clusterId } from "../../runtime/ports/index.js";
import { setEnvironment } from "../adapters/aws/environment.js";
import { startLab, type Lab, type LabCluster } from "../lab/index.js";
import { deployment, disruptionBudget, untilBudgetObserved, untilReady } from "../lab/workload.js";
import type { KillOrder } from "./kill-child.js";
import { cordonedNodes, excludedNodes, nodeNames, sizesOf } from "./look.js";
import { tellMoments } from "./moments.js";
import { runOnce, withStore } from "./runner.js";

// The same ending as this file: it runs compiled and as it stands.
const CHILD = fileURLToPath(new URL(`./kill-child${extname(import.meta.filename)}`, import.meta.url));

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
const ACCOUNTS = ["111111111111", "222222222222", "333333333333"] as const;

type Desired = KillOrder["desired"];

/** One cluster with its state file. */
interface Victim {
  readonly cluster: LabCluster;
  readonly statePath: string;
}

describe("a process killed at any moment of a real run", function () {
  this.timeout(300_000);
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
    victims = lab.clusters.map((cluster) => ({ cluster, statePath: join(folder, `${cluster.name}.db`) }));
    await Promise.all(victims.map(({ cluster }) => furnish(cluster)));
  });

  after(async () => {
    restoreEnvironment();
    await lab.stop();
    rmSync(folder, { recursive: true });
  });

  it("is followed by a run that ends asleep with the original sizes saved, and by a wake that ends as before the night", async () => {
    const [first] = victims as [Victim];
    const nights = pair(await cleanRun(first, "hibernated"), await cleanRun(first, "running"));
    assert.ok(nights.length >= 15, `only ${nights.length} moments`);
    const queue = [...nights];
    await Promise.all(
      victims.map(async (victim) => {
        for (let night = queue.shift(); night; night = queue.shift()) {
          await dieAndRunAgain(victim, "hibernated", night.hibernate);
          await assertAsleep(victim, night.hibernate);
          await dieAndRunAgain(victim, "running", night.wake);
          await assertAwake(victim, night.wake);
        }
      }),
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

/** Runs undisturbed and gives every moment at which a process could have died. */
async function cleanRun({ cluster, statePath }: Victim, desired: Desired): Promise<readonly string[]> {
  const moments = new Set<string>();
  const report = await runOnce(cluster, statePath, desired, {
    settings: SETTINGS,
    ...tellMoments((moment) => moments.add(moment)),
  });
  assert.equal(report.result, "completed", report.summary);
  return [...moments];
}

/** Every moment of both runs occurs; the shorter list begins again. */
function pair(hibernate: readonly string[], wake: readonly string[]) {
  return Array.from({ length: Math.max(hibernate.length, wake.length) }, (_, index) => ({
    hibernate: hibernate[index % hibernate.length] ?? "",
    wake: wake[index % wake.length] ?? "",
  }));
}

async function dieAndRunAgain({ cluster, statePath }: Victim, desired: Desired, dieAt: string): Promise<void> {
  const { account, region, name, roleArn } = cluster;
  const order: KillOrder = {
    address: { account, region, name, roleArn },
    statePath,
    desired,
    settings: SETTINGS,
    dieAt,
  };
  const child = spawn(process.execPath, [...process.execArgv, CHILD, JSON.stringify(order)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  assert.equal(signal, "SIGKILL", `${desired}: the moment "${dieAt}" did not come`);
  const report = await runOnce(cluster, statePath, desired, { settings: SETTINGS, waitForLease: true });
  const isThere = report.result === "completed" || report.result === "nothing-to-do";
  assert.ok(isThere, `${desired}, died at "${dieAt}": ${report.summary}`);
}

async function assertAsleep({ cluster, statePath }: Victim, diedAt: string): Promise<void> {
  assert.deepEqual(await sizesOf(cluster, GROUPS), ASLEEP, `died at "${diedAt}"`);
  assert.deepEqual(await nodeNames(cluster), [], `died at "${diedAt}"`);
  const cycle = await withStore(statePath, (store) => store.readCycle(clusterId(cluster)));
  const { groups } = parseSnapshot(cycle?.snapshot ?? "", arnOf(cluster));
  const saved = groups.map(({ name, size }) => [name, [size.min, size.desired, size.max]]);
  assert.deepEqual(Object.fromEntries(saved), AWAKE, `died at "${diedAt}"`);
}

async function assertAwake({ cluster, statePath }: Victim, diedAt: string): Promise<void> {
  assert.deepEqual(await sizesOf(cluster, GROUPS), AWAKE, `died at "${diedAt}"`);
  assert.equal((await nodeNames(cluster)).length, 3, `died at "${diedAt}"`);
  assert.deepEqual(await cordonedNodes(cluster), [], `died at "${diedAt}"`);
  assert.deepEqual(await excludedNodes(cluster), [], `died at "${diedAt}"`);
  await untilReady(cluster.admin, WEB, REPLICAS);
  assert.equal(await withStore(statePath, (store) => store.readCycle(clusterId(cluster))), undefined);
}

const arnOf = ({ account, region, name }: LabCluster): string => `arn:aws:eks:${region}:${account}:cluster/${name}`;
