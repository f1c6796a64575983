import { PatchStrategy, setHeaderOptions, type V1Node } from "@kubernetes/client-node";
import type { KubernetesClients } from "../cluster/clients.js";
import type { RunningInstance } from "../emulator/control.js";
import { KUBELET_LABEL } from "../kubelet/label.js";

const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** The Node that an instance registers, labelled as EKS does. A self-managed one carries `lab/asg` instead of a node group. */
function nodeOf(instance: RunningInstance): V1Node {
  const nodegroup = instance.tags["eks:nodegroup-name"];
  return {
    metadata: {
      name: instance.dnsName,
      labels: {
        [KUBELET_LABEL]: "fake",
        "kubernetes.io/hostname": instance.dnsName,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": instance.region,
        "topology.kubernetes.io/zone": instance.zone,
        "node.kubernetes.io/instance-type": instance.type,
        ...(nodegroup ? { "eks.amazonaws.com/nodegroup": nodegroup } : { "lab/asg": instance.group }),
      },
    },
    spec: { providerID: `aws:///${instance.zone}/${instance.id}` },
  };
}

/** Registers an instance's node. A node of that name that is there already is fine. */
export async function createNode({ core }: KubernetesClients, instance: RunningInstance): Promise<void> {
  await core.createNode({ body: nodeOf(instance) }).catch(ignore(409));
}

/**
 * What the end of an instance does to its node: the kubelet falls silent, the Node is deleted, its pods go.
 * The pods are deleted here because the garbage collector would take 45 s. Calling twice is safe.
 */
export async function removeNode({ core }: KubernetesClients, name: string): Promise<void> {
  const unplug = { metadata: { labels: { [KUBELET_LABEL]: null } } };
  await core.patchNode({ name, body: unplug }, MERGE_PATCH).catch(ignore(404));
  await core.deleteNode({ name }).catch(ignore(404));
  const pods = (await core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${name}` })).items;
  await Promise.all(
    pods.map(({ metadata }) =>
      core
        .deleteNamespacedPod({
          name: metadata?.name ?? "",
          namespace: metadata?.namespace ?? "",
          // In the body: the server ignores options in the query when there is a body.
          body: { gracePeriodSeconds: 0, preconditions: { uid: metadata?.uid ?? "" } },
        })
        .catch(ignore(404, 409)),
    ),
  );
}

const ignore =
  (...codes: readonly number[]) =>
  (error: unknown): void => {
    if (!codes.includes((error as { readonly code?: number }).code ?? 0)) throw error;
  };
