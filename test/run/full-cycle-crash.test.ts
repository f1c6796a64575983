import assert from "node:assert/strict";

import { EVERYTHING, fullCluster, type FullCluster } from "./full-cycle-cluster.js";
import { mortal } from "./mortal-ports.js";

type Desired = "running" | "hibernated";

const CLUSTER_ID = "111111111111/eu-west-1/pay";
const ASLEEP = { "asg/batch": [0, 0, 4], "managed/general": [0, 0, 6] };
const AMENDED = [
  "Application web",
  "CronJob report",
  "Deployment cluster-autoscaler",
  "Job etl",
  "MutatingWebhookConfiguration inject",
  "NodePool open",
  "NodePool static",
  "ScaledObject ours",
  "ValidatingWebhookConfiguration guard",
];

/** Runs and dies at that effect (0: never); gives how many effects there were. */
async function die(pay: FullCluster, desired: Desired, dieAt: number): Promise<number> {
  const { store, listener, effects } = mortal(pay.store, dieAt);
  const stop = pay.world.onMutation(listener);
  const report = await pay.run(desired, { operationId: `dying-${desired}`, settings: EVERYTHING, ports: { store } });
  stop();
  if (dieAt === 0) assert.equal(report.result, "completed", report.summary);
  return effects();
}

async function runAgain(pay: FullCluster, desired: Desired): Promise<void> {
  const operationId = `again-${desired}`;
  const report = await pay.run(desired, { operationId, settings: EVERYTHING, waitForLease: true });
  assert.ok(["completed", "nothing-to-do"].includes(report.result), `${desired}: ${report.summary}`);
}

async function assertAsleep(pay: FullCluster): Promise<void> {
  assert.deepEqual(await pay.sizes(), ASLEEP);
  assert.deepEqual(await pay.cluster.kubernetes.listNodes(), []);
  assert.deepEqual(pay.marked(), AMENDED);
}

async function assertAwake(pay: FullCluster, before: object): Promise<void> {
  assert.deepEqual(await pay.held(), before);
  assert.deepEqual(pay.marked(), []);
  const nodes = await pay.cluster.kubernetes.listNodes();
  assert.ok(nodes.length >= 5 && nodes.every(({ isUnschedulable }) => !isUnschedulable));
  assert.ok(pay.cluster.allPods().every(({ isReady }) => isReady));
  assert.equal(await pay.store.readCycle(CLUSTER_ID), undefined);
}

/** S30: sizes as AWS takes them, whatever happened. */
function assertSizesInOrder({ world }: FullCluster): void {
  for (const { call, detail } of world.mutations()) {
    if (call !== "resize") continue;
    const { min, desired, max } = detail as Readonly<Record<"min" | "desired" | "max", number>>;
    assert.ok(0 <= min && min <= desired && desired <= max && max >= 1, JSON.stringify(detail));
  }
}

/** Carries out one story per effect, and tells which death it was that came out wrong. */
async function each(deaths: readonly number[], story: (dieAt: number) => Promise<void>): Promise<void> {
  for (const dieAt of deaths) {
    await story(dieAt).catch((cause: unknown) => {
      throw new Error(`died at effect ${dieAt}`, { cause });
    });
  }
}

const upTo = (total: number): readonly number[] => Array.from({ length: total }, (_, index) => index + 1);

describe("S26: a process that dies at any effect while everything there is to hold still is held still", () => {
  let nightEffects: number;
  let morningEffects: number;

  before(async () => {
    const pay = fullCluster();
    const before = await pay.held();
    nightEffects = await die(pay, "hibernated", 0);
    await assertAsleep(pay);
    morningEffects = await die(pay, "running", 0);
    await assertAwake(pay, before);
    assert.ok(nightEffects > 150 && morningEffects > 150, `only ${nightEffects} and ${morningEffects} effects`);
  });

  // One cluster dies on both ways: a night costs more than the death in it.
  it("S30: on either way, ends there with the next run, every field and size as it was, and never asks for a wrong size", async function () {
    this.timeout(300_000);
    await each(upTo(Math.max(nightEffects, morningEffects)), async (dieAt) => {
      const pay = fullCluster();
      const before = await pay.held();
      await die(pay, "hibernated", dieAt);
      await runAgain(pay, "hibernated");
      await assertAsleep(pay);
      await die(pay, "running", dieAt);
      await runAgain(pay, "running");
      await assertAwake(pay, before);
      assertSizesInOrder(pay);
    });
  });

  it("on the way to sleep, can be woken at once", async function () {
    this.timeout(120_000);
    await each(upTo(nightEffects), async (dieAt) => {
      const pay = fullCluster();
      const before = await pay.held();
      await die(pay, "hibernated", dieAt);
      await runAgain(pay, "running");
      await assertAwake(pay, before);
    });
  });
});
