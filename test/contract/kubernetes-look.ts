import assert from "node:assert/strict";

import type { BudgetFacts, NodeFacts, PodFacts } from "../../runtime/ports/index.js";
import type { KubernetesFixture } from "./kubernetes-fixture.js";

/** Gives the fixture of the test that is running. */
export type CurrentFixture = () => KubernetesFixture;

/** The pods of the fixture's namespace on one node. */
export async function podsOn(
  { kubernetes, namespace }: KubernetesFixture,
  nodeName: string,
): Promise<readonly PodFacts[]> {
  return (await kubernetes.listPods([nodeName])).filter((pod) => pod.namespace === namespace);
}

/** The only such pod; fails the test when there are none or several. */
export async function podOn(fixture: KubernetesFixture, nodeName: string): Promise<PodFacts> {
  const [pod, ...others] = await podsOn(fixture, nodeName);
  assert.ok(pod, `no pod on ${nodeName}`);
  assert.deepEqual(others, []);
  return pod;
}

/** A node by name; fails the test when it is not there. */
export async function nodeNamed({ kubernetes }: KubernetesFixture, name: string): Promise<NodeFacts> {
  const node = (await kubernetes.listNodes()).find((each) => each.name === name);
  assert.ok(node, `no node ${name}`);
  return node;
}

/** A budget of the fixture's namespace by name; fails the test when it is not there. */
export async function budgetNamed({ kubernetes, namespace }: KubernetesFixture, name: string): Promise<BudgetFacts> {
  const budgets = await kubernetes.listBudgets();
  const budget = budgets.find((each) => each.namespace === namespace && each.name === name);
  assert.ok(budget, `no budget ${name}`);
  return budget;
}

/** One deployment whose pods all sit on one new node, settled. Its name is `web`. */
export async function webOnOneNode(
  fixture: KubernetesFixture,
  spec: Partial<Parameters<KubernetesFixture["addDeployment"]>[0]> = {},
): Promise<string> {
  const nodeName = await fixture.addNode();
  await fixture.addDeployment({ name: "web", nodeName, ...spec });
  await fixture.settle();
  return nodeName;
}
