import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { uncordon } from "../../runtime/drain/index.js";
import { LOAD_BALANCER_EXCLUSION_LABEL } from "../../runtime/ports/index.js";
import { until } from "../lab/until.js";
import { isPodReady } from "../lab/workload.js";
import { serviceAccountToken } from "./curfew-token.js";
import { startFaultyFront } from "./faulty-front.js";
import { scenariosOnRealCluster } from "./real-cluster.js";
import { outcomeOf, reasonOf } from "./run-drain.js";

describe("draining the nodes and pods of a real API server", function () {
  this.timeout(60_000);
  const scenario = scenariosOnRealCluster();

  scenario("S8: an eviction that RBAC forbids ends the drain at once", async (corner, { admin }) => {
    await admin.rbac.createClusterRole({
      body: {
        metadata: { name: "onlooker" },
        rules: [
          { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "patch"] },
          { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
          { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: ["list"] },
        ],
      },
    });
    const token = await serviceAccountToken(admin, "onlooker", "onlooker");
    await corner.addNode("a");
    await corner.run("api", 2);
    const startedAt = Date.now();
    const { report } = await corner.drain({ token: () => Promise.resolve(token) });
    await assert.rejects(report, { code: "rbac-denied", message: /^RBAC: .*evict test-\d+\/api-.*pods\/eviction/s });
    assert.ok(Date.now() - startedAt < 5000);
    assert.equal((await corner.pods("api")).filter(isPodReady).length, 2);
  });

  scenario("S10: static pods stay and their node counts as drained", async (corner) => {
    const node = await corner.addNode("a");
    const { uid = "" } = (await corner.readNode(node)).metadata ?? {};
    await corner.run("api", 1);
    await corner.runBare("mirror", node, { annotations: { "kubernetes.io/config.mirror": "hash" } });
    await corner.runBare("owned", node, {
      owner: { apiVersion: "v1", kind: "Node", name: node, uid, controller: true },
    });
    const { report, attempts } = await corner.drain();
    const ended = await report;
    assert.equal(ended.outcome, "drained");
    assert.deepEqual(
      ended.nodes.map(({ name, state }) => [name, state]),
      [[node, "drained"]],
    );
    assert.deepEqual([outcomeOf(ended, "mirror"), outcomeOf(ended, "owned")], ["skipped", "skipped"]);
    assert.deepEqual(
      attempts.map(({ pod }) => pod.name.split("-")[0]),
      ["api"],
    );
    const left = (await corner.pods()).filter(({ spec }) => spec?.nodeName === node);
    assert.deepEqual(
      left.map(({ metadata }) => metadata?.name),
      ["mirror", "owned"],
    );
  });

  scenario("S11: a node with an emptyDir is refused before any eviction, for every reason at once", async (corner) => {
    const refused = await corner.addNode("refused");
    await corner.run("neighbour", 1);
    await corner.runBare("scratch", refused, { emptyDir: true });
    const other = await corner.addNode("other");
    await corner.cordon(refused, true);
    await corner.run("elsewhere", 1);
    await corner.cordon(refused, false);
    const { refusal } = await corner.inspect();
    assert.match(refusal ?? "", /scratch would lose the data of its emptyDir .* and has no controller/);
    const { report, attempts } = await corner.drain();
    const ended = await report;
    assert.equal(ended.outcome, "refused");
    assert.match(
      reasonOf(ended, "scratch"),
      /emptyDir \(deleteEmptyDirData .*has no controller.*\(deleteUnmanagedPods/,
    );
    assert.deepEqual(
      attempts.map(({ pod }) => pod.name.split("-")[0]),
      ["elsewhere"],
      "nothing on the refused node was touched",
    );
    assert.equal((await corner.pods("neighbour")).filter(isPodReady).length, 1);
    assert.deepEqual(
      ended.nodes.map(({ name, isRefused, state }) => [name, isRefused, state]),
      [
        [other, false, "drained"],
        [refused, true, "cordoned"],
      ],
    );
  });

  scenario("S12: a bare pod is refused by name, and lost by opt-in", async (corner) => {
    const node = await corner.addNode("a");
    await corner.runBare("pet", node);
    const refused = await (await corner.drain()).report;
    assert.equal(refused.outcome, "refused");
    assert.match(refused.sentence, /test-\d+\/pet has no controller, so nothing recreates it/);
    assert.equal((await corner.pods()).length, 1);
    const lost = await (await corner.drain({ settings: { deleteUnmanagedPods: true } })).report;
    assert.equal(lost.outcome, "drained");
    assert.deepEqual(lost.lost, [`${corner.namespace}/pet`]);
    assert.deepEqual(await corner.pods(), []);
  });

  scenario(
    "S20: a pod bound three seconds after the cordon leaves before the node counts as drained",
    async (corner) => {
      const node = await corner.addNode("a");
      await corner.run("api", 1);
      const { report } = await corner.drain({ settings: { deleteUnmanagedPods: true } });
      await until(async () => (await corner.readNode(node)).spec?.unschedulable === true);
      await sleep(3000);
      await corner.bindBare("late", node, { graceSeconds: 1 });
      const ended = await report;
      assert.equal(ended.outcome, "drained");
      assert.equal(outcomeOf(ended, "late"), "lost");
      assert.deepEqual(
        (await corner.pods()).filter(({ spec }) => spec?.nodeName === node),
        [],
      );
    },
  );

  scenario("S21: a node that joins in the middle is cordoned and drained as well", async (corner) => {
    const first = await corner.addNode("a");
    await corner.run("api", 2, { graceSeconds: 3, annotations: { "lab/shutdown": "grace" } });
    const { report, attempts } = await corner.drain({ settings: { deleteUnmanagedPods: true } });
    await until(() => Promise.resolve(attempts.length > 0));
    const joined = await corner.addNode("b");
    await corner.bindBare("guest", joined);
    const ended = await report;
    assert.equal(ended.outcome, "drained");
    assert.deepEqual(
      ended.nodes.map(({ name, state, isOurCordon }) => [name, state, isOurCordon]),
      [
        [first, "drained", true],
        [joined, "drained", true],
      ],
    );
    assert.equal(outcomeOf(ended, "guest"), "lost");
    assert.equal((await corner.readNode(joined)).spec?.unschedulable, true);
    const bound = (await corner.pods()).filter(({ spec }) => spec?.nodeName !== undefined);
    assert.deepEqual(bound, [], "replacements wait for a node");
    assert.ok(attempts.length <= 5, `${attempts.length} attempts for at most five pods`);
  });

  scenario("S22: pods that tolerate the cordon and come back are not evicted for ever", async (corner) => {
    await corner.addNode("a");
    await corner.run("clingy", 2, { graceSeconds: 1, tolerations: [{ operator: "Exists" }] });
    const { report, attempts } = await corner.drain({ settings: { timeoutSeconds: 20 } });
    const ended = await report;
    assert.equal(ended.outcome, "blocked");
    assert.match(ended.sentence, /clingy-\S+ is put back on cordoned nodes by its controller.*tolerates the cordon/);
    const evicted = attempts.filter(({ answer }) => answer === "accepted").length;
    assert.ok(evicted >= 2 && evicted <= 10, `${evicted} evictions for 2 pods`);
    assert.equal((await corner.pods("clingy")).length, 2, "the workload is left running");
  });

  scenario("S24: a node that somebody cordoned before is still cordoned after an abort", async (corner) => {
    const ours = await corner.addNode("ours");
    await corner.run("api", 1);
    await corner.guard("api", { minAvailable: 1 });
    const theirs = await corner.addNode("theirs");
    await corner.cordon(theirs, true);
    const abort = new AbortController();
    const request = { cordonedBefore: new Set([theirs]) };
    const { report, attempts, kubernetes } = await corner.drain({ request, signal: abort.signal });
    await until(() => Promise.resolve(attempts.length > 0));
    abort.abort();
    const { outcome, nodes } = await report;
    assert.equal(outcome, "cancelled");
    const toUndo = nodes.filter(({ isOurCordon }) => isOurCordon).map(({ name }) => name);
    assert.deepEqual(toUndo, [ours]);
    assert.deepEqual(await uncordon(toUndo, { kubernetes }), []);
    const [oursNow, theirsNow] = await Promise.all([corner.readNode(ours), corner.readNode(theirs)]);
    assert.deepEqual([oursNow.spec?.unschedulable, theirsNow.spec?.unschedulable], [undefined, true]);
    for (const { metadata } of [oursNow, theirsNow]) {
      assert.ok(!(LOAD_BALANCER_EXCLUSION_LABEL in (metadata?.labels ?? {})), `${metadata?.name} serves again`);
    }
  });

  scenario("S25: a token that expires in the middle is renewed once", async (corner, _cluster, token) => {
    await corner.addNode("a");
    await corner.run("api", 2, { graceSeconds: 2, annotations: { "lab/shutdown": "grace" } });
    let isExpired = false;
    let renewals = 0;
    const source = (rejected?: string): Promise<string> => {
      if (rejected === "expired" && isExpired) {
        isExpired = false;
        renewals += 1;
      }
      return Promise.resolve(isExpired ? "expired" : token);
    };
    const { report, attempts } = await corner.drain({ token: source });
    await until(() => Promise.resolve(attempts.length === 2));
    isExpired = true;
    assert.equal((await report).outcome, "drained");
    assert.equal(renewals, 1);
  });

  for (const [times, patience] of [
    [2, "within the adapter's patience"],
    [7, "beyond it"],
  ] as const) {
    scenario(
      `S25: lists that fail ${times} times while it waits, ${patience}, do not end the drain`,
      async (corner, cluster) => {
        await using front = await startFaultyFront(cluster);
        await corner.addNode("a");
        await corner.run("api", 2, { graceSeconds: 2, annotations: { "lab/shutdown": "grace" } });
        const { report, attempts } = await corner.drain({ server: front.url });
        await until(() => Promise.resolve(attempts.length === 2));
        front.failNext("/pods", times);
        const { outcome, answers } = await report;
        assert.equal(outcome, "drained");
        assert.equal(front.failed(), times);
        assert.deepEqual(answers, { accepted: 2 });
      },
    );
  }
});
