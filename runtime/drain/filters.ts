import { daemonSetOf, isFinished } from "./pod-kind.js";
import { protectionsOf, type Protection } from "./protection.js";
import type { JudgeContext, Opinion, PodFilter } from "./opinion.js";

/** What runs outside the nodes that we empty (safe-cycle 14). */
const fargate: PodFilter = (pod) =>
  pod.isFargate ? [{ disposition: "skip", severity: "ok", message: "runs on Fargate" }] : [];

const spared: PodFilter = (pod, { isSpared }) =>
  isSpared(pod)
    ? [{ disposition: "skip", severity: "ok", message: "is needed for now and leaves in a later drain" }]
    : [];

/** No second eviction, but waited for (safe-cycle 10). What returns to its node by itself is left to the next filters. */
const terminating: PodFilter = (pod, { orphanedDaemonSets }) => {
  const daemonSet = daemonSetOf(pod);
  const comesBack = pod.isMirror || (daemonSet !== null && !orphanedDaemonSets.has(daemonSet));
  if (pod.deletionAt === null || comesBack) return [];
  return [{ disposition: "leaving", severity: "ok", message: "is terminating already" }];
};

/** DaemonSets ignore cordons: an evicted pod would be back at once (safe-cycle 4, 5). */
const daemonPod: PodFilter = (pod, { orphanedDaemonSets, settings }) => {
  const daemonSet = daemonSetOf(pod);
  if (daemonSet === null || isFinished(pod)) return [];
  if (orphanedDaemonSets.has(daemonSet)) return [orphan(settings.deleteUnmanagedPods)];
  return [{ disposition: "skip", severity: "warning", message: "is run by a DaemonSet and stays until its node goes" }];
};

function orphan(isAllowed: boolean): Opinion {
  const message = "its DaemonSet no longer exists, so nothing recreates it";
  if (isAllowed) return { disposition: "evict", severity: "warning", message: `${message}: it is lost`, isLoss: true };
  return { disposition: "refuse", severity: "error", message: `${message} (deleteUnmanagedPods would allow it)` };
}

/** Static pods cannot be evicted; their kubelet owns them (safe-cycle 6). */
const mirrorPod: PodFilter = (pod) =>
  pod.isMirror
    ? [{ disposition: "skip", severity: "ok", message: "is a static pod and stays until its node goes" }]
    : [];

/** An emptyDir goes with its pod; a hostPath goes with its node (safe-cycle 9). */
const localStorage: PodFilter = (pod, { settings }) => {
  if (isFinished(pod)) return [];
  const opinions: Opinion[] = [];
  if (pod.hasHostPath) {
    opinions.push({
      disposition: "evict",
      severity: "warning",
      message: "uses a hostPath, whose data goes with the node",
    });
  }
  if (!pod.hasEmptyDir) return opinions;
  const lost: Opinion = settings.deleteEmptyDirData
    ? { disposition: "evict", severity: "warning", message: "loses the data of its emptyDir" }
    : {
        disposition: "refuse",
        severity: "error",
        message: "would lose the data of its emptyDir (deleteEmptyDirData would allow it)",
      };
  return [...opinions, lost];
};

/** A pod without a controller is lost, not moved (safe-cycle 8). */
const unmanaged: PodFilter = (pod, { settings }) => {
  if (pod.controller !== null || isFinished(pod)) return [];
  if (settings.deleteUnmanagedPods) {
    return [{ disposition: "evict", severity: "warning", message: "has no controller: it is lost", isLoss: true }];
  }
  return [
    {
      disposition: "refuse",
      severity: "error",
      message: "has no controller, so nothing recreates it (deleteUnmanagedPods would allow it)",
    },
  ];
};

const protectedPod: PodFilter = (pod, context) =>
  isFinished(pod) ? [] : protectionsOf(pod, context.now).map((protection) => protectionOpinion(protection, context));

function protectionOpinion(protection: Protection, { settings }: JudgeContext): Opinion {
  if (protection.kind === "invalid") {
    return {
      disposition: "evict",
      severity: "warning",
      message: `carries ${protection.mark}, which means nothing and is ignored`,
    };
  }
  if (settings.overrideProtection) {
    return {
      disposition: "evict",
      severity: "warning",
      message: `carries ${protection.mark}, which is overridden (overrideProtection)`,
    };
  }
  return {
    disposition: "wait",
    severity: "warning",
    message: `carries ${protection.mark} and is left alone until the deadline`,
  };
}

/** In the order of safe-cycle 2; the first that says skip or leaving ends it. */
export const FILTERS: readonly PodFilter[] = [
  fargate,
  spared,
  terminating,
  daemonPod,
  mirrorPod,
  localStorage,
  unmanaged,
  protectedPod,
];
