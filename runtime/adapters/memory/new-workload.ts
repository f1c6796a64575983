import type { Simulation, WorkloadState } from "./cluster-state.js";
import { requestDeletion } from "./kubelet.js";
import { podTemplate, type PodSpec } from "./pod-template.js";

/** A workload and the pods it asks for. Its pods carry the label `app: <name>` besides the spec's own. */
export interface NewWorkload extends PodSpec {
  readonly name: string;
  /** Default "default". */
  readonly namespace?: string;
  /** Default 1; a DaemonSet has none. */
  readonly replicas?: number;
}

/** Adds a workload; a Deployment comes with its ReplicaSet. */
export function addWorkload(simulation: Simulation, kind: WorkloadState["kind"], spec: NewWorkload): WorkloadState {
  const workload = add(simulation, kind, spec, null);
  if (kind === "Deployment") {
    const name = `${spec.name}-${simulation.newSuffix()}`;
    add(simulation, "ReplicaSet", { ...spec, name, labels: { app: spec.name, ...spec.labels } }, workload.uid);
  }
  return workload;
}

function add(
  { state, newUid }: Simulation,
  kind: WorkloadState["kind"],
  { name, namespace = "default", replicas = 1, ...pod }: NewWorkload,
  parentUid: string | null,
): WorkloadState {
  const template = podTemplate({ ...pod, labels: { app: name, ...pod.labels } });
  const workload: WorkloadState = { kind, namespace, name, uid: newUid(), template, parentUid, replicas };
  state.workloads.set(workload.uid, workload);
  return workload;
}

/** Deletes a workload with what it owns; its pods go too, unless they are to be orphans. Calling twice is safe. */
export function removeWorkload(simulation: Simulation, { uid }: WorkloadState, orphanPods = false): void {
  const { state } = simulation;
  state.workloads.delete(uid);
  for (const child of [...state.workloads.values()].filter(({ parentUid }) => parentUid === uid)) {
    removeWorkload(simulation, child, orphanPods);
  }
  if (orphanPods) return;
  for (const pod of [...state.pods.values()].filter(({ controller }) => controller?.uid === uid))
    requestDeletion(simulation, pod);
}
