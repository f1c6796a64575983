import assert from "node:assert/strict";

import { inputsFor, PAY, PAY_ID, resourceFixture, type ResourceFixture } from "./fixture.js";

async function asleep(): Promise<ResourceFixture & { readonly outs: Readonly<Record<string, unknown>> }> {
  const fixture = resourceFixture();
  const { outs } = await fixture.lifecycle.create(inputsFor("never"));
  return { ...fixture, outs };
}

describe("read of a ClusterSchedule", () => {
  it("finds what it left, and changes nothing", async () => {
    const { lifecycle, outs, world, lines } = await asleep();
    const [mutations, told] = [world.mutations().length, lines.length];
    assert.deepEqual(await lifecycle.read(PAY_ID, outs), { id: PAY_ID, props: outs });
    assert.equal(world.mutations().length, mutations);
    assert.equal(lines.length, told);
  });

  it("reports a cluster that somebody gave nodes by hand", async () => {
    const { lifecycle, outs, cluster, lines } = await asleep();
    cluster.setSizeByHand("managed/general", { min: 1, desired: 2, max: 6 });
    const { props } = await lifecycle.read(PAY_ID, outs);
    assert.equal(props["state"], "running");
    assert.equal(props["since"], null);
    assert.match(lines.at(-1) ?? "", /^pay: drift: it is running, but Curfew left it hibernated at 2026-/);
  });

  it("leaves a start by hand alone, unless a person repairs what drifted", async () => {
    const { lifecycle, outs, cluster, secondProcess, sizes } = await asleep();
    cluster.setSizeByHand("managed/general", { min: 1, desired: 2, max: 6 });
    const { props } = await lifecycle.read(PAY_ID, outs);
    await lifecycle.update(PAY_ID, props, inputsFor("never"));
    assert.deepEqual(await sizes(), [1, 2, 6]);
    await secondProcess({ origin: "person" }).update(PAY_ID, props, inputsFor("never"));
    assert.deepEqual(await sizes(), [0, 0, 6]);
  });

  it("says that a cluster is gone", async () => {
    const { lifecycle, outs, world } = await asleep();
    world.removeCluster(PAY);
    assert.equal((await lifecycle.read(PAY_ID, outs)).id, "");
  });

  it("keeps the old values when it may not look, and says why", async () => {
    const { lifecycle, outs, cluster, lines } = await asleep();
    cluster.faults.begin("credentials-expired");
    assert.deepEqual(await lifecycle.read(PAY_ID, outs), { id: PAY_ID, props: outs });
    assert.match(lines.at(-1) ?? "", /refresh: not looked at, the old values stay\. \[credentials-expired\]/);
  });

  it("keeps the old values when this store does not know the cluster", async () => {
    const { outs } = await asleep();
    const elsewhere = resourceFixture();
    assert.deepEqual(await elsewhere.lifecycle.read(PAY_ID, outs), { id: PAY_ID, props: outs });
    assert.match(elsewhere.lines.at(-1) ?? "", /\[cluster-unknown\]/);
  });

  it("brings the calendar's view up to date", async () => {
    const { lifecycle, ports } = resourceFixture();
    const { outs } = await lifecycle.create(inputsFor(["Mon-Fri 07:00-20:00"]));
    await ports.clock.sleep(3_600_000);
    const { props } = await lifecycle.read(PAY_ID, outs);
    assert.equal(props["wanted"], "hibernated");
    assert.equal(props["nextTransitionAt"], "2026-01-06T07:00:00.000Z");
  });
});
