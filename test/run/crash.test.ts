import assert from "node:assert/strict";

import { runFixture, type RunFixture } from "./fixture.js";
import { mortal } from "./mortal-ports.js";

const ASLEEP = { "asg/batch": [0, 0, 4], "managed/general": [0, 0, 6] };
const AWAKE = { "asg/batch": [0, 2, 4], "managed/general": [1, 3, 6] };
const SETTINGS = { drain: { policy: "scale-owners" as const, timeoutSeconds: 60 }, leaseSeconds: 30 };

function populated(): RunFixture {
  const fixture = runFixture();
  fixture.cluster.addDeployment({ name: "web", replicas: 4, graceSeconds: 5 });
  fixture.cluster.addDeployment({ name: "db", replicas: 2, graceSeconds: 5 });
  fixture.cluster.putBudget({ name: "db", minAvailable: 2 });
  return fixture;
}

async function dieAndRunAgain(fixture: RunFixture, desired: "running" | "hibernated", dieAt: number): Promise<number> {
  const { store, listener, effects } = mortal(fixture.store, dieAt);
  const stop = fixture.world.onMutation(listener);
  await fixture.run(desired, { operationId: `dying-${desired}`, settings: SETTINGS, ports: { store } });
  stop();
  if (dieAt > 0) {
    const again = await fixture.run(desired, {
      operationId: `again-${desired}`,
      settings: SETTINGS,
      waitForLease: true,
    });
    assert.ok(["completed", "nothing-to-do"].includes(again.result), `died at effect ${dieAt}: ${again.summary}`);
  }
  return effects();
}

describe("S26: a process that dies at any effect", () => {
  it("of a hibernate: the next run ends asleep, and a wake restores the original sizes", async function () {
    this.timeout(60_000);
    const total = await dieAndRunAgain(populated(), "hibernated", 0);
    assert.ok(total > 40, `only ${total} effects`);
    for (let dieAt = 1; dieAt <= total; dieAt += 1) {
      const fixture = populated();
      await dieAndRunAgain(fixture, "hibernated", dieAt);
      assert.deepEqual(await fixture.sizes(), ASLEEP, `died at effect ${dieAt}`);
      const woken = await fixture.run("running", { operationId: "wake", settings: SETTINGS, waitForLease: true });
      assert.equal(woken.result, "completed", `died at effect ${dieAt}: ${woken.summary}`);
      assert.deepEqual(await fixture.sizes(), AWAKE, `died at effect ${dieAt}`);
      const replicas = fixture.cluster.allPods().filter(({ phase }) => phase === "Running").length;
      assert.equal(replicas, 6, `died at effect ${dieAt}: ${replicas} pods run`);
    }
  });

  it("of a wake: the next run ends awake, with every size and replica as it was", async function () {
    this.timeout(60_000);
    const first = populated();
    await first.run("hibernated", { settings: SETTINGS });
    const total = await dieAndRunAgain(first, "running", 0);
    assert.ok(total > 15, `only ${total} effects`);
    for (let dieAt = 1; dieAt <= total; dieAt += 1) {
      const fixture = populated();
      await fixture.run("hibernated", { settings: SETTINGS });
      await dieAndRunAgain(fixture, "running", dieAt);
      assert.deepEqual(await fixture.sizes(), AWAKE, `died at effect ${dieAt}`);
      assert.equal(await fixture.store.readCycle("111111111111/eu-west-1/pay"), undefined);
      assert.ok((await fixture.cluster.kubernetes.listNodes()).every((node) => !node.isUnschedulable));
    }
  });

  it("gets no second drain deadline", async () => {
    const fixture = populated();
    const settings = { drain: { timeoutSeconds: 100 } };
    const startedAt = fixture.ports.clock.now();
    const first = await fixture.run("hibernated", { settings, budget: { yieldAt: startedAt + 60_000 } });
    assert.equal(first.result, "yielded");
    const second = await fixture.run("hibernated", { settings, operationId: "op-2" });
    assert.equal(second.failure?.code, "drain-blocked");
    assert.ok(second.drain);
    assert.equal(second.drain.deadlineAt, second.drain.startedAt + 100_000);
    assert.ok(second.drain.startedAt < startedAt + 60_000);
  });

  it("S50: of two operations one works, and the loser's writes are refused even after a long pause", async () => {
    const fixture = populated();
    const lease = {
      clusterId: "111111111111/eu-west-1/pay",
      operationId: "sleeper",
      now: fixture.ports.clock.now(),
      expiresAt: fixture.ports.clock.now() + 30_000,
    };
    const sleeper = await fixture.store.acquireLease(lease);
    assert.equal(sleeper.kind, "acquired");
    const refused = await fixture.run("hibernated", { operationId: "other" });
    assert.equal(refused.failure?.code, "lease-held");
    const waited = await fixture.run("hibernated", { operationId: "other", waitForLease: true, settings: SETTINGS });
    assert.equal(waited.result, "completed", waited.summary);
    assert.equal(await fixture.store.saveReached(sleeper.lease, { body: "{}" }), "fenced");
  });
});
