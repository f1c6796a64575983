import assert from "node:assert/strict";
import { join } from "node:path";

import { startLab, type Lab } from "../lab/index.js";
import { createPulumiWorkspace, stillRunning, type PulumiWorkspace } from "../lab/pulumi/index.js";
import { until } from "../lab/until.js";
import { deployment, disruptionBudget, untilBudgetObserved, untilReady } from "../lab/workload.js";

const STACK = `config:
  curfew:schedules:
    asleep: { timezone: UTC, awake: never }
    awake: { timezone: UTC, awake: always }
  curfew:settings:
    nodesStableSeconds: 0
    leaseSeconds: 5
    pollSeconds: 1
    drain: { timeoutSeconds: 8 }
  curfew:clusters:
    - { name: pay, account: "111111111111", region: eu-west-1, schedule: asleep }
    - { name: ads, account: "222222222222", region: eu-west-1, schedule: awake }
`;

describe("pulumi up on the lab", function () {
  this.timeout(180_000);
  let lab: Lab;
  let stack: PulumiWorkspace;

  before(async () => {
    lab = await startLab({
      clusters: [
        {
          name: "pay",
          account: "111111111111",
          region: "eu-west-1",
          groups: [{ name: "general", kind: "managed", min: 1, desired: 2, max: 4 }],
        },
        {
          name: "ads",
          account: "222222222222",
          region: "eu-west-1",
          groups: [{ name: "general", kind: "managed", min: 1, desired: 1, max: 2 }],
        },
      ],
    });
  });
  after(() => lab.stop());

  beforeEach(async () => {
    stack = await createPulumiWorkspace({ environment: lab.environment });
    const state = join(stack.folder, "state.db");
    await stack.writeConfig(`${STACK}  curfew:state: ${state}\n`);
  });
  afterEach(() => stack.remove());

  const sizeOf = async (cluster: string) => {
    const { min, desired, max } = await lab.cluster(cluster).group("general").read();
    return [min, desired, max];
  };
  const rowOf = async (cluster: string) => {
    const { clusters } = (await stack.outputs()) as { clusters: string };
    const rows = JSON.parse(clusters) as readonly { cluster: string; state: string }[];
    return rows.find((row) => row.cluster === cluster);
  };
  const moveTo = (schedule: string) => stack.setConfig("curfew:clusters[0].schedule", schedule);

  it("puts to sleep what the calendar wants asleep, does nothing the second time, and wakes it when its schedule moves", async () => {
    const first = await stack.up();
    assert.equal(first.exitCode, 0, first.output);
    assert.deepEqual(await sizeOf("pay"), [0, 0, 4]);
    assert.deepEqual(await sizeOf("ads"), [1, 1, 2]);
    assert.equal((await rowOf("pay"))?.state, "hibernated");
    assert.match(first.output, /pay: drain: cordon and drain/);

    lab.aws.resetCalls();
    const second = await stack.up();
    assert.equal(second.exitCode, 0, second.output);
    assert.match(second.output, /3 unchanged/);
    assert.deepEqual(lab.aws.calls(), []);

    await moveTo("awake");
    const third = await stack.up();
    assert.equal(third.exitCode, 0, third.output);
    assert.deepEqual(await sizeOf("pay"), [1, 2, 4]);
    assert.equal((await rowOf("pay"))?.state, "running");
  });

  it("fails with the code when a budget holds a pod, keeps what it reached, and goes on at the next up", async () => {
    const { admin } = lab.cluster("pay");
    const named = { namespace: "default", name: "held" };
    await admin.apps.createNamespacedDeployment({
      namespace: "default",
      body: deployment(named, 2, { graceSeconds: 1 }),
    });
    const budget = disruptionBudget(named, "held", { minAvailable: 2 });
    await admin.policy.createNamespacedPodDisruptionBudget({ namespace: "default", body: budget });
    await untilReady(admin, named, 2);
    await untilBudgetObserved(admin, named, 2);

    const blocked = await stack.up();
    assert.notEqual(blocked.exitCode, 0);
    assert.match(blocked.output, /drain-blocked/);
    assert.match(blocked.output, /default\/held/);
    assert.deepEqual(await sizeOf("pay"), [1, 2, 4]);
    assert.ok((await admin.core.listNode()).items.every((node) => node.spec?.unschedulable !== true));

    await admin.policy.deleteNamespacedPodDisruptionBudget(named);
    const again = await stack.up();
    assert.equal(again.exitCode, 0, again.output);
    assert.deepEqual(await sizeOf("pay"), [0, 0, 4]);
    await admin.apps.deleteNamespacedDeployment(named);
    await moveTo("awake");
    assert.equal((await stack.up()).exitCode, 0);
  });

  it("is continued by the next up after kill -9 of the engine and the provider", async () => {
    const killer = new AbortController();
    const killed = await stack.up([], {
      signal: killer.signal,
      onLine: (line) => {
        if (line.includes("pay: drain")) killer.abort();
      },
    });
    assert.notEqual(killed.exitCode, 0);
    await stack.cancel();
    const again = await stack.up();
    assert.equal(again.exitCode, 0, again.output);
    assert.deepEqual(await sizeOf("pay"), [0, 0, 4]);
    await moveTo("awake");
    const woken = await stack.up();
    assert.equal(woken.exitCode, 0, woken.output);
    assert.deepEqual(await sizeOf("pay"), [1, 2, 4]);
  });

  it("is continued by the next up after kill -9 of the engine alone, as the provider then ends by itself", async () => {
    const killer = new AbortController();
    const { orphans } = await stack.up([], {
      engineSignal: killer.signal,
      onLine: (line) => {
        if (line.includes("pay: drain")) killer.abort();
      },
    });
    try {
      const provider = orphans.filter(({ command }) => command.includes("cmd/dynamic-provider"));
      assert.equal(provider.length, 1);
      await until(() => Promise.resolve(stillRunning(provider).length === 0), 60_000);
    } finally {
      // The CLI's language host looks after its engine every five minutes only.
      stillRunning(orphans).forEach(({ pid }) => process.kill(pid, "SIGKILL"));
    }
    await stack.cancel();
    const again = await stack.up();
    assert.equal(again.exitCode, 0, again.output);
    assert.deepEqual(await sizeOf("pay"), [0, 0, 4]);
    await moveTo("awake");
    assert.equal((await stack.up()).exitCode, 0);
    assert.deepEqual(await sizeOf("pay"), [1, 2, 4]);
  });

  it("wakes a sleeping cluster before it destroys its schedule", async () => {
    assert.equal((await stack.up()).exitCode, 0);
    assert.deepEqual(await sizeOf("pay"), [0, 0, 4]);
    const destroyed = await stack.destroy();
    assert.equal(destroyed.exitCode, 0, destroyed.output);
    assert.deepEqual(await sizeOf("pay"), [1, 2, 4]);
    assert.deepEqual(await sizeOf("ads"), [1, 1, 2]);
  });

  it("says at refresh that a cluster is not as it was left", async () => {
    assert.equal((await stack.up()).exitCode, 0);
    await lab.cluster("pay").group("general").resize({ min: 0, desired: 1, max: 4 });
    const refreshed = await stack.refresh();
    assert.equal(refreshed.exitCode, 0, refreshed.output);
    assert.match(refreshed.output, /pay: drift: it is running/);
    await lab.cluster("pay").group("general").resize({ min: 1, desired: 2, max: 4 });
  });
});
