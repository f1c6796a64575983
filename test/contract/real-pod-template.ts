import type { V1PodSpec, V1PodTemplateSpec } from "@kubernetes/client-node";
import type { FixturePod } from "./kubernetes-fixture.js";

export const HOST_NAME_LABEL = "kubernetes.io/hostname";

/** Selects the pods that {@link templateOf} makes. */
export function selectorOf(name: string) {
  return { matchLabels: { app: name } };
}

/** The pods of the workload `name`; `nodeName` is a node selector, so that a cordon still holds. */
export function templateOf(name: string, pod: FixturePod & { readonly nodeName?: string }): V1PodTemplateSpec {
  const { nodeName } = pod;
  const { labels, ...metadata } = metadataOf(pod);
  return {
    metadata: { ...metadata, labels: { ...labels, app: name } },
    spec: podSpecOf(pod, nodeName === undefined ? {} : { nodeSelector: { [HOST_NAME_LABEL]: nodeName } }),
  };
}

/** The suite's wishes in the fake kubelet's words (test/lab/kubelet/behaviour.ts). */
export function metadataOf({ labels, annotations, finalizers, shutdown = "grace", ready, neverStarts }: FixturePod) {
  return {
    labels: { ...labels },
    annotations: {
      ...annotations,
      "lab/shutdown": shutdown,
      ...(ready === false && { "lab/never-ready": "true" }),
      ...(neverStarts === true && { "lab/start": "600m" }),
    },
    ...(finalizers && { finalizers: [...finalizers] }),
  };
}

/** The spec of such a pod; `place` says where it may run. */
export function podSpecOf(pod: FixturePod, place: Pick<V1PodSpec, "nodeName" | "nodeSelector">): V1PodSpec {
  const { graceSeconds = 1, emptyDir, hostPath, priorityClassName, toleratesEverything } = pod;
  return {
    ...place,
    terminationGracePeriodSeconds: graceSeconds,
    containers: [{ name: "main", image: "none" }],
    volumes: [
      ...(emptyDir === true ? [{ name: "scratch", emptyDir: {} }] : []),
      ...(hostPath === true ? [{ name: "host", hostPath: { path: "/var/lib/lab" } }] : []),
    ],
    ...(priorityClassName !== undefined && { priorityClassName }),
    ...(toleratesEverything === true && { tolerations: [{ operator: "Exists" }] }),
  };
}
