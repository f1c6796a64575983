import assert from "node:assert/strict";

import { CRON_JOBS, DEPLOYMENTS, MARK, SCALED_OBJECTS } from "../../runtime/cycle/index.js";
import type { ResourceType } from "../../runtime/ports/index.js";
import { runFixture, type RunFixture } from "./fixture.js";
import { mortal } from "./mortal-ports.js";

const SETTINGS = { leaseSeconds: 30, nodesStableSeconds: 1, pollSeconds: 1 };
const OURS = { namespace: "shop", name: "ours" };
const THEIRS = { namespace: "shop", name: "theirs" };
const CA = { namespace: "kube-system", name: "cluster-autoscaler" };

function populated(): RunFixture {
  const fixture = runFixture();
  const { cluster } = fixture;
  cluster.addDeployment({ ...CA, replicas: 2, labels: { app: CA.name } });
  cluster.objects.put(CRON_JOBS, { metadata: OURS, spec: { schedule: "0 0 1 1 *" } });
  cluster.objects.put(CRON_JOBS, { metadata: THEIRS, spec: { schedule: "0 0 1 1 *", suspend: true } });
  cluster.objects.put(SCALED_OBJECTS, { metadata: OURS, status: PAUSED });
  return fixture;
}

/** KEDA that confirms at once. */
const PAUSED = { conditions: [{ type: "Paused", status: "True" }] };

function stateOf({ cluster }: RunFixture): object {
  const look = (type: ResourceType, target: typeof OURS) => {
    const found = cluster.objects.get(type, target);
    return {
      spec: found?.["spec"],
      mark: found?.metadata.annotations?.[MARK],
      annotations: found?.metadata.annotations,
    };
  };
  const replicas = (cluster.objects.get(DEPLOYMENTS, CA)?.["spec"] as { replicas: number }).replicas;
  return { ours: look(CRON_JOBS, OURS), theirs: look(CRON_JOBS, THEIRS), scaler: look(SCALED_OBJECTS, OURS), replicas };
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

describe("S26: a process that dies at any effect while controllers are paused", () => {
  it("of a hibernate: what a wake gives back is the original, and what was a person's is untouched", async function () {
    this.timeout(60_000);
    const original = stateOf(populated());
    const total = await dieAndRunAgain(populated(), "hibernated", 0);
    assert.ok(total > 40, `only ${total} effects`);
    for (let dieAt = 1; dieAt <= total; dieAt += 1) {
      const fixture = populated();
      await dieAndRunAgain(fixture, "hibernated", dieAt);
      assert.notDeepEqual(stateOf(fixture), original, `died at effect ${dieAt}`);
      await fixture.run("running", { operationId: "wake", settings: SETTINGS, waitForLease: true });
      assert.deepEqual(stateOf(fixture), original, `died at effect ${dieAt}`);
    }
  });

  it("of a wake: the next run gives the rest back, to the letter", async function () {
    this.timeout(60_000);
    const original = stateOf(populated());
    const first = populated();
    await first.run("hibernated", { settings: SETTINGS });
    const total = await dieAndRunAgain(first, "running", 0);
    for (let dieAt = 1; dieAt <= total; dieAt += 1) {
      const fixture = populated();
      await fixture.run("hibernated", { settings: SETTINGS });
      await dieAndRunAgain(fixture, "running", dieAt);
      assert.deepEqual(stateOf(fixture), original, `died at effect ${dieAt}`);
    }
  });
});
