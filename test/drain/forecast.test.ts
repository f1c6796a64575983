import assert from "node:assert/strict";

import { inspectDrain, type DrainForecast } from "../../runtime/drain/index.js";
import type { DrainSettings } from "../../runtime/drain/settings.js";
import { Failure, type Capacity, type InstanceState } from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { fakeCluster, type Script, type World } from "./fake-cluster.js";
import { budget, daemonPod, node, pod, settings } from "./fixtures.js";

async function inspect(
  script: Script,
  given: Partial<DrainSettings> = {},
  instanceStates?: Capacity["instanceStates"],
): Promise<{ forecast: DrainForecast; world: World }> {
  const clock = fakeClock();
  const { kubernetes, world } = fakeCluster(script, clock);
  const random = { next: () => 0.5, id: () => "id" };
  const forecast = await inspectDrain(
    { settings: settings(given), isTarget: () => true, ...(instanceStates && { instanceStates }) },
    { kubernetes, clock, random },
  );
  return { forecast, world };
}

describe("the preflight of a drain", () => {
  it("names refused pods with every reason, changes nothing, and asks the server nothing about free budgets", async () => {
    const { forecast, world } = await inspect({
      nodes: [node("a")],
      pods: [pod("cache-1", "a", { hasEmptyDir: true, controller: null }), pod("api-1", "a"), pod("api-2", "a")],
      budgets: [budget("api", 1)],
    });
    assert.match(forecast.refusal ?? "", /^1 pod may not be evicted: shop\/cache-1 .*emptyDir.* and has no controller/);
    assert.equal(forecast.refused[0]?.reasons.length, 2);
    assert.deepEqual(world.calls, []);
  });

  it("warns that a budget will hold its last pods when all of them are to leave", async () => {
    const { forecast } = await inspect({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), pod("api-2", "a")],
      budgets: [budget("api", 1)],
    });
    assert.equal(forecast.refusal, null);
    assert.deepEqual(forecast.warnings, [
      "All pods under budget shop/api (needs 1 healthy, has 2) are to leave: it will hold the last 1 until the deadline.",
    ]);
  });

  it("tries one dry run per budget that allows nothing, and names dead ends with needs and has", async () => {
    const { forecast, world } = await inspect({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), pod("api-2", "a"), pod("web-1", "a")],
      budgets: [budget("api", 2)],
    });
    assert.deepEqual(
      world.calls.map(({ verb, target }) => `${verb} ${target}`),
      ["dry-run api-1 uid-api-1"],
    );
    assert.deepEqual(
      forecast.blocked.map(({ pod: name, budgets }) => [name, budgets]),
      [["shop/api-1", ["shop/api"]]],
    );
    assert.deepEqual(forecast.deadEnds, [
      { budget: "shop/api", problem: "it needs all of its 2 pods healthy at all times", needs: 2, has: 2 },
    ]);
  });

  it("finds pods under several budgets", async () => {
    const { forecast } = await inspect({
      nodes: [node("a")],
      pods: [pod("api-1", "a"), pod("api-2", "a")],
      budgets: [budget("api", 0), budget("api", 0, { name: "again" })],
    });
    assert.equal(forecast.blocked.length, 1);
    assert.match(forecast.blocked[0]?.message ?? "", /more than one PodDisruptionBudget/);
  });

  it("lists lost pods and merges warnings", async () => {
    const { forecast } = await inspect(
      {
        nodes: [node("a")],
        pods: [pod("debug-1", "a", { controller: null }), daemonPod("proxy-1", "a"), daemonPod("proxy-2", "a")],
      },
      { deleteUnmanagedPods: true },
    );
    assert.deepEqual(forecast.lost, ["shop/debug-1"]);
    assert.ok(
      forecast.warnings.includes(
        "2 pods (shop/proxy-1, shop/proxy-2): is run by a DaemonSet and stays until its node goes.",
      ),
    );
  });

  it("ends in rbac-denied when even a dry run is forbidden", async () => {
    const inspected = inspect({
      nodes: [node("a")],
      pods: [pod("api-1", "a")],
      budgets: [budget("api", 1)],
      answers: { "api-1": [{ kind: "forbidden", message: "cannot create pods/eviction" }] },
    });
    await assert.rejects(inspected, { code: "rbac-denied" });
  });

  describe("and nodes whose kubelet is silent (rules 53-55)", () => {
    const script: Script = {
      nodes: [node("a", { ready: "Unknown" }), node("b")],
      pods: [pod("db-0", "a"), daemonPod("proxy-1", "a"), pod("debug-1", "a", { controller: null }), pod("web-1", "b")],
      budgets: [budget("db", 1)],
    };
    const ec2 = (state: InstanceState) => (ids: readonly string[]) =>
      Promise.resolve(new Map(ids.map((id) => [id, state])));

    it("tells what will be waited for as long as EC2 shows the instance running", async () => {
      const { forecast } = await inspect(script, { deleteUnmanagedPods: true }, ec2("running"));
      assert.deepEqual(forecast.silent, [
        {
          node: "a",
          state: "node a is Unknown, instance i-a still running",
          end: null,
          pods: ["shop/db-0", "shop/debug-1"],
        },
      ]);
      const told = forecast.warnings.find((line) => line.startsWith("Node a "));
      assert.match(told ?? "", /confirm that shop\/db-0, shop\/debug-1 ended.*waits for it until its deadline/);
    });

    it("neither refuses nor tries to evict what has ended with its instance", async () => {
      const { forecast, world } = await inspect(script, {}, ec2("terminated"));
      assert.equal(forecast.refusal, null);
      assert.deepEqual(world.calls, []);
      assert.deepEqual(
        forecast.leaving.map(({ pod: name }) => name),
        ["shop/web-1"],
      );
      assert.ok(
        forecast.warnings.includes(
          "Node a is Unknown, instance i-a terminated: nothing runs there, so it is not waited for and the objects of its 2 pods are removed.",
        ),
      );
    });

    it("takes no answer for no proof", async () => {
      const refused = new Failure({ code: "permission-denied", message: "no", remedy: "none" });
      const { forecast } = await inspect(script, { deleteUnmanagedPods: true }, () => Promise.reject(refused));
      const [silent] = forecast.silent;
      assert.ok(silent);
      assert.equal(silent.end, null);
      assert.match(silent.state, /nobody tells whether instance i-a still runs/);
    });

    it("asks EC2 nothing while every node is Ready", async () => {
      const { forecast } = await inspect(
        { ...script, nodes: [node("a"), node("b")] },
        { deleteUnmanagedPods: true },
        () => {
          throw new Error("was asked");
        },
      );
      assert.deepEqual(forecast.silent, []);
    });
  });

  it("warns of a volume on its node's own disk, whose data goes with the node (rule 9)", async () => {
    const { forecast, world } = await inspect({
      nodes: [node("a")],
      pods: [pod("db-0", "a", { claims: ["data-0"] }), pod("cache-0", "a", { claims: ["scratch-0"] })],
      volumes: [
        { name: "pv-ebs", claim: "shop/data-0", node: "a" },
        { name: "pv-disk", claim: "shop/scratch-0", node: "a", isLocal: true },
      ],
    });
    assert.deepEqual(forecast.localVolumes, [{ pod: "shop/cache-0", volume: "pv-disk" }]);
    assert.match(forecast.warnings.join("\n"), /shop\/cache-0 keeps its data in volume pv-disk on its node's own disk/);
    assert.equal(world.volumeLists, 1);
  });

  it("lists no volumes while no pod that is to leave has a claim", async () => {
    const { world } = await inspect({
      nodes: [node("a")],
      pods: [pod("web-1", "a"), daemonPod("cache-1", "a", { claims: ["scratch-a"] })],
    });
    assert.equal(world.volumeLists, 0);
  });
});
