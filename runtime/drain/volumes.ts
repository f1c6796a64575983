import type { PodFacts } from "../ports/index.js";

/** One volume on one node, as a VolumeAttachment says. */
export interface Attachment {
  readonly nodeName: string;
  /** The PersistentVolume's name; the attachment's own where the volume is written inline. */
  readonly volume: string;
}

/** Which volumes are where. What no CSI driver attaches (NFS, EFS, local, hostPath) has no attachment and plays no part (safe-cycle 44). */
export interface VolumeFacts {
  /** When the lists were asked for, epoch ms. */
  readonly readAt: number;
  /** PersistentVolumes by the claim that they are bound to, `namespace/name`. */
  readonly volumeOfClaim: ReadonlyMap<string, string>;
  readonly attachments: readonly Attachment[];
}

/** The volumes of a pod, wherever they are attached; a claim that is bound to none is left out. */
function volumesOf(pod: PodFacts, { volumeOfClaim }: VolumeFacts): readonly string[] {
  return pod.claims
    .map((claim) => volumeOfClaim.get(`${pod.namespace}/${claim}`))
    .filter((volume) => volume !== undefined);
}

/** Names of the volumes attached to a node. */
function attachedTo(nodeName: string, { attachments }: VolumeFacts): readonly string[] {
  return attachments.filter((attachment) => attachment.nodeName === nodeName).map(({ volume }) => volume);
}

/**
 * By UID, the volumes of each pod that are attached to its node and that no other pod uses: those that follow the pod
 * when it leaves. A volume that several pods share stays attached until the last of them has gone (safe-cycle 44).
 */
export function ownVolumes(pods: readonly PodFacts[], facts: VolumeFacts): ReadonlyMap<string, readonly string[]> {
  const withClaims = pods.filter(({ claims }) => claims.length > 0);
  const users = new Map<string, number>();
  for (const volume of withClaims.flatMap((pod) => volumesOf(pod, facts)))
    users.set(volume, (users.get(volume) ?? 0) + 1);
  return new Map(
    withClaims.map((pod) => {
      const attached = new Set(attachedTo(pod.nodeName, facts));
      return [pod.uid, volumesOf(pod, facts).filter((volume) => attached.has(volume) && users.get(volume) === 1)];
    }),
  );
}

/** Whether one of `volumes` is still attached to the node. */
export function isAnyAttached(volumes: readonly string[], nodeName: string, facts: VolumeFacts): boolean {
  return attachedTo(nodeName, facts).some((volume) => volumes.includes(volume));
}

/**
 * The volumes that a drained node still has to give back, sorted. Those of pods that stay on it, such as a
 * DaemonSet's, go with the node and do not count (safe-cycle 51).
 */
export function remainingVolumes(
  nodeName: string,
  staying: readonly PodFacts[],
  facts: VolumeFacts,
): readonly string[] {
  const inUse = new Set(staying.flatMap((pod) => volumesOf(pod, facts)));
  return attachedTo(nodeName, facts)
    .filter((volume) => !inUse.has(volume))
    .sort();
}
