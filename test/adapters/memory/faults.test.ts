import assert from "node:assert/strict";

import type { EvictionAnswer } from "../../../runtime/ports/index.js";
import { Failure } from "../../../runtime/ports/index.js";
import { boundPods, clusterWith, firstGroup } from "./cluster-under-test.js";

const WEB = { name: "web", size: { min: 1, desired: 2, max: 4 } };

async function clusterWithPod() {
  const made = clusterWith([WEB]);
  made.cluster.addBarePod({ name: "bare", nodeName: "ip-10-0-0-1.ec2.internal" });
  const [pod] = await boundPods(made.cluster);
  assert.ok(pod);
  return { ...made, pod };
}

describe("faults of an in-memory cluster", () => {
  for (const code of ["credentials-expired", "role-refused", "permission-denied", "throttled"] as const) {
    it(`fail the cloud's calls with ${code} until they end`, async () => {
      const { cluster } = clusterWith([WEB]);
      cluster.faults.begin(code);
      await assert.rejects(() => cluster.capacity.describeCluster(), { name: "CurfewFailure", code });
      cluster.faults.end(code);
      assert.equal((await cluster.capacity.describeCluster()).status, "ACTIVE");
    });
  }

  it("leave the cloud alone when only the API server is out of reach", async () => {
    const { cluster } = clusterWith([WEB]);
    cluster.faults.begin("endpoint-unreachable");
    await assert.rejects(() => cluster.kubernetes.listNodes(), { code: "endpoint-unreachable" });
    assert.equal((await cluster.capacity.listGroups()).length, 1);
  });

  it("can stand before some calls only", async () => {
    const { cluster, pod } = await clusterWithPod();
    cluster.faults.begin("rbac-denied", ["evict"]);
    assert.equal((await cluster.kubernetes.evict(pod)).kind, "forbidden");
    assert.equal((await cluster.kubernetes.deletePod(pod, 1)).kind, "accepted");
  });

  it("strike a call before or after its effect, as often as they are told to", async () => {
    const { cluster } = clusterWith([WEB]);
    const group = await firstGroup(cluster);
    const error = new Failure({ code: "unavailable", message: "Lost.", remedy: "Again." });
    cluster.faults.failNext({ call: "resize", error, times: 2 });
    for (const _ of [1, 2]) {
      await assert.rejects(() => cluster.capacity.resize(group, { min: 0, desired: 0, max: 4 }, "token"), error);
    }
    assert.equal((await firstGroup(cluster)).status, "ACTIVE");
    cluster.faults.failNext({ call: "resize", error, when: "after" });
    await assert.rejects(() => cluster.capacity.resize(group, { min: 0, desired: 0, max: 4 }, "token"), error);
    assert.equal((await firstGroup(cluster)).status, "UPDATING");
  });

  it("make calls slow", async () => {
    const { cluster, clock } = clusterWith([WEB]);
    cluster.faults.setLatencyMs(250);
    const startedAt = clock.now();
    await cluster.kubernetes.listNodes();
    await cluster.capacity.listGroups();
    assert.equal(clock.now() - startedAt, 500);
  });

  // Real servers give these answers only by luck; the adapter's own tests hold their translation (safe-cycle T20).
  const rare: readonly EvictionAnswer[] = [
    { kind: "budget-contention", message: "the object has been modified" },
    { kind: "throttled", retryAfterMs: 3_000 },
  ];
  for (const answer of rare) {
    it(`answer an eviction with ${answer.kind}, once, and leave the pod alone`, async () => {
      const { cluster, pod } = await clusterWithPod();
      cluster.faults.answerNextEviction({ answer, podName: "other" });
      cluster.faults.answerNextEviction({ answer, podName: "bare" });
      assert.deepEqual(await cluster.kubernetes.evict(pod), answer);
      assert.equal((await boundPods(cluster))[0]?.deletionAt, null);
      assert.equal((await cluster.kubernetes.evict(pod)).kind, "accepted");
    });
  }

  it("lose the answer of an eviction that took effect", async () => {
    const { cluster, pod } = await clusterWithPod();
    cluster.faults.answerNextEviction({ answer: { kind: "transient", message: "reset" }, tookEffect: true });
    assert.equal((await cluster.kubernetes.evict(pod)).kind, "transient");
    assert.notEqual((await boundPods(cluster))[0]?.deletionAt, null);
  });

  it("do not spread to other clusters", async () => {
    const { cluster, world } = clusterWith([WEB]);
    const other = world.addCluster({ identity: { account: "333333333333", region: "eu-west-1", name: "other" } });
    cluster.faults.begin("credentials-expired");
    assert.deepEqual(await other.capacity.listGroups(), []);
  });
});
