import assert from "node:assert/strict";

import { until } from "../lab/until.js";
import { daemonSet, isPodReady } from "../lab/workload.js";
import { MERGE_PATCH } from "./arrangements.js";
import { scenariosOnRealCluster } from "./real-cluster.js";
import { outcomeOf, reasonOf } from "./run-drain.js";
import { createStandstill } from "./standstill.js";

describe("draining a real API server whose controllers stand still", function () {
  this.timeout(60_000);
  const scenario = scenariosOnRealCluster();
  const standstill = createStandstill(3);

  scenario(
    "S6: a budget that its controller has not seen yet is waited for as long as the server asks",
    async (corner, cluster) => {
      const { admin, namespace } = corner;
      await corner.addNode("a");
      await corner.run("api", 1);
      await corner.guard("api", { minAvailable: 1 });
      const { report, attempts } = await standstill.during(cluster, async () => {
        const loosened = { namespace, name: "api", body: { spec: { minAvailable: 0 } } };
        await admin.policy.patchNamespacedPodDisruptionBudget(loosened, MERGE_PATCH);
        const draining = await corner.drain();
        await until(() => Promise.resolve(draining.attempts.length > 0));
        return draining;
      });
      const { outcome, answers } = await report;
      assert.equal(outcome, "drained");
      assert.deepEqual(answers, { accepted: 1, "budget-stale": 1 });
      const [refused, accepted] = attempts.map(({ at }) => at);
      assert.ok((accepted ?? 0) - (refused ?? 0) >= 10_000, "the hint of 10 s is honoured");
    },
  );

  scenario(
    "S8: a pod whose namespace terminates is tried again until the namespace takes it along",
    async (corner, cluster) => {
      await corner.addNode("a");
      await corner.run("api", 1, { graceSeconds: 2, annotations: { "lab/shutdown": "grace" } });
      const [api] = await corner.pods("api");
      const { report } = await standstill.during(cluster, async () => {
        await corner.admin.core.deleteNamespace({ name: corner.namespace });
        const draining = await corner.drain();
        await until(() => Promise.resolve(draining.attempts.length > 0));
        assert.equal((await corner.pods("api")).filter(isPodReady).length, 1, "it was alive when it was refused");
        return draining;
      });
      const ended = await report;
      assert.equal(ended.outcome, "drained");
      assert.deepEqual(Object.keys(ended.answers), ["namespace-terminating"]);
      assert.equal(outcomeOf(ended, api?.metadata?.name ?? ""), "gone");
    },
  );

  // Controllers that work would replace the finished pod and remove the orphan within a moment.
  scenario(
    "S9: DaemonSet pods stay, finished ones leave, and an orphan keeps its whole node untouched",
    async (corner, cluster) => {
      const { admin, namespace } = corner;
      for (const name of ["running", "finished", "orphaned"]) {
        const nodeName = await corner.addNode(name);
        await admin.apps.createNamespacedDaemonSet({ namespace, body: daemonSet({ namespace, name }, { nodeName }) });
      }
      await corner.run("api", 1, { nodeName: `${namespace}-orphaned` });
      await until(async () => (await corner.pods()).filter(isPodReady).length === 4);
      const nameOf = async (app: string) => (await corner.pods(app))[0]?.metadata?.name ?? "";
      const [running, finished, orphan, api] = await Promise.all(
        ["running", "finished", "orphaned", "api"].map(nameOf),
      );
      const { report, attempts } = await standstill.during(cluster, async () => {
        await corner.finish(finished ?? "");
        await admin.apps.deleteNamespacedDaemonSet({ namespace, name: "orphaned" });
        const draining = await corner.drain();
        await draining.report;
        return draining;
      });
      const ended = await report;
      assert.equal(ended.outcome, "refused");
      assert.deepEqual(
        [running, finished, orphan, api].map((name) => outcomeOf(ended, name ?? "")),
        ["skipped", "evicted", "refused", "not-attempted"],
      );
      assert.match(reasonOf(ended, orphan ?? ""), /its DaemonSet no longer exists/);
      assert.deepEqual(
        attempts.map(({ pod }) => pod.name),
        [finished],
        "no eviction at all on the orphan's node",
      );
    },
  );
});
