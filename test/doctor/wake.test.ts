import assert from "node:assert/strict";

import { doctorFixture, told } from "./fixture.js";

const QUICK = { drain: { timeoutSeconds: 60 } };

describe("the check of addresses (S47)", () => {
  it("blocks when a sleeping cluster's nodes no longer find room, and only then", async () => {
    const { cluster, run, check } = doctorFixture();
    cluster.prospects.setFreeAddresses("managed/general", 1);
    assert.equal((await check("addresses")).status, "ok");
    await run("hibernated", QUICK);
    const { status, findings } = await check("addresses");
    assert.equal(status, "blocked");
    assert.match(findings[0]?.what ?? "", /managed\/general needs 3 more node\(s\) to wake and finds 2 free/);
  });

  it("warns when there is room for the nodes and not for their pods", async () => {
    const { cluster, run, check } = doctorFixture();
    await run("hibernated", QUICK);
    cluster.prospects.setFreeAddresses("managed/general", 3);
    assert.equal((await check("addresses")).status, "warning");
    cluster.prospects.setFreeAddresses("managed/general", 1000);
    assert.equal((await check("addresses")).status, "ok");
  });

  it("warns of full subnets while the cluster is awake, and blocks on subnets that are gone", async () => {
    const { cluster, check } = doctorFixture();
    cluster.prospects.setFreeAddresses("managed/general", 0);
    assert.equal((await check("addresses")).status, "warning");
    cluster.prospects.setFreeAddresses("managed/general", null);
    assert.match(
      told(await check("addresses"))[0] ?? "",
      /^blocked: managed\/general launches into subnet-.*not exist/,
    );
  });

  it("does not ask for room for a group that has no nodes", async () => {
    const { cluster, check } = doctorFixture({ groups: [{ name: "spare", size: { min: 0, desired: 0, max: 3 } }] });
    cluster.prospects.setFreeAddresses("managed/spare", 0);
    assert.deepEqual((await check("addresses")).findings, []);
  });

  it("says that it does not know the room of a group without subnets", async () => {
    const { check } = doctorFixture({ groups: [{ name: "lost", zones: [], size: { min: 0, desired: 0, max: 3 } }] });
    assert.deepEqual(told(await check("addresses")), [
      "unknown: managed/lost names no subnet that could be looked at.",
    ]);
  });
});

describe("the check of launch templates", () => {
  it("blocks on one that was deleted: once asleep the group would not wake", async () => {
    const { cluster, check } = doctorFixture();
    assert.equal((await check("launch-templates")).status, "ok");
    cluster.prospects.removeLaunchTemplate("managed/general");
    assert.match(told(await check("launch-templates"))[0] ?? "", /^blocked: managed\/general .*lt-general:1/);
  });
});

describe("the check of add-ons (H36)", () => {
  it("warns of one that is ill while the cluster is awake, and takes it as usual while it sleeps", async () => {
    const { cluster, run, check } = doctorFixture();
    cluster.prospects.putAddOn({ name: "vpc-cni" });
    const issues = ["InsufficientNumberOfReplicas: no nodes"];
    cluster.prospects.putAddOn({ name: "coredns", status: "DEGRADED", issues });
    assert.deepEqual(told(await check("add-ons")), [
      "warning: Add-on coredns is DEGRADED (InsufficientNumberOfReplicas: no nodes).",
    ]);
    await run("hibernated", QUICK);
    assert.deepEqual(told(await check("add-ons")), ["ok: Add-on coredns is DEGRADED, as is usual without nodes."]);
  });
});
