import {
  V1ObjectMeta,
  type V1Pod,
  type V1PodSpec,
  type V1PodStatus,
  type V1Toleration,
  type V1Volume,
} from "@kubernetes/client-node";
import type { PodFacts } from "../../ports/index.js";

const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";
const FARGATE_PROFILE_LABEL = "eks.amazonaws.com/fargate-profile";
/** The API server's own default for `terminationGracePeriodSeconds`. */
const DEFAULT_GRACE_SECONDS = 30;
const PHASES = ["Pending", "Running", "Succeeded", "Failed"] as const;

/** A pod as the API gives it, as facts. */
export function readPodFacts({ metadata, spec, status }: V1Pod): PodFacts {
  return {
    ...identityFacts(metadata ?? new V1ObjectMeta()),
    ...specFacts(spec),
    ...statusFacts(status),
    claims: (spec?.volumes ?? []).flatMap((volume) => claimOf(volume, metadata?.name ?? "")),
  };
}

function identityFacts(metadata: V1ObjectMeta) {
  const { annotations = {}, labels = {}, ownerReferences = [] } = metadata;
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name ?? "",
    uid: metadata.uid ?? "",
    // The server stores request time plus grace here: a deadline, not the moment of the request (safe-cycle 11).
    deletionAt: metadata.deletionTimestamp?.getTime() ?? null,
    controller: readController(metadata),
    // Some static pods show only one of the two (safe-cycle 6).
    isMirror: MIRROR_ANNOTATION in annotations || ownerReferences.some(({ kind }) => kind === "Node"),
    isFargate: FARGATE_PROFILE_LABEL in labels,
    labels,
    annotations,
    finalizers: metadata.finalizers ?? [],
  };
}

function specFacts(spec: V1PodSpec | undefined) {
  const volumes = spec?.volumes ?? [];
  return {
    nodeName: spec?.nodeName ?? "",
    graceSeconds: spec?.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS,
    hasEmptyDir: volumes.some(({ emptyDir }) => emptyDir !== undefined),
    hasHostPath: volumes.some(({ hostPath }) => hostPath !== undefined),
    priority: spec?.priority ?? 0,
    priorityClassName: spec?.priorityClassName ?? "",
    toleratesEverything: (spec?.tolerations ?? []).some(toleratesAnyTaint),
  };
}

/** The claim behind a volume; that of an ephemeral volume is named for pod and volume. */
function claimOf({ name, persistentVolumeClaim, ephemeral }: V1Volume, podName: string): readonly string[] {
  if (persistentVolumeClaim) return [persistentVolumeClaim.claimName];
  return ephemeral ? [`${podName}-${name}`] : [];
}

function statusFacts(status: V1PodStatus | undefined) {
  return {
    phase: PHASES.find((phase) => phase === status?.phase) ?? ("Unknown" as const),
    isReady: status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false,
    startedAt: status?.startTime?.getTime() ?? null,
  };
}

/** The owner that manages this object; null when nothing does. */
export function readController({ ownerReferences = [] }: V1ObjectMeta): PodFacts["controller"] {
  const owner = ownerReferences.find(({ controller }) => controller);
  return owner ? { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name, uid: owner.uid } : null;
}

/** Such a pod can bind to a cordoned node again (safe-cycle 13). */
function toleratesAnyTaint({ key, operator, effect }: V1Toleration): boolean {
  return !key && operator === "Exists" && (!effect || effect === "NoSchedule");
}
