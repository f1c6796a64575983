import assert from "node:assert/strict";

import { createMemoryWorld } from "../../runtime/adapters/memory/world.js";
import { drain, type DrainReport, type DrainRequest } from "../../runtime/drain/index.js";
import { PERSISTENT_VOLUMES, VOLUME_ATTACHMENTS } from "../../runtime/drain/volume-types.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { settings } from "./fixtures.js";
import { outcomeOf, reasonOf } from "./run-drain.js";

/** A simulated cluster of two nodes, its clock, and a drain of both. */
function twin() {
  const clock = fakeClock();
  const group = { name: "general", size: { min: 0, desired: 2, max: 4 } };
  const identity = { account: "111111111111", region: "eu-west-1", name: "pay" };
  const cluster = createMemoryWorld({ clock }).addCluster({ identity, groups: [group] });
  const startedAt = clock.now();
  const run = (request: Partial<DrainRequest> = {}): Promise<DrainReport> =>
    drain(
      {
        settings: settings({ deleteUnmanagedPods: true, timeoutSeconds: 120 }),
        isTarget: () => true,
        cordonedBefore: new Set(),
        cordonedByUs: new Set(),
        startedAt,
        instanceStates: (ids) => cluster.capacity.instanceStates(ids),
        ...request,
      },
      { kubernetes: cluster.kubernetes, clock, random: { next: () => 0.5, id: () => "id" } },
      {
        beforeCordon: () => Promise.resolve(),
        beforeScaleOwner: () => Promise.resolve(),
        keepAlive: () => Promise.resolve(),
        progress: () => undefined,
      },
      { yieldAt: null, signal: new AbortController().signal },
    );
  return { cluster, run, passedMs: () => clock.now() - startedAt };
}

async function nodesOf({ cluster }: ReturnType<typeof twin>) {
  const [first, second] = await cluster.kubernetes.listNodes();
  assert.ok(first && second);
  return [first, second] as const;
}

describe("a drain of the simulated cluster", () => {
  it("S23: waits for the volume of the pod that has gone", async () => {
    const simulated = twin();
    const { cluster, run, passedMs } = simulated;
    const [node] = await nodesOf(simulated);
    cluster.addBarePod({ name: "db", nodeName: node.name, claims: ["data"], graceSeconds: 5 });
    cluster.objects.put(PERSISTENT_VOLUMES, {
      metadata: { name: "pv-1" },
      spec: { claimRef: { namespace: "default", name: "data" } },
      status: { phase: "Bound" },
    });
    cluster.objects.put(VOLUME_ATTACHMENTS, {
      metadata: { name: "csi-1" },
      spec: { nodeName: node.name, source: { persistentVolumeName: "pv-1" } },
    });
    cluster.after(50_000, () => cluster.objects.remove(VOLUME_ATTACHMENTS, { name: "csi-1" }));
    const report = await run();
    assert.equal(report.outcome, "drained");
    assert.ok(passedMs() >= 50_000 && passedMs() < 60_000, `took ${passedMs()} ms`);
  });

  it("S18: nothing is forced on a silent node while its instance runs, and all of it once that is terminated", async () => {
    for (const state of ["shutting-down", "terminated"] as const) {
      const simulated = twin();
      const { cluster, run } = simulated;
      const [node, other] = await nodesOf(simulated);
      cluster.addBarePod({ name: "db", nodeName: node.name, graceSeconds: 5 });
      cluster.addBarePod({ name: "web", nodeName: other.name, graceSeconds: 5 });
      cluster.loseInstance(node.instanceId ?? "", state);
      const report = await run();
      const isGone = cluster.allPods().every(({ name }) => name !== "db");
      assert.equal(isGone, state === "terminated");
      assert.equal(outcomeOf(report, "web"), "lost");
      if (isGone) assert.equal(report.outcome, "drained");
      else
        assert.match(reasonOf(report, "db"), /is Unknown, instance i-\w+ shutting-down, so its kubelet cannot confirm/);
    }
  });
});
