import assert from "node:assert/strict";

import { clusterId, type RunEvent } from "../../runtime/ports/index.js";
import type { RunReport } from "../../runtime/run/index.js";
import type { LabCluster } from "../lab/index.js";
import {
  deployment,
  disruptionBudget,
  freshNamespace,
  isPodReady,
  untilBudgetObserved,
  untilReady,
  type PodOptions,
} from "../lab/workload.js";
import {
  changingAwsCalls,
  changingKubernetesCalls,
  cordonedNodes,
  excludedNodes,
  nodeNames,
  podsOf,
  setCordon,
  sizesOf,
} from "./look.js";
import { runOnce, withStore, type RunOptions } from "./runner.js";
import { openStage, type Stage } from "./stage.js";

const AWAKE = { general: [1, 3, 5], batch: [0, 1, 3] };
const ASLEEP = { general: [0, 0, 5], batch: [0, 0, 3] };
const NODES = 4;

describe("a run on real parts", function () {
  this.timeout(60_000);
  let stage: Stage;
  let pay: LabCluster;
  let statePath: string;
  let namespace: string;

  before(async () => {
    stage = await openStage({
      countCalls: true,
      clusters: [
        {
          name: "pay",
          account: "111111111111",
          region: "us-east-1",
          groups: [
            { name: "general", kind: "managed", min: 1, desired: 3, max: 5 },
            { name: "batch", kind: "self-managed", min: 0, desired: 1, max: 3 },
          ],
        },
        {
          name: "drift",
          account: "222222222222",
          region: "eu-west-1",
          groups: [
            { name: "general", kind: "managed", min: 1, desired: 2, max: 4 },
            { name: "spare", kind: "managed", min: 1, desired: 1, max: 2 },
            { name: "batch", kind: "self-managed", min: 0, desired: 1, max: 2 },
          ],
        },
      ],
    });
    pay = stage.lab.cluster("pay");
  });
  after(() => stage[Symbol.asyncDispose]());

  beforeEach(async () => {
    statePath = stage.freshStatePath();
    namespace = await freshNamespace(pay.admin);
    stage.resizes.take();
  });

  afterEach("S30, S49: every size that went over the wire keeps min <= desired <= max, and max >= 1", async () => {
    for (const { group, min, desired, max } of stage.resizes.take()) {
      assert.ok(min !== null && desired !== null && max !== null, `${group} was not given all three figures`);
      assert.ok(0 <= min && min <= desired && desired <= max && max >= 1, `${group}: ${min}, ${desired}, ${max}`);
    }
    await stage.reset(pay, [namespace]);
  });

  const run = (desired: "running" | "hibernated", options?: RunOptions): Promise<RunReport> =>
    runOnce(pay, statePath, desired, options);

  async function hibernate(options?: RunOptions): Promise<RunReport> {
    const report = await run("hibernated", options);
    assert.equal(report.result, "completed", report.summary);
    return report;
  }

  async function wake(options?: RunOptions): Promise<RunReport> {
    const report = await run("running", options);
    assert.equal(report.result, "completed", report.summary);
    return report;
  }

  const sizes = () => sizesOf(pay, ["general", "batch"]);

  /** A Deployment whose pods all run; with `needs`, under a budget that its controller has seen. */
  async function deploy(name: string, replicas: number, { needs, ...options }: PodOptions & { needs?: number } = {}) {
    const named = { namespace, name };
    const body = deployment(named, replicas, { graceSeconds: 1, ...options });
    await pay.admin.apps.createNamespacedDeployment({ namespace, body });
    await untilReady(pay.admin, named, replicas);
    if (needs === undefined) return;
    const budget = disruptionBudget(named, name, { minAvailable: needs });
    await pay.admin.policy.createNamespacedPodDisruptionBudget({ namespace, body: budget });
    await untilBudgetObserved(pay.admin, named, replicas);
  }

  const readyPods = async (): Promise<number> => (await podsOf(pay, namespace)).filter(isPodReady).length;

  const readReplicas = async (name: string): Promise<number | undefined> =>
    (await pay.admin.apps.readNamespacedDeployment({ namespace, name })).spec?.replicas;

  describe("of a hibernate and a wake", () => {
    it("takes a cluster to no node and back to its sizes and workloads", async () => {
      await deploy("web", 4);
      const asleep = await hibernate();
      assert.equal(asleep.reached, "hibernated");
      assert.deepEqual(await sizes(), ASLEEP);
      assert.deepEqual(await nodeNames(pay), []);
      assert.equal(asleep.drain?.counts.evicted, 4);
      assert.deepEqual(stage.resizes.take(), [
        { group: "batch", min: 0, desired: 0, max: 3 },
        { group: "general", min: 0, desired: 0, max: 5 },
      ]);
      const woken = await wake();
      assert.equal(woken.reached, "running");
      assert.deepEqual(await sizes(), AWAKE);
      assert.equal((await nodeNames(pay)).length, NODES);
      assert.deepEqual(await cordonedNodes(pay), []);
      await untilReady(pay.admin, { namespace, name: "web" }, 4);
      assert.ok(woken.wake?.allNodesUsableMs);
    });

    it("S27, W23: done twice keeps the record, restores the original sizes, and changes nothing the second time", async () => {
      stage.lab.aws.resetCalls();
      await hibernate();
      assert.deepEqual(
        changingAwsCalls(stage.lab)
          .map(({ action }) => action)
          .sort(),
        ["SuspendProcesses", "UpdateAutoScalingGroup", "UpdateNodegroupConfig"],
      );
      assert.notDeepEqual(await changingKubernetesCalls(pay), []);
      const snapshot = await savedSnapshot();
      await assertNothingChanges(async () => {
        const again = await run("hibernated");
        assert.equal(again.result, "nothing-to-do", again.summary);
      });
      assert.equal(await savedSnapshot(), snapshot);
      await wake();
      assert.deepEqual(await sizes(), AWAKE);
      await assertNothingChanges(async () => {
        const again = await run("running");
        assert.equal(again.result, "nothing-to-do", again.summary);
      });
      const retired = await withStore(statePath, (store) => store.listRetiredCycles(clusterId(pay), 5));
      assert.deepEqual(
        retired.map((cycle) => cycle.snapshot),
        [snapshot],
      );
    });

    async function savedSnapshot(): Promise<string | undefined> {
      return withStore(statePath, async (store) => (await store.readCycle(clusterId(pay)))?.snapshot);
    }

    async function assertNothingChanges(act: () => Promise<void>): Promise<void> {
      stage.lab.aws.resetCalls();
      const before = await changingKubernetesCalls(pay);
      await act();
      assert.deepEqual(changingAwsCalls(stage.lab), []);
      assert.deepEqual(await changingKubernetesCalls(pay), before);
    }

    it("gives at least the asked number of nodes to groups that had some, within their maximum", async () => {
      await hibernate();
      await wake({ minNodes: 4 });
      assert.deepEqual(await sizes(), { general: [1, 4, 5], batch: [0, 3, 3] });
      assert.equal((await nodeNames(pay)).length, 7);
    });
  });

  describe("of a drain", () => {
    it("S2: under the policy wait names the budget, scales no group and takes its cordons back", async () => {
      await deploy("web", 3, { needs: 2 });
      const report = await run("hibernated", { settings: { drain: { timeoutSeconds: 6 } } });
      assert.equal(report.result, "blocked");
      assert.equal(report.failure?.code, "drain-blocked");
      assert.match(report.failure.message, new RegExp(`${namespace}/web.*needs 2`));
      assert.ok((await readyPods()) >= 2);
      assert.deepEqual(stage.resizes.take(), []);
      assert.deepEqual(await sizes(), AWAKE);
      assert.deepEqual(await cordonedNodes(pay), []);
      assert.deepEqual(await excludedNodes(pay), []);
    });

    it("scale-owners respects the budget until its time has come, and the wake gives the replicas back", async () => {
      await deploy("web", 3, { needs: 2 });
      const asleep = await hibernate({ settings: { drain: { policy: "scale-owners", timeoutSeconds: 8 } } });
      assert.equal(asleep.drain?.counts.evicted, 1);
      assert.equal(asleep.drain.counts.scaled, 2);
      assert.deepEqual(asleep.drain.forced, []);
      assert.equal(await readReplicas("web"), 0);
      await wake();
      assert.equal(await readReplicas("web"), 3);
      await untilReady(pay.admin, { namespace, name: "web" }, 3);
    });

    it("force-at-deadline names every pod that it took past its budget", async () => {
      await deploy("web", 3, { needs: 2 });
      const asleep = await hibernate({ settings: { drain: { policy: "force-at-deadline", timeoutSeconds: 8 } } });
      assert.equal(asleep.drain?.outcome, "drained-with-force");
      assert.equal(asleep.drain.forced.length, 2);
      assert.ok(asleep.drain.forced.every((pod) => pod.startsWith(`${namespace}/web-`)));
      assert.equal(await readReplicas("web"), 3);
    });

    it("S21: cordons and drains an instance that Auto Scaling adds meanwhile", async () => {
      await deploy("web", 4, { needs: 1 });
      const before = await nodeNames(pay);
      const addInstance = onceAt("step-progress drain", () => pay.group("general").launchExtraInstance());
      const settings = { drain: { policy: "force-at-deadline", timeoutSeconds: 9 } } as const;
      const report = await hibernate({ onEvent: addInstance, settings });
      const added = report.drain?.nodes.filter(({ name }) => !before.includes(name)) ?? [];
      assert.deepEqual(
        added.map(({ state, isOurCordon }) => ({ state, isOurCordon })),
        [{ state: "drained", isOurCordon: true }],
      );
      assert.deepEqual(await nodeNames(pay), []);
    });

    it("S24: a cancelled one leaves a person's cordon, takes its own back and keeps the sizes", async () => {
      await deploy("web", 3, { needs: 2 });
      const [theirs] = (await nodeNames(pay)) as [string];
      await setCordon(pay, theirs, true);
      const person = new AbortController();
      const report = await run("hibernated", {
        signal: person.signal,
        onEvent: onceAt("step-progress drain", () => person.abort()),
      });
      assert.equal(report.failure?.code, "cancelled");
      assert.equal(report.reached, "running");
      assert.deepEqual(await cordonedNodes(pay), [theirs]);
      assert.deepEqual(await excludedNodes(pay), []);
      assert.deepEqual(await sizes(), AWAKE);
      const cycle = await withStore(statePath, (store) => store.readCycle(clusterId(pay)));
      assert.match(cycle?.snapshot ?? "", /"desired":3/);
    });

    it("S24: a wake names the person's cordon that went with its instance", async () => {
      const [theirs] = (await nodeNames(pay)) as [string];
      await setCordon(pay, theirs, true);
      await hibernate();
      const woken = await wake();
      assert.match(woken.drift.join("\n"), new RegExp(`Cordoned by somebody before the sleep.*${theirs}`));
      assert.deepEqual(await cordonedNodes(pay), []);
    });
  });

  describe("with others at work on the groups", () => {
    it("S29: waits while somebody else updates a group, then goes on", async () => {
      const group = pay.group("general");
      await group.beginForeignUpdate();
      const busy: string[] = [];
      const report = await hibernate({
        onEvent: ({ step, kind, message }) => {
          if (step !== "resize managed/general" || kind !== "step-progress") return;
          busy.push(message);
          void group.endForeignUpdate();
        },
      });
      assert.match(busy[0] ?? "", /busy with another update/);
      assert.equal(report.reached, "hibernated");
      assert.deepEqual(await sizes(), ASLEEP);
    });

    it("S31: refuses before any change when Terminate is suspended", async () => {
      await pay.group("batch").suspendProcesses("Terminate");
      const report = await assertRefused("group-stuck");
      assert.match(report.failure?.message ?? "", /Terminate process of asg\/batch is suspended/);
    });

    it("S31: refuses before any change when an instance is protected from scale-in", async () => {
      const { instances } = await pay.group("general").read();
      await pay.group("general").protectInstances(instances, true);
      const report = await assertRefused("group-stuck");
      await pay.group("general").protectInstances(instances, false);
      assert.ok(instances.every((id) => report.failure?.message.includes(id)));
    });

    it("S31: says so when Terminate is suspended after the drain began, and goes on once it is resumed", async () => {
      const suspend = onceAt("step-progress drain", () => pay.group("batch").suspendProcesses("Terminate"));
      const stuck = await run("hibernated", { onEvent: suspend });
      assert.equal(stuck.failure?.code, "group-stuck");
      assert.match(stuck.failure.message, /Terminate process of asg\/batch/);
      await pay.group("batch").resumeProcesses();
      await hibernate();
      await wake();
      assert.deepEqual(await sizes(), AWAKE);
    });

    async function assertRefused(code: string): Promise<RunReport> {
      stage.lab.aws.resetCalls();
      const report = await run("hibernated");
      assert.equal(report.result, "blocked");
      assert.equal(report.failure?.code, code);
      assert.deepEqual(changingAwsCalls(stage.lab), []);
      assert.deepEqual(await cordonedNodes(pay), []);
      return report;
    }

    it("W25: a group that cannot launch leaves the other up, and the next wake asks for no size again", async () => {
      await hibernate();
      await pay.group("general").refuseLaunches("no capacity");
      const partial = await run("running", { settings: { nodesReadyTimeoutSeconds: 4 } });
      assert.equal(partial.result, "partial");
      assert.equal(partial.failure?.code, "group-unhealthy");
      assert.match(partial.failure.message, /managed\/general/);
      assert.equal((await nodeNames(pay)).length, 1);
      stage.resizes.take();
      await pay.group("general").allowLaunches();
      await wake();
      assert.deepEqual(stage.resizes.take(), []);
      assert.equal((await nodeNames(pay)).length, NODES);
    });

    it("S45: reports a group deleted while asleep, leaves a new one alone, and keeps a size that somebody set", async () => {
      const drift = stage.lab.cluster("drift");
      const root = stage.administrator(drift);
      const asleep = await runOnce(drift, statePath, "hibernated");
      assert.equal(asleep.result, "completed", asleep.summary);
      await root.removeGroup("spare");
      await root.addGroup("new", [0, 1, 2]);
      await drift.group("batch").resize({ min: 1, desired: 2, max: 2 });
      await drift.waitForNodes(3);
      const woken = await runOnce(drift, statePath, "running");
      assert.equal(woken.result, "completed", woken.summary);
      assert.deepEqual(await sizesOf(drift, ["general", "batch"]), { general: [1, 2, 4], batch: [1, 2, 2] });
      const [kept, added, removed] = woken.drift.toSorted();
      assert.equal(woken.drift.length, 3, woken.drift.join("\n"));
      assert.match(kept ?? "", /asg\/batch.*somebody set desired 2/);
      assert.match(added ?? "", /managed\/new was added/);
      assert.match(removed ?? "", /managed\/spare was deleted/);
    });
  });
});

/** Acts once, when the first event of that kind and step comes. */
function onceAt(moment: string, act: () => unknown): (event: RunEvent) => void {
  let isDone = false;
  return ({ kind, step }) => {
    if (isDone || `${kind} ${step ?? ""}` !== moment) return;
    isDone = true;
    void act();
  };
}
