import type { ControllerReference, PodState, PodTemplate, Simulation, WorkloadState } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";

/** What makes one pod differ from its siblings. */
export interface NewPod {
  readonly namespace: string;
  readonly name: string;
  readonly template: PodTemplate;
  readonly controller: ControllerReference | null;
  readonly nodeName?: string;
}

/** Creates a Pending pod; nothing happens in a namespace that is going (as on the server: 403). */
export function createPod(
  { state, agenda, newUid }: Simulation,
  { namespace, name, template, controller, nodeName }: NewPod,
): PodState | undefined {
  if (state.terminatingNamespaces.has(namespace)) return undefined;
  const pod: PodState = {
    namespace,
    name,
    uid: newUid(),
    template,
    controller,
    createdAt: agenda.now(),
    nodeName: nodeName ?? null,
    phase: "Pending",
    isReady: false,
    startedAt: null,
    finalizers: template.finalizers,
    deletion: null,
  };
  if (state.pods.has(objectKey(pod))) throw new Error(`pod ${objectKey(pod)} already exists`);
  state.pods.set(objectKey(pod), pod);
  return pod;
}

/** The reference that a workload's pods carry. */
export function controllerReference({ kind, name, uid }: WorkloadState): ControllerReference {
  return { apiVersion: "apps/v1", kind, name, uid };
}

/** All pods of a workload, terminating ones included, in order of creation. */
export function podsOf({ state }: Simulation, workload: WorkloadState): readonly PodState[] {
  return [...state.pods.values()].filter((pod) => pod.controller?.uid === workload.uid);
}
