import assert from "node:assert/strict";

import { eventually } from "./eventually.js";
import type { CurrentFixture } from "./kubernetes-look.js";
import { budgetNamed, podOn, podsOn, webOnOneNode } from "./kubernetes-look.js";

/** Budgets, and every refusal that a real server can be brought to. */
export function describeRefusals(current: CurrentFixture): void {
  describe("budgets", () => {
    it("tells what a budget says and sees", async () => {
      const fixture = current();
      await webOnOneNode(fixture, { replicas: 4 });
      const selector = {
        matchLabels: { app: "web" },
        matchExpressions: [{ key: "app", operator: "In" as const, values: ["web", "shop"] }],
      };
      await fixture.addBudget({ name: "web", selector, minAvailable: 3, unhealthyPodEvictionPolicy: "AlwaysAllow" });
      await fixture.settle();
      assert.deepEqual(await budgetNamed(fixture, "web"), {
        namespace: fixture.namespace,
        name: "web",
        selector,
        disruptionsAllowed: 1,
        currentHealthy: 4,
        desiredHealthy: 3,
        expectedPods: 4,
        isStale: false,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      });
    });

    it("reckons percentages from what the owner declares, rounding up", async () => {
      const fixture = current();
      await webOnOneNode(fixture, { replicas: 3 });
      await fixture.addBudget({ name: "web", maxUnavailable: "50%" });
      await fixture.settle();
      const budget = await budgetNamed(fixture, "web");
      assert.deepEqual([budget.expectedPods, budget.desiredHealthy, budget.disruptionsAllowed], [3, 1, 2]);
      assert.equal(budget.unhealthyPodEvictionPolicy, "IfHealthyBudget");
    });

    it("allows nothing over pods that nobody declares", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addBarePod({ name: "bare", nodeName, labels: { app: "bare" } });
      await fixture.addBudget({ name: "bare", maxUnavailable: 1 });
      await fixture.settle();
      const budget = await budgetNamed(fixture, "bare");
      assert.deepEqual([budget.expectedPods, budget.disruptionsAllowed], [0, 0]);
      assert.equal((await fixture.kubernetes.evict(await podOn(fixture, nodeName))).kind, "budget-exhausted");
    });

    it("T20: 429 of a budget: refuses the last allowed pods for as long as no replacement can start", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture, { replicas: 3, shutdown: "fast" });
      await fixture.addBudget({ name: "web", minAvailable: 2 });
      await fixture.settle();
      await fixture.kubernetes.patchNode(nodeName, { unschedulable: true });
      const [first, ...others] = await podsOn(fixture, nodeName);
      assert.ok(first);
      assert.deepEqual(await fixture.kubernetes.evict(first), { kind: "accepted" });
      await eventually(
        fixture,
        "the budget counts two",
        async () => (await budgetNamed(fixture, "web")).currentHealthy === 2,
      );
      await fixture.wait(1_000);
      for (const pod of others) {
        assert.equal((await fixture.kubernetes.evict(pod)).kind, "budget-exhausted");
        assert.equal((await fixture.kubernetes.evict(pod, { dryRun: true })).kind, "budget-exhausted");
      }
      assert.equal((await podsOn(fixture, nodeName)).length, 2);
    });

    it("allows the next eviction once the replacement is ready", async () => {
      const fixture = current();
      const [first, second] = [await fixture.addNode(), await fixture.addNode()];
      await fixture.kubernetes.patchNode(second, { unschedulable: true });
      await fixture.addDeployment({ name: "web", replicas: 2, shutdown: "fast" });
      await fixture.addBudget({ name: "web", maxUnavailable: 1 });
      await fixture.settle();
      await fixture.kubernetes.patchNode(second, { unschedulable: false });
      await fixture.kubernetes.patchNode(first, { unschedulable: true });
      await eventually(fixture, "the first node is empty", async () => {
        for (const pod of await podsOn(fixture, first)) await fixture.kubernetes.evict(pod);
        return (await podsOn(fixture, first)).length === 0;
      });
      await eventually(
        fixture,
        "both run on the second",
        async () => (await podsOn(fixture, second)).filter(({ isReady }) => isReady).length === 2,
      );
    });

    it("T20: 500: refuses for good when two budgets cover a pod", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture);
      const selector = { matchLabels: { app: "web" }, matchExpressions: [] };
      await fixture.addBudget({ name: "one", selector, minAvailable: 0 });
      await fixture.addBudget({ name: "two", selector, minAvailable: 0 });
      await fixture.settle();
      assert.equal((await fixture.kubernetes.evict(await podOn(fixture, nodeName))).kind, "several-budgets");
      assert.equal((await podOn(fixture, nodeName)).deletionAt, null);
    });

    it("T20: 429 with a hint: asks for patience while a budget's controller is behind", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture);
      await fixture.pauseBudgetController();
      await fixture.addBudget({ name: "web", minAvailable: 0 });
      assert.equal((await budgetNamed(fixture, "web")).isStale, true);
      const answer = await fixture.kubernetes.evict(await podOn(fixture, nodeName));
      assert.equal(answer.kind, "budget-stale");
      assert.equal(answer.retryAfterMs, 10_000);
      await fixture.resumeBudgetController();
      await eventually(fixture, "the budget is seen", async () => !(await budgetNamed(fixture, "web")).isStale);
      assert.deepEqual(await fixture.kubernetes.evict(await podOn(fixture, nodeName)), { kind: "accepted" });
    });

    for (const phase of ["Pending", "Succeeded"] as const) {
      it(`T20: does not consult them for a ${phase} pod`, async () => {
        const fixture = current();
        const nodeName = await fixture.addNode();
        const neverStarts = phase === "Pending";
        const pod = await fixture.addBarePod({ name: "bare", nodeName, labels: { app: "bare" }, neverStarts });
        await fixture.addBudget({ name: "bare", minAvailable: 5 });
        await fixture.settle();
        if (phase === "Succeeded") await fixture.finishPod("bare", "Succeeded");
        assert.deepEqual(await fixture.kubernetes.evict(pod), { kind: "accepted" });
        await eventually(fixture, "the pod is gone", async () => (await podsOn(fixture, nodeName)).length === 0);
      });
    }
  });

  describe("budgets and unready pods", () => {
    it("holds an unready pod while its budget is not met", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture, { ready: false });
      await fixture.addBudget({ name: "web", minAvailable: 1 });
      await fixture.settle();
      assert.equal((await fixture.kubernetes.evict(await podOn(fixture, nodeName))).kind, "budget-exhausted");
    });

    it("holds it even under a budget that wants nobody healthy", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture, { ready: false });
      await fixture.addBudget({ name: "web", minAvailable: 0 });
      await fixture.settle();
      assert.equal((await fixture.kubernetes.evict(await podOn(fixture, nodeName))).kind, "budget-exhausted");
    });

    it("lets it go while the others meet the budget", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      await fixture.addDeployment({ name: "web", nodeName, replicas: 2 });
      const unready = await fixture.addBarePod({ name: "unready", nodeName, labels: { app: "web" }, ready: false });
      await fixture.addBudget({ name: "web", minAvailable: 2 });
      await fixture.settle();
      assert.equal((await budgetNamed(fixture, "web")).disruptionsAllowed, 0);
      assert.deepEqual(await fixture.kubernetes.evict(unready), { kind: "accepted" });
    });

    it("lets it go whenever the budget says so", async () => {
      const fixture = current();
      const nodeName = await webOnOneNode(fixture, { ready: false });
      await fixture.addBudget({ name: "web", minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
      await fixture.settle();
      assert.deepEqual(await fixture.kubernetes.evict(await podOn(fixture, nodeName)), { kind: "accepted" });
    });
  });

  describe("other refusals", () => {
    it("T20: 403 of a namespace: tells a terminating one from a missing right", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const pod = await fixture.addBarePod({ name: "held", nodeName, finalizers: ["lab.test/hold"] });
      await fixture.settle();
      await fixture.terminateNamespace();
      await eventually(
        fixture,
        "evictions are refused for the namespace's sake",
        async () => (await fixture.kubernetes.evict(pod)).kind === "namespace-terminating",
      );
    });

    it("T20: 429 of the server itself: says that it throttles, and for how long", async () => {
      const fixture = current();
      const pod = await podOn(fixture, await webOnOneNode(fixture));
      await fixture.throttleEvictions();
      // Even a server without a seat to give serves a caller who comes alone.
      const crowd = Array.from({ length: 20 }, () => pod);
      const answer = await eventually(fixture, "evictions are throttled", async () => {
        const answers = await Promise.all(crowd.map((each) => fixture.kubernetes.evict(each, { dryRun: true })));
        return answers.find(({ kind }) => kind === "throttled");
      });
      assert.deepEqual(answer, { kind: "throttled", retryAfterMs: 1_000 });
      assert.equal((await podOn(fixture, pod.nodeName)).deletionAt, null);
    });

    it("names a webhook that stands before evictions", async () => {
      const fixture = current();
      const pod = await podOn(fixture, await webOnOneNode(fixture));
      await fixture.breakWebhook("evict");
      assert.equal((await fixture.kubernetes.evict(pod)).kind, "webhook-refused");
      await fixture.mendWebhook("evict");
      await eventually(
        fixture,
        "the eviction passes",
        async () => (await fixture.kubernetes.evict(pod)).kind === "accepted",
      );
    });

    it("T20: lets evictions past a webhook on DELETE, and stops deletions there", async () => {
      const fixture = current();
      const nodeName = await fixture.addNode();
      const deleted = await fixture.addBarePod({ name: "deleted", nodeName });
      const evicted = await fixture.addBarePod({ name: "evicted", nodeName });
      await fixture.settle();
      await fixture.breakWebhook("delete");
      assert.equal((await fixture.kubernetes.deletePod(deleted, 1)).kind, "refused");
      assert.deepEqual(await fixture.kubernetes.evict(evicted), { kind: "accepted" });
      // The kubelet's own last DELETE has to pass the webhook too (safe-cycle S36).
      await fixture.wait(3_000);
      assert.deepEqual(
        (await podsOn(fixture, nodeName)).map(({ name, deletionAt }) => [name, deletionAt !== null]),
        [
          ["deleted", false],
          ["evicted", true],
        ],
      );
      await fixture.mendWebhook("delete");
      await eventually(fixture, "the evicted pod is gone", async () => (await podsOn(fixture, nodeName)).length === 1);
    });

    it("answers forbidden to a caller without rights and throws for his reads", async () => {
      const fixture = current();
      const pod = await podOn(fixture, await webOnOneNode(fixture));
      const unprivileged = fixture.as("unprivileged");
      assert.equal((await unprivileged.evict(pod)).kind, "forbidden");
      assert.equal((await unprivileged.deletePod(pod, 1)).kind, "forbidden");
      await assert.rejects(() => unprivileged.listNodes(), { code: "rbac-denied" });
      await assert.rejects(() => unprivileged.patchNode(pod.nodeName, { unschedulable: true }), {
        code: "rbac-denied",
      });
    });

    it("throws for a caller whom the cluster does not know", async () => {
      const fixture = current();
      const pod = await podOn(fixture, await webOnOneNode(fixture));
      const stranger = fixture.as("stranger");
      await assert.rejects(() => stranger.listNodes(), { code: "access-entry-missing" });
      await assert.rejects(() => stranger.evict(pod), { code: "access-entry-missing" });
    });

    it("throws when nothing answers a read, and cannot tell what became of an eviction", async () => {
      const fixture = current();
      const pod = await podOn(fixture, await webOnOneNode(fixture));
      const cutOff = fixture.as("cut-off");
      assert.equal((await cutOff.evict(pod)).kind, "transient");
      assert.equal((await cutOff.deletePod(pod, 1)).kind, "transient");
      await assert.rejects(() => cutOff.listNodes(), { code: "endpoint-unreachable" });
    });
  });
}
