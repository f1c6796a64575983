import assert from "node:assert/strict";

import { serialiseHold } from "../../runtime/fleet/index.js";
import { inputsFor, PAY_ID, resourceFixture, type ResourceFixture } from "./fixture.js";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const AWAKE = inputsFor("always");

async function created(
  inputs = AWAKE,
): Promise<ResourceFixture & { readonly outs: Readonly<Record<string, unknown>> }> {
  const fixture = resourceFixture();
  const { outs } = await fixture.lifecycle.create(inputs);
  return { ...fixture, outs };
}

describe("diff of a ClusterSchedule", () => {
  it("finds nothing to do right after a create, and touches no cluster to say so", async () => {
    const { lifecycle, outs, cluster } = await created();
    cluster.faults.begin("credentials-missing");
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, AWAKE), { changes: false });
  });

  it("ignores the provider's own text", async () => {
    const { lifecycle, outs } = await created();
    const diff = await lifecycle.diff(PAY_ID, { ...outs, __provider: "old" }, { ...AWAKE, __provider: "new" });
    assert.deepEqual(diff, { changes: false });
  });

  it("sees an edited schedule and edited settings", async () => {
    const { lifecycle, outs } = await created();
    const edits = [inputsFor(["00:00-24:00"]), inputsFor("always", { settings: { leaseSeconds: 30 } })];
    for (const news of edits) assert.deepEqual(await lifecycle.diff(PAY_ID, outs, news), { changes: true });
  });

  it("takes another order of tags for the same declaration", async () => {
    const { lifecycle, outs } = await created(inputsFor("always", { tags: { a: "1", b: "2" } }));
    const news = inputsFor("always", { tags: { b: "2", a: "1" } });
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, news), { changes: false });
  });

  it("replaces when it is another cluster, and deletes the old one first", async () => {
    const { lifecycle, outs } = await created();
    const news = inputsFor("always", { name: "pay-2", region: "eu-west-2" });
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, news), {
      changes: true,
      replaces: ["cluster", "region"],
      deleteBeforeReplace: true,
    });
  });

  it("wants an update when the calendar has moved on since the last run", async () => {
    const office = inputsFor(["Mon-Fri 07:00-20:00"]);
    const { lifecycle, outs, ports } = await created(office);
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, office), { changes: false });
    await ports.clock.sleep(3_600_000);
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, office), { changes: true });
  });

  it("wants an update when somebody holds the cluster in the other state", async () => {
    const { lifecycle, outs, store, ports } = await created();
    const until = ports.clock.now() + 3_600_000;
    await store.putHold(PAY_ID, serialiseHold({ state: "hibernated", until, reason: "costs", owner: "kim" }));
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, AWAKE), { changes: true });
  });

  it("wants an update when a refresh has seen another state", async () => {
    const { lifecycle, outs } = await created();
    assert.deepEqual(await lifecycle.diff(PAY_ID, { ...outs, state: "hibernated" }, AWAKE), { changes: true });
  });

  it("wants an update when the store has lost the cluster, or is another file", async () => {
    const { lifecycle, outs, store } = await created();
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, { ...AWAKE, statePath: "other.db" }), { changes: true });
    await store.removeCluster(PAY_ID);
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, AWAKE), { changes: true });
  });

  it("leaves a cluster alone that is only registered", async () => {
    const inputs = inputsFor("never", { converge: false });
    const { lifecycle, outs } = await created(inputs);
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, inputs), { changes: false });
  });

  it("says update where a preview does not know the values yet", async () => {
    const { lifecycle, outs } = await created();
    assert.deepEqual(await lifecycle.diff(PAY_ID, outs, { ...AWAKE, declaration: UNKNOWN }), { changes: true });
  });
});
