import assert from "node:assert/strict";

import { inputsFor, PAY, PAY_ID, resourceFixture, type ResourceFixture } from "./fixture.js";

type Asleep = ResourceFixture & { readonly outs: Readonly<Record<string, unknown>> };

async function asleep(fields: Readonly<Record<string, unknown>> = {}): Promise<Asleep> {
  const fixture = resourceFixture();
  const { outs } = await fixture.lifecycle.create(inputsFor("never", fields));
  return { ...fixture, outs };
}

describe("delete of a ClusterSchedule", () => {
  it("wakes a sleeping cluster first, then forgets it", async () => {
    const { lifecycle, outs, sizes, store } = await asleep();
    await lifecycle.remove(PAY_ID, outs);
    assert.deepEqual(await sizes(), [1, 3, 6]);
    assert.equal(await store.readCluster(PAY_ID), undefined);
  });

  it("makes no call to a cluster that Curfew did not put to sleep", async () => {
    const { lifecycle, cluster, store } = resourceFixture();
    const { outs } = await lifecycle.create(inputsFor("always"));
    cluster.faults.begin("credentials-missing");
    await lifecycle.remove(PAY_ID, outs);
    assert.equal(await store.readCluster(PAY_ID), undefined);
  });

  it("leaves the cluster asleep where that was declared", async () => {
    const { lifecycle, outs, sizes, store } = await asleep({ onDelete: "leave" });
    await lifecycle.remove(PAY_ID, outs);
    assert.deepEqual(await sizes(), [0, 0, 6]);
    assert.equal(await store.readCluster(PAY_ID), undefined);
  });

  it("fails with the wake's code and forgets nothing, so that the next delete goes on", async () => {
    const { lifecycle, outs, cluster, sizes, store } = await asleep();
    cluster.faults.begin("role-refused");
    await assert.rejects(lifecycle.remove(PAY_ID, outs), /^Error: \[role-refused\] /);
    assert.notEqual((await store.readCluster(PAY_ID))?.declaration ?? null, null);
    cluster.faults.end("role-refused");
    await lifecycle.remove(PAY_ID, outs);
    assert.deepEqual(await sizes(), [1, 3, 6]);
  });

  it("also wakes a cluster whose hibernate was interrupted", async () => {
    const { lifecycle, cluster, sizes } = resourceFixture();
    cluster.failNextUpdate("managed/general", "no capacity to shrink");
    const failed = await lifecycle.create(inputsFor("never")).catch((error: unknown) => error);
    const { properties } = failed as { readonly properties: Readonly<Record<string, unknown>> };
    await lifecycle.remove(PAY_ID, properties);
    assert.deepEqual(await sizes(), [1, 3, 6]);
  });

  it("may be repeated", async () => {
    for (const onDelete of ["wake", "leave"]) {
      const { lifecycle, outs } = await asleep({ onDelete });
      await lifecycle.remove(PAY_ID, outs);
      await lifecycle.remove(PAY_ID, outs);
    }
  });

  it("forgets a sleeping cluster that no longer exists", async () => {
    const { lifecycle, outs, world, store } = await asleep();
    world.removeCluster(PAY);
    await lifecycle.remove(PAY_ID, outs);
    assert.equal((await store.readCluster(PAY_ID))?.declaration ?? null, null);
  });

  it("refuses to strand a cluster whose sizes lie in another state file", async () => {
    const { outs } = await asleep();
    await assert.rejects(resourceFixture().lifecycle.remove(PAY_ID, outs), /^Error: \[snapshot-missing\] /);
  });
});
