import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import type { InstanceState } from "../../runtime/ports/index.js";
import { until } from "../lab/until.js";
import { MERGE_PATCH } from "./arrangements.js";
import type { Corner } from "./corner.js";
import { scenariosOnRealCluster } from "./real-cluster.js";
import { outcomeOf, reasonOf } from "./run-drain.js";

const INSTANCE_ID = "i-0123456789abcdef0";

/** A node with one running pod, whose kubelet has then fallen silent. */
async function addSilentNode(corner: Corner): Promise<string> {
  const { core } = corner.admin;
  const name = await corner.addNode("a");
  const providerID = `aws:///eu-west-1a/${INSTANCE_ID}`;
  await core.patchNode({ name, body: { spec: { providerID } } }, MERGE_PATCH);
  await corner.runBare("db", name, { graceSeconds: 1 });
  await core.patchNode({ name, body: { metadata: { labels: { "lab/kubelet": null } } } }, MERGE_PATCH);
  await until(async () => {
    const { status } = await core.readNode({ name });
    return status?.conditions?.find(({ type }) => type === "Ready")?.status === "Unknown";
  }, 60_000);
  return name;
}

/** EC2, which knows one instance. */
const ec2 = (state: () => InstanceState) => ({
  instanceStates: (ids: readonly string[]) => Promise.resolve(new Map(ids.map((id) => [id, state()]))),
});

describe("draining a real API server with nodes whose kubelet is silent", function () {
  this.timeout(120_000);
  const scenario = scenariosOnRealCluster({ nodeMonitorGraceSeconds: 4 });

  scenario("S18: while the instance runs, a pod is never removed with grace 0", async (corner) => {
    const node = await addSilentNode(corner);
    const { report, attempts } = await corner.drain({
      settings: { deleteUnmanagedPods: true, timeoutSeconds: 6, policy: "force-at-deadline" },
      request: ec2(() => "running"),
    });
    const ended = await report;
    assert.equal(ended.outcome, "partial", ended.sentence);
    assert.match(reasonOf(ended, "db"), new RegExp(`node ${node} is Unknown, instance ${INSTANCE_ID} still running`));
    assert.ok(attempts.every(({ graceSeconds }) => graceSeconds === null || graceSeconds >= 1));
    assert.equal((await corner.pods("db")).length, 1);
  });

  scenario("S18: once the instance is proven terminated, its pod is removed with grace 0", async (corner) => {
    const node = await addSilentNode(corner);
    let state: InstanceState = "running";
    const { report, attempts } = await corner.drain({
      settings: { deleteUnmanagedPods: true },
      request: ec2(() => state),
    });
    await until(() => Promise.resolve(attempts.length > 0), 30_000);
    await sleep(3000);
    assert.equal((await corner.pods("db")).length, 1, "evicted, and confirmed by nobody");
    state = "terminated";
    const ended = await report;
    assert.equal(ended.outcome, "drained", ended.sentence);
    assert.equal(outcomeOf(ended, "db"), "cleared");
    assert.deepEqual(
      attempts.map(({ verb, graceSeconds, answer }) => [verb, graceSeconds, answer]),
      [
        ["evict", null, "accepted"],
        ["delete", 0, "accepted"],
      ],
    );
    assert.deepEqual(await corner.pods("db"), []);
    assert.deepEqual(
      ended.nodes.map(({ name, state: is }) => [name, is]),
      [[node, "skipped"]],
    );
  });
});
