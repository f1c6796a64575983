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
const ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444"] as const;

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
    await eachByOne(nights, async (victim, night) => {
      await dieAndRunAgain(victim, "hibernated", night.hibernate);
      await assertAsleep(victim);
      await dieAndRunAgain(victim, "running", night.wake);
      await assertAwake(victim);
    });
  });

  it("on its way to sleep can be woken at once: nothing stays cordoned, evicted or scaled", async () => {
    await eachByOne(
      ["node cordoned", "eviction sent", "owner scaled down", "resized asg/batch"],
      async (victim, dieAt) => {
        await die(victim, "hibernated", dieAt);
        await runAgain(victim, "running");
        await assertAwake(victim);
      },
    );
  });

  /** Hands out the items to the clusters, each of which takes the next as soon as it is free. After a failure no more are begun. */
  async function eachByOne<T>(items: readonly T[], act: (victim: Victim, item: T) => Promise<void>): Promise<void> {
    const queue = [...items];
    const work = async (victim: Victim): Promise<void> => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        await act(victim, item).catch((cause: unknown) => {
          queue.length = 0;
          throw new Error(`after a death at ${JSON.stringify(item)}`, { cause });
        });
      }
    };
    const ends = await Promise.allSettled(victims.map(work));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }
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

async function dieAndRunAgain(victim: Victim, desired: Desired, dieAt: string): Promise<void> {
  await die(victim, desired, dieAt);
  await runAgain(victim, desired);
}

/** A process of its own begins the run and is gone at that moment. */
async function die({ cluster, statePath }: Victim, desired: Desired, dieAt: string): Promise<void> {
  const { account, region, name, roleArn } = cluster;
  const address = { account, region, name, roleArn };
  const order: KillOrder = { address, statePath, desired, settings: SETTINGS, dieAt };
  const child = spawn(process.execPath, [...process.execArgv, CHILD, JSON.stringify(order)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  assert.equal(signal, "SIGKILL", `${desired}: the moment "${dieAt}" did not come`);
}

async function runAgain({ cluster, statePath }: Victim, desired: Desired): Promise<void> {
  const report = await runOnce(cluster, statePath, desired, { settings: SETTINGS, waitForLease: true });
  const isThere = report.result === "completed" || report.result === "nothing-to-do";
  assert.ok(isThere, report.summary);
}

async function assertAsleep({ cluster, statePath }: Victim): Promise<void> {
  assert.deepEqual(await sizesOf(cluster, GROUPS), ASLEEP);
  assert.deepEqual(await nodeNames(cluster), []);
  const cycle = await withStore(statePath, (store) => store.readCycle(clusterId(cluster)));
  const { groups } = parseSnapshot(cycle?.snapshot ?? "", arnOf(cluster));
  const saved = groups.map(({ name, size }) => [name, [size.min, size.desired, size.max]]);
  assert.deepEqual(Object.fromEntries(saved), AWAKE);
}

async function assertAwake({ cluster, statePath }: Victim): Promise<void> {
  assert.deepEqual(await sizesOf(cluster, GROUPS), AWAKE);
  assert.equal((await nodeNames(cluster)).length, 3);
  assert.deepEqual(await cordonedNodes(cluster), []);
  assert.deepEqual(await excludedNodes(cluster), []);
  await untilReady(cluster.admin, WEB, REPLICAS);
  assert.equal(await withStore(statePath, (store) => store.readCycle(clusterId(cluster))), undefined);
}

const arnOf = ({ account, region, name }: LabCluster): string => `arn:aws:eks:${region}:${account}:cluster/${name}`;
