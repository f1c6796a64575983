import type { V1ObjectMeta } from "@kubernetes/client-node";
import type { OwnerRef } from "../../runtime/ports/index.js";
import type { KubernetesClients } from "../lab/index.js";
import type { KubernetesFixture } from "./kubernetes-fixture.js";
import { selectorOf, templateOf } from "./real-pod-template.js";

type Verbs = Pick<
  KubernetesFixture,
  "addDeployment" | "addReplicaSet" | "addStatefulSet" | "addDaemonSet" | "removeWorkload"
>;
type Workload = Parameters<Verbs["addDeployment"]>[0];

/** Creates workloads in `namespace`; `removeAll` removes them, and their pods then stay as they are. */
export function createWorkloads(
  { apps }: KubernetesClients,
  namespace: string,
): { readonly verbs: Verbs; readonly removeAll: () => Promise<void> } {
  const refTo = (kind: OwnerRef["kind"], { metadata }: { readonly metadata?: V1ObjectMeta }): OwnerRef => ({
    kind,
    namespace,
    name: metadata?.name ?? "",
    uid: metadata?.uid ?? "",
  });

  const verbs: Verbs = {
    addDeployment: async (workload) =>
      refTo("Deployment", await apps.createNamespacedDeployment({ namespace, body: bodyOf(workload) })),
    addReplicaSet: async (workload) =>
      refTo("ReplicaSet", await apps.createNamespacedReplicaSet({ namespace, body: bodyOf(workload) })),
    addStatefulSet: async (workload) =>
      refTo("StatefulSet", await apps.createNamespacedStatefulSet({ namespace, body: bodyOf(workload) })),
    addDaemonSet: async ({ name, ...pod }) => {
      const spec = { selector: selectorOf(name), template: templateOf(name, pod) };
      await apps.createNamespacedDaemonSet({ namespace, body: { metadata: { name }, spec } });
    },
    removeWorkload: async ({ kind, name }) => {
      const target = { namespace, name };
      if (kind === "Deployment") await apps.deleteNamespacedDeployment(target);
      else if (kind === "StatefulSet") await apps.deleteNamespacedStatefulSet(target);
      else await apps.deleteNamespacedReplicaSet(target);
    },
  };

  async function removeAll(): Promise<void> {
    await apps.deleteCollectionNamespacedDaemonSet({ namespace });
    await apps.deleteCollectionNamespacedDeployment({ namespace });
    await apps.deleteCollectionNamespacedStatefulSet({ namespace });
    await apps.deleteCollectionNamespacedReplicaSet({ namespace });
  }

  return { verbs, removeAll };
}

function bodyOf({ name, replicas = 1, ...pod }: Workload) {
  return {
    metadata: { name },
    spec: { replicas, selector: selectorOf(name), template: templateOf(name, pod) },
  };
}
