import type { V1Pod } from "@kubernetes/client-node";
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import type { Corner } from "./corner.js";
import { scenariosOnRealCluster } from "./real-cluster.js";
import { outcomeOf, reasonOf } from "./run-drain.js";

const USES_UP_ITS_GRACE = { "lab/shutdown": "grace" };

describe("draining a real API server past its deadline", function () {
  this.timeout(90_000);
  const scenario = scenariosOnRealCluster();

  scenario("S15: a pod with an hour's grace is deleted with what is left, never 0, and by its UID", async (corner) => {
    await corner.addNode("a");
    await corner.run("slow", 1, { graceSeconds: 3600, annotations: USES_UP_ITS_GRACE });
    const [slow] = await corner.pods("slow");
    const sightings = watchPod(corner, slow);
    const { report, attempts } = await corner.drain({ settings: { policy: "force-at-deadline", timeoutSeconds: 6 } });
    const ended = await report;
    assert.equal(ended.outcome, "drained-with-force");
    assert.deepEqual(ended.forced, [`${corner.namespace}/${slow?.metadata?.name ?? ""}`]);
    const [deletion, ...others] = attempts;
    assert.deepEqual(others, [], "neither evicted nor deleted twice");
    assert.deepEqual([deletion?.verb, deletion?.pod.uid], ["delete", slow?.metadata?.uid]);
    const graces = (await sightings.stop()).map(({ metadata }) => metadata?.deletionGracePeriodSeconds);
    const given = graces.find((grace) => grace !== undefined);
    assert.equal(given, deletion?.graceSeconds, "the server took the grace that was sent");
    assert.ok(given !== undefined && given >= 1 && given <= 6, `grace ${given}`);
  });

  scenario("S16: a pod that would end after the deadline is deleted again, sooner and never later", async (corner) => {
    const { admin, namespace } = corner;
    const name = "slow";
    const node = await corner.addNode("a");
    const slow = await corner.runBare(name, node, { graceSeconds: 600, annotations: USES_UP_ITS_GRACE });
    await admin.core.deleteNamespacedPod({ namespace, name });
    const before = await admin.core.readNamespacedPod({ namespace, name });
    const sightings = watchPod(corner, slow);
    const startedAt = Date.now();
    const { report, attempts } = await corner.drain({ settings: { policy: "force-at-deadline", timeoutSeconds: 6 } });
    const ended = await report;
    assert.equal(ended.outcome, "drained-with-force");
    assert.equal(outcomeOf(ended, name), "forced");
    assert.ok(attempts.length > 0 && attempts.every(({ verb, pod }) => verb === "delete" && pod.name === name));
    assert.ok(attempts.every(({ graceSeconds }) => (graceSeconds ?? 0) >= 1));
    const ends = (await sightings.stop()).map(({ metadata }) => metadata?.deletionTimestamp?.getTime() ?? 0);
    assert.equal(ends[0], before.metadata?.deletionTimestamp?.getTime(), "seen before it was tightened");
    assert.ok(
      ends.every((end, index) => index === 0 || end <= (ends[index - 1] ?? 0)),
      "the deadline only tightens",
    );
    assert.ok((ends.at(-1) ?? 0) <= startedAt + 7000, "it ends inside the drain's own deadline");
  });

  scenario("S17: a finalizer is named, not stripped, and the drain ends partial", async (corner) => {
    await corner.addNode("a");
    await corner.run("held", 1, { graceSeconds: 1, finalizers: ["lab.test/hold"] });
    const [held] = await corner.pods("held");
    const { report } = await corner.drain({ settings: { policy: "force-at-deadline", timeoutSeconds: 3 } });
    const ended = await report;
    assert.equal(ended.outcome, "partial");
    assert.match(reasonOf(ended, held?.metadata?.name ?? ""), /held by finalizers lab\.test\/hold/);
    assert.match(ended.sentence, /lab\.test\/hold/);
    const still = (await corner.pods("held")).find(({ metadata }) => metadata?.uid === held?.metadata?.uid);
    const { finalizers, deletionTimestamp } = still?.metadata ?? {};
    assert.deepEqual(finalizers, ["lab.test/hold"]);
    assert.ok(deletionTimestamp);
  });

  scenario(
    "S19: past the deadline a critical pod is forced together with the one that held it back",
    async (corner) => {
      await corner.addNode("a");
      await corner.run("web", 1, { graceSeconds: 2 });
      await corner.run("dns", 1, { graceSeconds: 2, priorityClassName: "system-cluster-critical" });
      await corner.guard("web", { minAvailable: 1 });
      const { report, attempts } = await corner.drain({ settings: { policy: "force-at-deadline", timeoutSeconds: 7 } });
      const ended = await report;
      assert.equal(ended.outcome, "drained-with-force");
      assert.equal(ended.forced.length, 2);
      const forced = attempts.filter(({ verb }) => verb === "delete");
      assert.deepEqual(forced.map(({ pod }) => pod.name.split("-")[0]).sort(), ["dns", "web"]);
      assert.ok(Math.abs((forced[0]?.at ?? 0) - (forced[1]?.at ?? 0)) < 500, "at once, not one after the other");
      const evicted = attempts.filter(({ verb }) => verb === "evict").map(({ pod }) => pod.name.split("-")[0]);
      assert.ok(evicted.length > 0 && evicted.every((app) => app === "web"), "the critical pod waited for its turn");
    },
  );
});

/** Reads a pod (by UID) again and again; `stop` gives what was seen of it while it terminated. */
function watchPod(corner: Corner, pod: V1Pod | undefined): { stop(): Promise<readonly V1Pod[]> } {
  const stopping = new AbortController();
  const reading = (async () => {
    const seen: V1Pod[] = [];
    while (!stopping.signal.aborted) {
      const found = (await corner.pods()).find(({ metadata }) => metadata?.uid === pod?.metadata?.uid);
      if (found?.metadata?.deletionTimestamp) seen.push(found);
      await sleep(100);
    }
    return seen;
  })();
  return {
    stop: () => {
      stopping.abort();
      return reading;
    },
  };
}
