import type { PodState, Simulation, WorkloadState } from "./cluster-state.js";
import { objectKey } from "./cluster-state.js";
import { requestDeletion } from "./kubelet.js";
import { controllerReference, createPod, podsOf } from "./new-pod.js";

/**
 * OrderedReady: one change at a time, from the lowest ordinal up, and the next only when the one before
 * is Ready; a name is used again only when its old pod is gone (safe-cycle S4). Scaling down goes from the top.
 */
export function runStatefulSet(simulation: Simulation, set: WorkloadState): void {
  for (let ordinal = 0; ordinal < set.replicas; ordinal += 1) {
    const pod = simulation.state.pods.get(objectKey(ordinalName(set, ordinal)));
    if (pod === undefined) {
      createPod(simulation, {
        ...ordinalName(set, ordinal),
        template: set.template,
        controller: controllerReference(set),
      });
      return;
    }
    if (!pod.isReady || pod.deletion !== null) return;
  }
  const last = [...podsOf(simulation, set)].sort(byOrdinal).at(-1);
  if (last !== undefined && ordinalOf(last) >= set.replicas && last.deletion === null)
    requestDeletion(simulation, last);
}

function ordinalName(
  { namespace, name }: WorkloadState,
  ordinal: number,
): { readonly namespace: string; readonly name: string } {
  return { namespace, name: `${name}-${ordinal}` };
}

function ordinalOf({ name }: PodState): number {
  return Number(name.slice(name.lastIndexOf("-") + 1));
}

function byOrdinal(a: PodState, b: PodState): number {
  return ordinalOf(a) - ordinalOf(b);
}
