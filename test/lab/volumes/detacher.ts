import type { V1Pod } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesClients } from "../cluster/clients.js";

const POLL_MS = 100;

export interface DetacherOptions {
  /** Volumes whose claims are elsewhere are left alone. */
  readonly namespace: string;
  /** From the end of the last pod on the node that mounts the claim. */
  readonly delayMs: number;
}

/**
 * Plays the attach/detach controller and the CSI driver for fake nodes (safe-cycle T16): an attachment goes
 * some time after the last pod on its node that mounts the volume's claim has gone.
 */
export function startDetacher(clients: KubernetesClients, options: DetacherOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const unusedSince = new Map<string, number>();
  const loop = (async () => {
    while (!signal.aborted) {
      await detachUnused(clients, unusedSince, options).catch(() => undefined);
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    stop: () => {
      stopping.abort();
      return loop;
    },
  };
}

async function detachUnused(
  { core, storage }: KubernetesClients,
  unusedSince: Map<string, number>,
  { namespace, delayMs }: DetacherOptions,
): Promise<void> {
  const [attachments, volumes, pods] = await Promise.all([
    storage.listVolumeAttachment(),
    core.listPersistentVolume(),
    core.listPodForAllNamespaces(),
  ]);
  const claims = new Map(volumes.items.map(({ metadata, spec }) => [metadata?.name, spec?.claimRef]));
  const used = new Set(pods.items.flatMap(mounts));
  for (const { metadata, spec } of attachments.items) {
    const name = metadata?.name ?? "";
    const claim = claims.get(spec.source.persistentVolumeName);
    if (claim?.namespace !== namespace) continue;
    const isUsed = used.has(`${spec.nodeName} ${namespace}/${claim.name ?? ""}`);
    if (isUsed) unusedSince.delete(name);
    else if (!unusedSince.has(name)) unusedSince.set(name, performance.now());
    if (!isUsed && performance.now() >= (unusedSince.get(name) ?? 0) + delayMs)
      await storage.deleteVolumeAttachment({ name });
  }
}

/** `node namespace/claim` of everything that a pod mounts. */
function mounts({ metadata, spec }: V1Pod): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim
      ? [`${spec?.nodeName ?? ""} ${metadata?.namespace ?? ""}/${persistentVolumeClaim.claimName}`]
      : [],
  );
}
