import { updateBudgets } from "./budgets.js";
import type { Simulation, WorkloadState } from "./cluster-state.js";
import { runDaemonSet } from "./daemon-controller.js";
import { startPods } from "./kubelet.js";
import { runDeployment, runReplicaSet } from "./replica-controller.js";
import { schedulePods } from "./scheduler.js";
import { runStatefulSet } from "./stateful-controller.js";

/**
 * Every controller, then the scheduler, the kubelets and the budgets, until nothing changes at this
 * instant. Calling twice is safe. `booked` remembers which pods' starts are already on the agenda.
 */
export function runControlPlane(simulation: Simulation, booked: Set<string>): void {
  while (runWorkloads(simulation));
  schedulePods(simulation);
  startPods(simulation, booked);
  updateBudgets(simulation);
}

/** Whether the pods changed, so that another controller may have to look again. */
function runWorkloads(simulation: Simulation): boolean {
  const before = fingerprint(simulation);
  for (const workload of simulation.state.workloads.values()) CONTROLLERS[workload.kind](simulation, workload);
  return fingerprint(simulation) !== before;
}

const CONTROLLERS: Readonly<Record<WorkloadState["kind"], (simulation: Simulation, workload: WorkloadState) => void>> =
  {
    Deployment: runDeployment,
    ReplicaSet: runReplicaSet,
    StatefulSet: runStatefulSet,
    DaemonSet: runDaemonSet,
  };

function fingerprint({ state }: Simulation): string {
  const replicas = [...state.workloads.values()].map((workload) => workload.replicas);
  const pods = [...state.pods.values()].map((pod) => `${pod.uid}${pod.deletion === null ? "" : "-"}`);
  return `${replicas.join()}|${pods.join()}`;
}
