import type { PodState, Simulation, WorkloadState } from "./cluster-state.js";
import { requestDeletion } from "./kubelet.js";
import { controllerReference, createPod, podsOf } from "./new-pod.js";

/** Hands a Deployment's size to its ReplicaSet. There is one ReplicaSet each: the twin knows no roll-outs. */
export function runDeployment({ state }: Simulation, deployment: WorkloadState): void {
  for (const workload of state.workloads.values()) {
    if (workload.parentUid === deployment.uid) workload.replicas = deployment.replicas;
  }
}

/** Replaces missing pods at once, also while the old ones are still terminating, and removes the excess. */
export function runReplicaSet(simulation: Simulation, replicaSet: WorkloadState): void {
  const active = podsOf(simulation, replicaSet).filter(isActive);
  for (let missing = replicaSet.replicas - active.length; missing > 0; missing -= 1) {
    createPod(simulation, {
      namespace: replicaSet.namespace,
      name: `${replicaSet.name}-${simulation.newSuffix()}`,
      template: replicaSet.template,
      controller: controllerReference(replicaSet),
    });
  }
  const excess = Math.max(0, active.length - replicaSet.replicas);
  for (const pod of [...active].sort(leastUsefulFirst).slice(0, excess)) requestDeletion(simulation, pod);
}

function isActive({ phase, deletion }: PodState): boolean {
  return deletion === null && phase !== "Succeeded" && phase !== "Failed";
}

/** Unbound before bound, unready before ready. */
function leastUsefulFirst(a: PodState, b: PodState): number {
  return usefulness(a) - usefulness(b);
}

function usefulness({ nodeName, isReady }: PodState): number {
  return (nodeName === null ? 0 : 2) + (isReady ? 1 : 0);
}
