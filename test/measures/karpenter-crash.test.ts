import assert from "node:assert/strict";

import { runFixture } from "../run/fixture.js";
import { mortal } from "../run/mortal-ports.js";
import { installKarpenter } from "./twin-karpenter.js";

const SETTINGS = { drain: { timeoutSeconds: 300 }, leaseSeconds: 30 };
const AUTO_MODE = { nodePools: ["system"], nodeRoleArn: "arn:aws:iam::111111111111:role/auto-node" };

/** Karpenter with two pools, EKS Auto Mode beside it, and an Auto Scaling group of which a person suspended something. */
function populated() {
  const fixture = runFixture({ autoMode: AUTO_MODE });
  const { cluster } = fixture;
  cluster.suspendProcesses("asg/batch", ["HealthCheck"]);
  const karpenter = installKarpenter(cluster);
  karpenter.addPool("open", {}, 2);
  karpenter.addPool("static", { replicas: 1, limits: { nodes: 3 } }, 1);
  const held = async () => {
    const groups = await cluster.capacity.listGroups();
    return {
      sizes: await fixture.sizes(),
      pools: [karpenter.poolSpec("open"), karpenter.poolSpec("static")],
      autoMode: (await cluster.capacity.describeCluster()).autoMode,
      suspended: groups.map(({ observed }) => observed?.suspendedProcesses),
    };
  };
  return { ...fixture, karpenter, held };
}

type Populated = ReturnType<typeof populated>;

async function dieAndRunAgain(fixture: Populated, desired: "running" | "hibernated", dieAt: number): Promise<number> {
  const { store, listener, effects } = mortal(fixture.store, dieAt);
  const stop = fixture.world.onMutation(listener);
  await fixture.run(desired, { operationId: `dying-${desired}`, settings: SETTINGS, ports: { store } });
  stop();
  if (dieAt === 0) return effects();
  const options = { operationId: `again-${desired}`, settings: SETTINGS, waitForLease: true };
  const again = await fixture.run(desired, options);
  assert.ok(["completed", "nothing-to-do"].includes(again.result), `died at effect ${dieAt}: ${again.summary}`);
  return effects();
}

describe("S26: a process that dies while it holds Karpenter, Auto Mode and Auto Scaling still", () => {
  it("on the way to sleep: the next run ends asleep with no claim left, and a wake gives everything back exactly", async function () {
    this.timeout(60_000);
    const total = await dieAndRunAgain(populated(), "hibernated", 0);
    assert.ok(total > 40, `only ${total} effects`);
    for (let dieAt = 1; dieAt <= total; dieAt += 1) {
      const fixture = populated();
      const before = await fixture.held();
      await dieAndRunAgain(fixture, "hibernated", dieAt);
      assert.deepEqual(fixture.karpenter.claimNames(), [], `died at effect ${dieAt}`);
      const woken = await fixture.run("running", { operationId: "wake", settings: SETTINGS, waitForLease: true });
      assert.equal(woken.result, "completed", `died at effect ${dieAt}: ${woken.summary}`);
      assert.deepEqual(await fixture.held(), before, `died at effect ${dieAt}`);
    }
  });

  it("on the way back: the next run ends awake with everything as it was", async function () {
    this.timeout(60_000);
    const first = populated();
    await first.run("hibernated", { settings: SETTINGS });
    const total = await dieAndRunAgain(first, "running", 0);
    assert.ok(total > 20, `only ${total} effects`);
    for (let dieAt = 1; dieAt <= total; dieAt += 1) {
      const fixture = populated();
      const before = await fixture.held();
      await fixture.run("hibernated", { settings: SETTINGS });
      await dieAndRunAgain(fixture, "running", dieAt);
      assert.deepEqual(await fixture.held(), before, `died at effect ${dieAt}`);
    }
  });
});
