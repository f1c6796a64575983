import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { PodRef } from "../../runtime/ports/index.js";
import type { KubernetesClients } from "../lab/index.js";
import { KUBELET_LABEL } from "../lab/kubelet/label.js";
import { removeNode } from "../lab/nodes/node.js";
import type { KubernetesFixture } from "./kubernetes-fixture.js";
import { HOST_NAME_LABEL, metadataOf, podSpecOf, selectorOf } from "./real-pod-template.js";

const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
let nodeCount = 0;

type Verbs = Pick<
  KubernetesFixture,
  "addNode" | "removeNode" | "addBarePod" | "addBudget" | "finishPod" | "removeFinalizers" | "terminateNamespace"
>;
type FixtureNode = NonNullable<Parameters<Verbs["addNode"]>[0]>;
type FixtureBarePod = Parameters<Verbs["addBarePod"]>[0];
type FixtureBudget = Parameters<Verbs["addBudget"]>[0];

/** Creates nodes, pods and budgets for one test; `removeAll` leaves none of them, nor any pod of `namespace`, behind. */
export function createObjects(
  clients: KubernetesClients,
  namespace: string,
): { readonly verbs: Verbs; readonly removeAll: () => Promise<void> } {
  const { core, policy } = clients;
  const nodes = new Set<string>();

  async function addNode({ instanceId, labels = {}, taints = [] }: FixtureNode = {}): Promise<string> {
    const name = `node-${(nodeCount += 1)}`;
    nodes.add(name);
    const providerID = instanceId === undefined ? {} : { providerID: `aws:///us-east-1a/${instanceId}` };
    await core.createNode({
      body: {
        metadata: { name, labels: { [KUBELET_LABEL]: "fake", [HOST_NAME_LABEL]: name, ...labels } },
        spec: { taints: [...taints], ...providerID },
      },
    });
    return name;
  }

  async function addBarePod({ name, nodeName, ...pod }: FixtureBarePod): Promise<PodRef> {
    const body = { metadata: { name, ...metadataOf(pod) }, spec: podSpecOf(pod, { nodeName }) };
    const { metadata } = await core.createNamespacedPod({ namespace, body });
    return { namespace, name, uid: metadata?.uid ?? "" };
  }

  async function addBudget({ name, selector, ...spec }: FixtureBudget): Promise<void> {
    // The suite's selectors are readonly, the client's are not.
    const mutable = structuredClone(selector ?? selectorOf(name)) as ReturnType<typeof selectorOf>;
    const body = { metadata: { name }, spec: { ...spec, selector: mutable } };
    await policy.createNamespacedPodDisruptionBudget({ namespace, body });
  }

  async function removeFinalizers(name: string): Promise<void> {
    await core.patchNamespacedPod({ namespace, name, body: { metadata: { finalizers: null } } }, MERGE_PATCH);
  }

  async function removePods(): Promise<void> {
    for (const { metadata } of (await core.listNamespacedPod({ namespace })).items) {
      const name = metadata?.name ?? "";
      if (metadata?.finalizers) await removeFinalizers(name);
      // Some are gone by now, by a finalizer's end or the namespace's.
      await core.deleteNamespacedPod({ namespace, name, body: { gracePeriodSeconds: 0 } }).catch(() => undefined);
    }
  }

  const verbs: Verbs = {
    addNode,
    removeNode: (name) => removeNode(clients, name),
    addBarePod,
    addBudget,
    finishPod: async (name, phase) => {
      await core.patchNamespacedPodStatus({ namespace, name, body: { status: { phase } } }, MERGE_PATCH);
    },
    removeFinalizers,
    terminateNamespace: async () => {
      await core.deleteNamespace({ name: namespace });
    },
  };

  async function removeAll(): Promise<void> {
    await removePods();
    for (const name of nodes) await removeNode(clients, name);
    // Not waited for: it takes 10 s. A test may have deleted it already.
    await core.deleteNamespace({ name: namespace }).catch(() => undefined);
  }

  return { verbs, removeAll };
}
