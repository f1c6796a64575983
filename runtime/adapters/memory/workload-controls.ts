import type { PodRef, ScalableOwner } from "../../ports/index.js";
import type { ControllerReference, PodState, Simulation, WorkloadState } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";
import { confirmEnd, requestDeletion } from "./kubelet.js";
import { createPod } from "./new-pod.js";
import type { NewWorkload } from "./new-workload.js";
import { addWorkload, removeWorkload } from "./new-workload.js";
import type { PodSpec } from "./pod-template.js";
import { podTemplate } from "./pod-template.js";

export interface ObjectName {
  readonly name: string;
  /** Default "default". */
  readonly namespace?: string;
}

/** A pod that nothing recreates, unless a controller is named. */
interface BarePodSpec extends ObjectName, PodSpec {
  readonly controller?: ControllerReference;
  /** The phase in which it is found, e.g. "Succeeded"; default: Pending until its node starts it. */
  readonly phase?: PodState["phase"];
}

/** What people and their tools do to workloads and pods. Everything takes effect at the clock's now. */
export interface WorkloadControls {
  addDeployment(spec: NewWorkload): ScalableOwner;
  addReplicaSet(spec: NewWorkload): ScalableOwner;
  addStatefulSet(spec: NewWorkload): ScalableOwner;
  addDaemonSet(spec: NewWorkload): void;
  /** `nodeName` binds it at once, past the scheduler and any cordon. */
  addBarePod(spec: BarePodSpec): PodRef;
  /** Deletes a workload by kind and name; its pods go too, unless they are to be orphans. */
  removeWorkload(kind: WorkloadState["kind"], target: ObjectName, options?: { readonly orphanPods?: boolean }): void;
  /** Somebody sets replicas past the port, e.g. GitOps. Nothing when there is no such workload. */
  setReplicas(kind: WorkloadState["kind"], target: ObjectName, replicas: number): void;
  setPodReady(target: ObjectName, isReady: boolean): void;
  /** The pod's work is over. */
  finishPod(target: ObjectName, phase: "Succeeded" | "Failed"): void;
  /** Lets a terminating pod go at last. */
  removeFinalizers(target: ObjectName): void;
  /** `kubectl delete pod` by somebody else. */
  deletePodByHand(target: ObjectName): void;
  /** Deletes a namespace: its pods end, nothing new starts there, evictions are refused (safe-cycle 35). */
  terminateNamespace(namespace: string): void;
  /** Every pod of the cluster as it is now, unbound ones included. */
  allPods(): readonly Readonly<PodState>[];
}

/** The controls over `simulation`; `change` performs an effect now and lets the controllers react. */
export function createWorkloadControls(simulation: Simulation, change: <T>(effect: () => T) => T): WorkloadControls {
  const { state } = simulation;

  const add = (kind: WorkloadState["kind"], spec: NewWorkload) => change(() => addWorkload(simulation, kind, spec));

  function onPod(target: ObjectName, effect: (pod: PodState) => void): void {
    change(() => {
      const pod = state.pods.get(objectKey(named(target)));
      if (pod !== undefined) effect(pod);
    });
  }

  return {
    addDeployment: (spec) => owner("Deployment", add("Deployment", spec)),
    addReplicaSet: (spec) => owner("ReplicaSet", add("ReplicaSet", spec)),
    addStatefulSet: (spec) => owner("StatefulSet", add("StatefulSet", spec)),
    addDaemonSet: (spec) => void add("DaemonSet", spec),
    addBarePod: (spec) => change(() => podRef(addBarePod(simulation, spec))),
    removeWorkload: (kind, target, { orphanPods = false } = {}) =>
      change(() => {
        for (const workload of workloadsNamed(state.workloads, kind, target))
          removeWorkload(simulation, workload, orphanPods);
      }),
    setReplicas: (kind, target, replicas) =>
      change(() => {
        for (const workload of workloadsNamed(state.workloads, kind, target)) workload.replicas = replicas;
      }),
    setPodReady: (target, isReady) => onPod(target, (pod) => void (pod.isReady = isReady)),
    finishPod: (target, phase) =>
      onPod(target, (pod) => {
        pod.phase = phase;
        pod.isReady = false;
      }),
    removeFinalizers: (target) =>
      onPod(target, (pod) => {
        pod.finalizers = [];
        confirmEnd(simulation, pod);
      }),
    deletePodByHand: (target) => onPod(target, (pod) => requestDeletion(simulation, pod)),
    terminateNamespace: (namespace) => change(() => terminateNamespace(simulation, namespace)),
    allPods: () => change(() => [...state.pods.values()].map((pod) => ({ ...pod }))),
  };
}

function addBarePod(simulation: Simulation, spec: BarePodSpec): PodState {
  const { name, namespace = "default", controller = null, phase, nodeName, ...rest } = spec;
  const binding = nodeName === undefined ? {} : { nodeName };
  const pod = createPod(simulation, { namespace, name, template: podTemplate(rest), controller, ...binding });
  if (pod === undefined) throw new Error(`namespace ${namespace} is terminating`);
  if (phase !== undefined) pod.phase = phase;
  return pod;
}

function terminateNamespace(simulation: Simulation, namespace: string): void {
  const { state } = simulation;
  state.terminatingNamespaces.add(namespace);
  for (const pod of [...state.pods.values()].filter((each) => each.namespace === namespace))
    requestDeletion(simulation, pod);
}

function workloadsNamed(
  workloads: ReadonlyMap<string, WorkloadState>,
  kind: WorkloadState["kind"],
  target: ObjectName,
): readonly WorkloadState[] {
  const key = objectKey(named(target));
  return [...workloads.values()].filter((workload) => workload.kind === kind && objectKey(workload) === key);
}

function named({ name, namespace = "default" }: ObjectName): { readonly namespace: string; readonly name: string } {
  return { namespace, name };
}

function owner(kind: ScalableOwner["kind"], { namespace, name, uid, replicas }: WorkloadState): ScalableOwner {
  return { kind, namespace, name, uid, replicas };
}

function podRef({ namespace, name, uid }: PodState): PodRef {
  return { namespace, name, uid };
}
