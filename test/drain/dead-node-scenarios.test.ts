import assert from "node:assert/strict";

import { Failure, type InstanceState } from "../../runtime/ports/index.js";
import { budget, node, pod } from "./fixtures.js";
import { callsTo, outcomeOf, reasonOf, runDrain, type Given } from "./run-drain.js";

/** EC2 as told, and how often it was asked about what. */
function ec2(answer: (id: string, asked: number) => InstanceState) {
  const asked: string[] = [];
  const instanceStates = (ids: readonly string[]) => {
    asked.push(...ids);
    const states = ids.map((id) => [id, answer(id, asked.filter((other) => other === id).length)] as const);
    return Promise.resolve(new Map(states));
  };
  return { asked, instanceStates };
}

const silent: Given = {
  nodes: [node("a", { ready: "Unknown" }), node("b")],
  pods: [pod("db-0", "a", { graceSeconds: 30 }), pod("web-1", "b")],
};

describe("a drain and nodes whose kubelet is silent", () => {
  for (const policy of ["wait", "force-at-deadline"] as const) {
    it(`S18: while EC2 shows the instance running, nothing is deleted with grace 0 (policy ${policy})`, async () => {
      const { instanceStates } = ec2(() => "running");
      const { report, world } = await runDrain({
        ...silent,
        request: { instanceStates },
        settings: { timeoutSeconds: 120, policy },
      });
      assert.equal(report.outcome, policy === "wait" ? "blocked" : "partial");
      assert.ok(callsTo(world, "delete").every(({ graceSeconds }) => (graceSeconds ?? 0) >= 1));
      assert.ok(world.pods.has("uid-db-0"));
      assert.match(reasonOf(report, "db-0"), /node a is Unknown, instance i-a still running/);
      assert.match(report.sentence, /instance i-a still running/);
      assert.equal(outcomeOf(report, "web-1"), "evicted");
    });
  }

  for (const end of ["terminated", "stopped"] as const) {
    it(`S18: once EC2 proves the instance ${end}, its pods are deleted with grace 0, past their budget`, async () => {
      const { instanceStates } = ec2(() => end);
      const { report, world } = await runDrain({
        ...silent,
        budgets: [budget("db", 1)],
        request: { instanceStates },
      });
      assert.equal(report.outcome, "drained");
      assert.deepEqual(
        callsTo(world, "delete").map(({ target, graceSeconds }) => [target, graceSeconds]),
        [["db-0 uid-db-0", 0]],
      );
      assert.deepEqual(callsTo(world, "evict", "db"), []);
      assert.equal(outcomeOf(report, "db-0"), "cleared");
      assert.deepEqual(report.forced, []);
      assert.deepEqual(
        report.nodes.map(({ name, state, reason }) => [name, state, reason]),
        [
          ["a", "skipped", `its instance i-a is ${end}`],
          ["b", "drained", null],
        ],
      );
    });
  }

  it("S18: an instance that ends in the middle frees the pods that wait for its kubelet", async () => {
    const { instanceStates, asked } = ec2((_, times) => (times >= 3 ? "terminated" : "running"));
    const { report, tookMs } = await runDrain({ ...silent, request: { instanceStates } });
    assert.equal(report.outcome, "drained");
    assert.equal(outcomeOf(report, "db-0"), "cleared");
    assert.equal(asked.length, 3, "what is terminated is not asked about again");
    assert.ok(tookMs < 40_000, `took ${tookMs} ms`);
  });

  it("a NotReady node whose instance is gone is skipped: no cordon, no refusal, no wait for its pods or volumes", async () => {
    const { instanceStates } = ec2(() => "terminated");
    const { report, world, notes, tookMs } = await runDrain({
      nodes: [node("a", { ready: "False" })],
      pods: [
        pod("db-0", "a", { claims: ["data"], finalizers: ["example.com/hold"] }),
        pod("bare-0", "a", { controller: null, hasEmptyDir: true }),
      ],
      volumes: [{ name: "pv-db", claim: "shop/data", node: "a" }],
      request: { instanceStates },
    });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(notes, []);
    assert.deepEqual(callsTo(world, "patch"), []);
    assert.ok(tookMs < 7000, `took ${tookMs} ms`);
    assert.match(report.sentence, /a skipped because its instance had ended/);
  });

  it("a stopped instance may start again: what may not be evicted from it is still refused", async () => {
    const { instanceStates } = ec2(() => "stopped");
    const { report, world } = await runDrain({
      nodes: [node("a", { ready: "Unknown" })],
      pods: [pod("cache-0", "a", { hasEmptyDir: true })],
      request: { instanceStates },
    });
    assert.equal(report.outcome, "refused");
    assert.deepEqual(callsTo(world, "delete"), []);
  });

  it("drains on when the object of an ended pod may not be deleted", async () => {
    const { instanceStates } = ec2(() => "terminated");
    const { report } = await runDrain({
      ...silent,
      request: { instanceStates },
      deleteAnswers: { "db-0": [{ kind: "forbidden", message: "cannot delete pods" }] },
    });
    assert.equal(report.outcome, "drained");
    assert.match(reasonOf(report, "db-0"), /its object stays: cannot delete pods/);
  });

  it("takes no answer of EC2 for no proof", async () => {
    const failure = new Failure({ code: "permission-denied", message: "may not ec2:DescribeInstances", remedy: "-" });
    const { report, world } = await runDrain({
      ...silent,
      request: { instanceStates: () => Promise.reject(failure) },
      settings: { timeoutSeconds: 60 },
    });
    assert.equal(report.outcome, "blocked");
    assert.deepEqual(callsTo(world, "delete"), []);
    assert.match(reasonOf(report, "db-0"), /nobody tells whether instance i-a still runs/);
    assert.match(report.notes.join(), /may not ec2:DescribeInstances/);
  });

  it("asks EC2 nothing while every node is Ready", async () => {
    const { instanceStates, asked } = ec2(() => "terminated");
    const { report } = await runDrain({ nodes: [node("a")], pods: [pod("web-1", "a")], request: { instanceStates } });
    assert.equal(report.outcome, "drained");
    assert.deepEqual(asked, []);
  });
});
