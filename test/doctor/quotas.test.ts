import assert from "node:assert/strict";

import type { GroupSize, NodeGroup, NodeVcpus } from "../../runtime/ports/index.js";
import { vcpuNeeds } from "../../runtime/doctor/vcpu-needs.js";
import { doctorFixture, told } from "./fixture.js";

const QUICK = { drain: { timeoutSeconds: 60 } };

describe("the check of quotas", () => {
  it("is content as long as the account has room for what sleeps, and says how much", async () => {
    const { cluster, run, check } = doctorFixture();
    cluster.prospects.setVcpuQuota("on-demand", { limit: 32, others: 20 });
    assert.deepEqual(told(await check("quotas")), [
      "ok: A wake needs 0 more and the account runs 30 of 32 On-Demand vCPUs (quota L-1216C47A).",
    ]);
    await run("hibernated", QUICK);
    assert.deepEqual(told(await check("quotas")), [
      "ok: A wake needs 10 more and the account runs 20 of 32 On-Demand vCPUs (quota L-1216C47A).",
    ]);
  });

  it("blocks once others have taken in the night what the cluster needs in the morning", async () => {
    const { cluster, run, check } = doctorFixture();
    await run("hibernated", QUICK);
    cluster.prospects.setVcpuQuota("on-demand", { limit: 32, others: 23 });
    const { status, findings } = await check("quotas");
    assert.equal(status, "blocked");
    assert.match(findings[0]?.what ?? "", /^A wake needs 10 more and the account runs 23 of 32 /);
    assert.match(findings[0]?.remedy ?? "", /VcpuLimitExceeded/);
  });

  it("warns while every vCPU of the quota runs", async () => {
    const { cluster, check } = doctorFixture();
    cluster.prospects.setVcpuQuota("on-demand", { limit: 32, others: 22 });
    assert.match(told(await check("quotas"))[0] ?? "", /^warning: All 32 On-Demand vCPUs /);
  });

  it("looks at Spot's own quota for Spot nodes, and at no other", async () => {
    const { cluster, run, check } = doctorFixture({
      groups: [{ name: "cheap", size: { min: 0, desired: 3, max: 3 } }],
    });
    cluster.prospects.setNodeType("managed/cheap", { vcpus: 8, market: "spot" });
    cluster.prospects.setVcpuQuota("on-demand", { limit: 1, others: 1 });
    await run("hibernated", QUICK);
    cluster.prospects.setVcpuQuota("spot", { limit: 24, others: 1 });
    assert.deepEqual(told(await check("quotas")), [
      "blocked: A wake needs 24 more and the account runs 1 of 24 Spot vCPUs (quota L-34B43A08).",
    ]);
  });

  it("says which groups it cannot count, and judges the others", async () => {
    const { cluster, check } = doctorFixture();
    cluster.prospects.setNodeType("managed/general", { vcpus: null });
    const { status, findings } = await check("quotas");
    assert.equal(status, "unknown");
    assert.match(findings[0]?.what ?? "", /^How many vCPUs managed\/general need/);
    assert.match(findings[1]?.what ?? "", /^A wake needs 0 more/);
  });

  it("does not ask where no group has a node, and names the right that it lacks elsewhere", async () => {
    const empty = doctorFixture({ groups: [{ name: "spare", size: { min: 0, desired: 0, max: 3 } }] });
    empty.cluster.faults.begin("permission-denied", ["vcpuQuotas"]);
    assert.deepEqual((await empty.check("quotas")).findings, []);
    const { cluster, check } = doctorFixture();
    cluster.faults.begin("permission-denied", ["vcpuQuotas"]);
    const { status, findings } = await check("quotas");
    assert.equal(status, "unknown");
    assert.match(findings[0]?.remedy ?? "", /servicequotas:GetServiceQuota/);
  });
});

describe("the vCPUs that a wake needs", () => {
  const group = { id: "asg/mixed" } as NodeGroup;
  const nodes: NodeVcpus = { groupId: group.id, vcpus: 4, onDemand: { base: 2, percent: 25 } };
  const needs = (desired: GroupSize["desired"], missing: number) =>
    vcpuNeeds([{ group, nodes: desired, missing, podsPerNode: 0 }], [nodes]).markets;

  it("are split as a policy of mixed instances says, On-Demand rounded up", () => {
    assert.deepEqual(needs(10, 10), [
      { market: "on-demand", missing: 16 },
      { market: "spot", missing: 24 },
    ]);
  });

  it("are those of the missing nodes alone, which are the last of their group", () => {
    assert.deepEqual(needs(10, 4), [
      { market: "on-demand", missing: 4 },
      { market: "spot", missing: 12 },
    ]);
  });

  it("leave out a market in which there are no nodes", () => {
    assert.deepEqual(needs(2, 1), [{ market: "on-demand", missing: 4 }]);
  });
});
