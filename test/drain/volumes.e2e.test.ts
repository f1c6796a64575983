import assert from "node:assert/strict";

import { daemonSet } from "../lab/workload.js";
import { startDetacher } from "../lab/volumes/detacher.js";
import { attachVolume, createVolume } from "../lab/volumes/volume.js";
import { until } from "../lab/until.js";
import { MERGE_PATCH } from "./arrangements.js";
import type { Corner } from "./corner.js";
import { scenariosOnRealCluster } from "./real-cluster.js";
import { outcomeOf } from "./run-drain.js";

const LOSS_ALLOWED = { deleteUnmanagedPods: true };

/** A running pod with a volume of its own on the node; gives the attachment's name. */
async function runWithVolume(corner: Corner, name: string, nodeName: string, priority?: string): Promise<string> {
  const { admin, namespace } = corner;
  const volume = await createVolume(admin, { namespace, name });
  await corner.runBare(name, nodeName, {
    claims: [name],
    graceSeconds: 1,
    ...(priority === undefined ? {} : { priorityClassName: priority }),
  });
  return attachVolume(admin, volume, nodeName);
}

async function attachmentsOn({ admin }: Corner, nodeName: string): Promise<readonly string[]> {
  const { items } = await admin.storage.listVolumeAttachment();
  return items.filter(({ spec }) => spec.nodeName === nodeName).map(({ metadata }) => metadata?.name ?? "");
}

describe("draining a real API server and its volumes", function () {
  this.timeout(90_000);
  const scenario = scenariosOnRealCluster();

  scenario("S23: waits for the volume of a pod that is gone, not for that of a DaemonSet", async (corner) => {
    const { admin, namespace } = corner;
    const node = await corner.addNode("a");
    const cache = await createVolume(admin, { namespace, name: "cache" });
    const body = daemonSet({ namespace, name: "cache" }, { ...corner.placement, claims: ["cache"] });
    await admin.apps.createNamespacedDaemonSet({ namespace, body });
    await until(async () => (await corner.pods("cache"))[0]?.status?.phase === "Running", 30_000);
    const staying = await attachVolume(admin, cache, node);
    const leaving = await runWithVolume(corner, "db", node);
    const { report } = await corner.drain({ settings: LOSS_ALLOWED });
    await until(async () => (await corner.pods("db")).length === 0, 30_000);
    assert.deepEqual([...(await attachmentsOn(corner, node))].sort(), [leaving, staying].sort());
    const detacher = startDetacher(admin, { namespace, delayMs: 6000 });
    const ended = await report.finally(() => detacher.stop());
    assert.equal(ended.outcome, "drained", ended.sentence);
    assert.deepEqual(await attachmentsOn(corner, node), [staying]);
  });

  scenario("S23: a volume that stays attached ends the drain in its own time, with that reason", async (corner) => {
    const { admin, namespace } = corner;
    const node = await corner.addNode("a");
    // Nobody detaches what has a finalizer, as when its driver hangs.
    const name = await runWithVolume(corner, "db", node);
    const body = { metadata: { finalizers: ["lab.test/hold"] } };
    await admin.storage.patchVolumeAttachment({ name, body }, MERGE_PATCH);
    const { report } = await corner.drain({ settings: { ...LOSS_ALLOWED, volumeDetachTimeoutSeconds: 4 } });
    const ended = await report;
    assert.equal(ended.outcome, "blocked");
    assert.match(ended.sentence, new RegExp(`no pod left, but volume pv-${namespace}-db stayed attached`));
    assert.deepEqual(ended.nodes[0]?.volumes, [`pv-${namespace}-db`]);
    assert.equal(outcomeOf(ended, "db"), "lost");
  });

  scenario("pods with volumes leave one by one, the higher priority first", async (corner) => {
    const { admin, namespace } = corner;
    for (const [name, value] of [
      ["lab-high", 100],
      ["lab-low", 1],
    ] as const)
      await admin.scheduling.createPriorityClass({ body: { metadata: { name }, value } });
    const node = await corner.addNode("a");
    const last = await runWithVolume(corner, "low", node, "lab-low");
    const first = await runWithVolume(corner, "high", node, "lab-high");
    const { report, attempts } = await corner.drain({
      settings: LOSS_ALLOWED,
      beforeEviction: async (answered) => {
        if (answered > 0) assert.deepEqual(await attachmentsOn(corner, node), [last], `${first} is detached first`);
      },
    });
    const detacher = startDetacher(admin, { namespace, delayMs: 2000 });
    const ended = await report.finally(() => detacher.stop());
    assert.equal(ended.outcome, "drained", ended.sentence);
    assert.deepEqual(
      attempts.map(({ pod }) => pod.name),
      ["high", "low"],
    );
  });
});
