import type { ApiObject } from "../../ports/index.js";
import type { PodState, Simulation, WorkloadState } from "./cluster-state.js";
import { viewOf, type NativeType } from "./native-object.js";
import { controllerReference, podsOf } from "./new-pod.js";
import { addWorkload, removeWorkload } from "./new-workload.js";

/** The fields of a workload's object that the model understands. */
interface WorkloadFields {
  readonly replicas?: number;
  readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
}

/** Workloads of one kind. Written replicas are followed at once; a written template stays paper. */
export function nativeWorkloads(kind: WorkloadState["kind"]): NativeType {
  const ofKind = ({ state }: Simulation): readonly WorkloadState[] =>
    [...state.workloads.values()].filter((workload) => workload.kind === kind);
  return {
    views: (simulation) => ofKind(simulation).map((workload) => viewOfWorkload(simulation, workload)),
    write({ state }, object) {
      const workload = state.workloads.get(object.metadata.uid);
      const { replicas } = fieldsOf(object);
      if (workload !== undefined && kind !== "DaemonSet") workload.replicas = replicas ?? 1;
    },
    create(simulation, object) {
      const { replicas = 1, template } = fieldsOf(object);
      const { name, namespace = "default" } = object.metadata;
      const { uid } = addWorkload(simulation, kind, {
        name,
        namespace,
        replicas,
        ...(template?.metadata?.labels && { labels: template.metadata.labels }),
      });
      simulation.state.overlays.set(uid, { ...object, metadata: { ...object.metadata, uid } });
    },
    remove(simulation, { metadata }) {
      const workload = simulation.state.workloads.get(metadata.uid);
      if (workload !== undefined) removeWorkload(simulation, workload);
    },
  };
}

function fieldsOf(object: ApiObject): WorkloadFields {
  return object["spec"] ?? {};
}

function viewOfWorkload(simulation: Simulation, workload: WorkloadState): ApiObject {
  const { kind, namespace, name, uid, template, replicas } = workload;
  const generation = simulation.state.overlays.get(uid)?.metadata.generation ?? 1;
  const parent = workload.parentUid === null ? undefined : simulation.state.workloads.get(workload.parentUid);
  const ownerReferences = parent && [{ ...controllerReference(parent), controller: true }];
  return viewOf(
    simulation,
    {
      apiVersion: "apps/v1",
      kind,
      metadata: { name, namespace, uid, generation, ...(ownerReferences && { ownerReferences }) },
      spec: kind === "DaemonSet" ? {} : { replicas },
      status: { observedGeneration: generation, ...countsOf(workload, podsBelow(simulation, workload)) },
    },
    { spec: { selector: { matchLabels: template.labels }, template: { metadata: { labels: template.labels } } } },
  );
}

/** A Deployment's pods are its ReplicaSet's. */
function podsBelow(simulation: Simulation, workload: WorkloadState): readonly PodState[] {
  const children = [...simulation.state.workloads.values()].filter(({ parentUid }) => parentUid === workload.uid);
  return [workload, ...children]
    .flatMap((each) => podsOf(simulation, each))
    .filter(({ deletion }) => deletion === null);
}

function countsOf({ kind }: WorkloadState, pods: readonly PodState[]): Readonly<Record<string, number>> {
  const ready = pods.filter(({ isReady }) => isReady).length;
  if (kind === "DaemonSet") {
    return { desiredNumberScheduled: pods.length, currentNumberScheduled: pods.length, numberReady: ready };
  }
  const all = pods.length;
  return {
    replicas: all,
    readyReplicas: ready,
    availableReplicas: ready,
    ...(kind !== "ReplicaSet" && { updatedReplicas: all }),
  };
}
