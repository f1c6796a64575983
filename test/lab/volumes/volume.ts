import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { KubernetesClients } from "../cluster/clients.js";
import type { Named } from "../workload.js";

const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const DRIVER = "ebs.csi.aws.com";
const SIZE = { storage: "1Gi" };
const MODES = ["ReadWriteOnce"];

/**
 * Makes a claim with its volume, bound as the volume controller, which the lab does not run, would leave them: the
 * scheduler places pods that mount the claim. Gives the volume's name.
 */
export async function createVolume({ core }: KubernetesClients, { namespace, name }: Named): Promise<string> {
  const volumeName = `pv-${namespace}-${name}`;
  await core.createPersistentVolume({
    body: {
      metadata: { name: volumeName },
      spec: {
        accessModes: MODES,
        capacity: SIZE,
        claimRef: { kind: "PersistentVolumeClaim", namespace, name },
        csi: { driver: DRIVER, volumeHandle: `vol-${name}` },
        storageClassName: "",
      },
    },
  });
  await core.patchPersistentVolumeStatus({ name: volumeName, body: { status: { phase: "Bound" } } }, MERGE_PATCH);
  await core.createNamespacedPersistentVolumeClaim({
    namespace,
    body: {
      metadata: { name, annotations: { "pv.kubernetes.io/bind-completed": "yes" } },
      spec: { accessModes: MODES, resources: { requests: SIZE }, storageClassName: "", volumeName },
    },
  });
  return volumeName;
}

/** Attaches a volume to a node, as its driver says of it. Gives the attachment's name. */
export async function attachVolume(
  { storage }: KubernetesClients,
  persistentVolumeName: string,
  nodeName: string,
): Promise<string> {
  const name = `csi-${persistentVolumeName}`;
  const spec = { attacher: DRIVER, nodeName, source: { persistentVolumeName } };
  await storage.createVolumeAttachment({ body: { metadata: { name }, spec } });
  return name;
}
