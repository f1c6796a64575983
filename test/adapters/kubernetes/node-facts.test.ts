import assert from "node:assert/strict";
import { loadYaml, type V1Node, type V1PodDisruptionBudget } from "@kubernetes/client-node";
import { readBudgetFacts } from "../../../runtime/adapters/kubernetes/budget-facts.js";
import { readNodeFacts } from "../../../runtime/adapters/kubernetes/node-facts.js";

/** Facts of a node that the API server wrote so. */
function nodeFacts(node: object) {
  return readNodeFacts(loadYaml<V1Node>(JSON.stringify({ apiVersion: "v1", kind: "Node", ...node })));
}

function budgetFacts(budget: object) {
  const written = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", ...budget };
  return readBudgetFacts(loadYaml<V1PodDisruptionBudget>(JSON.stringify(written)));
}

describe("a node's facts", () => {
  it("finds the EC2 instance in the provider id", () => {
    const idOf = (providerID: string) => nodeFacts({ spec: { providerID } }).instanceId;
    assert.equal(idOf("aws:///eu-west-1a/i-0123456789abcdef0"), "i-0123456789abcdef0");
    assert.equal(idOf("aws:///eu-west-1a/7b7d0f/fargate-ip-10-0-0-1.ec2.internal"), null);
    assert.equal(idOf("kind://docker/kind/worker"), null);
    assert.equal(nodeFacts({}).instanceId, null);
  });

  it("calls a node without a Ready condition Unknown", () => {
    const readyOf = (type: string, status: string) => nodeFacts({ status: { conditions: [{ type, status }] } }).ready;
    const seen = ["True", "False", "Unknown"].map((status) => readyOf("Ready", status));
    assert.deepEqual(seen, ["True", "False", "Unknown"]);
    assert.equal(readyOf("DiskPressure", "True"), "Unknown");
  });

  it("marks Fargate nodes (safe-cycle 14)", () => {
    const labels = { "eks.amazonaws.com/compute-type": "fargate" };
    assert.equal(nodeFacts({ metadata: { labels } }).isFargate, true);
    assert.equal(nodeFacts({ metadata: { labels: {} } }).isFargate, false);
  });
});

describe("a budget's facts", () => {
  it("keep an absent selector apart from an empty one", () => {
    assert.equal(budgetFacts({ spec: {} }).selector, null);
    assert.deepEqual(budgetFacts({ spec: { selector: {} } }).selector, { matchLabels: {}, matchExpressions: [] });
  });

  it("are stale until the controller has seen the newest generation (safe-cycle 31)", () => {
    const seen = (observedGeneration: number) =>
      budgetFacts({ metadata: { generation: 2 }, status: { observedGeneration } }).isStale;
    assert.deepEqual([seen(1), seen(2)], [true, false]);
    assert.equal(budgetFacts({ metadata: { generation: 1 } }).isStale, true);
  });
});
