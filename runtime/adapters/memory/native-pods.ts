import type { ApiObject } from "../../ports/index.js";
import type { PodState, Simulation } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";
import { deletionDeadline, requestDeletion } from "./kubelet.js";
import { timestamp, viewOf, type NativeType } from "./native-object.js";
import { refusalWords } from "./scheduler.js";

/** Pods; to be read and deleted. */
export const NATIVE_PODS: NativeType = {
  views: (simulation) => [...simulation.state.pods.values()].map((pod) => viewOfPod(simulation, pod)),
  remove(simulation, { metadata: { name, namespace = "" } }) {
    const pod = simulation.state.pods.get(objectKey({ namespace, name }));
    if (pod !== undefined) requestDeletion(simulation, pod);
  },
};

function viewOfPod(simulation: Simulation, pod: PodState): ApiObject {
  return viewOf(simulation, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadataOf(pod),
    spec: specOf(pod),
    status: statusOf(simulation, pod),
  });
}

function metadataOf(pod: PodState) {
  const { namespace, name, uid, template, finalizers, controller, createdAt } = pod;
  const deletionAt = deletionDeadline(pod);
  return {
    name,
    namespace,
    uid,
    creationTimestamp: timestamp(createdAt),
    labels: template.labels,
    annotations: template.annotations,
    ...(finalizers.length > 0 && { finalizers }),
    ...(controller && { ownerReferences: [{ ...controller, controller: true }] }),
    ...(deletionAt !== null && {
      deletionTimestamp: timestamp(deletionAt),
      deletionGracePeriodSeconds: pod.deletion?.graceSeconds,
    }),
  };
}

function specOf({ nodeName, template }: PodState) {
  return {
    nodeName: nodeName ?? undefined,
    nodeSelector: template.nodeSelector,
    terminationGracePeriodSeconds: template.graceSeconds,
    priority: template.priority,
    priorityClassName: template.priorityClassName === "" ? undefined : template.priorityClassName,
    containers: [{ name: "main", image: "none" }],
    tolerations: template.toleratesEverything ? [{ operator: "Exists" }] : [],
    volumes: [
      ...(template.emptyDir ? [{ name: "scratch", emptyDir: {} }] : []),
      ...(template.hostPath ? [{ name: "host", hostPath: { path: "/var/lib/host" } }] : []),
    ],
  };
}

function statusOf(simulation: Simulation, pod: PodState) {
  const { phase, isReady, startedAt, nodeName } = pod;
  const refusal = { reason: "Unschedulable", message: nodeName === null ? refusalWords(simulation, pod) : "" };
  return {
    phase,
    ...(startedAt !== null && { startTime: timestamp(startedAt) }),
    conditions: [
      { type: "PodScheduled", status: nodeName === null ? "False" : "True", ...(nodeName === null && refusal) },
      { type: "Ready", status: isReady ? "True" : "False" },
    ],
  };
}
