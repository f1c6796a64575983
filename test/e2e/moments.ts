import type { Capacity, Kubernetes, Objects, Ports, StateStore } from "../../runtime/ports/index.js";
import type { RunOptions } from "./runner.js";

/**
 * Tells of every moment of a run at which a process may die: what it reports as it goes, and the instant after each
 * call that changed something, in AWS, in Kubernetes or in the state file. A moment that comes again has the same name.
 */
export function tellMoments(tell: (moment: string) => void): Pick<RunOptions, "onEvent" | "decorate"> {
  return {
    onEvent({ kind, step }) {
      if (kind !== "warning") tell(step === undefined ? kind : `${kind} ${step}`);
    },
    decorate: (ports) => ({
      ...ports,
      store: tellingStore(ports.store, tell),
      connector: tellingConnector(ports, tell),
    }),
  };
}

function tellingStore(store: StateStore, tell: (moment: string) => void): StateStore {
  return {
    ...store,
    openCycle: (lease, cycle) => after(store.openCycle(lease, cycle), () => tell("cycle opened")),
    retireCycle: (lease, id, at) => after(store.retireCycle(lease, id, at), () => tell("cycle retired")),
    saveReached: (lease, reached) => after(store.saveReached(lease, reached), () => tell("reached state saved")),
  };
}

function tellingConnector({ connector }: Ports, tell: (moment: string) => void): Ports["connector"] {
  return {
    capacity: async (...place) => tellingCapacity(await connector.capacity(...place), tell),
    kubernetes: async (...place) => tellingKubernetes(await connector.kubernetes(...place), tell),
  };
}

function tellingCapacity(capacity: Capacity, tell: (moment: string) => void): Capacity {
  return {
    ...capacity,
    resize: (group, size, token) => after(capacity.resize(group, size, token), () => tell(`resized ${group.id}`)),
  };
}

function tellingKubernetes(kubernetes: Kubernetes, tell: (moment: string) => void): Kubernetes {
  return {
    ...kubernetes,
    patchNode: (name, change) =>
      after(kubernetes.patchNode(name, change), () => tell(change.unschedulable ? "node cordoned" : "node uncordoned")),
    evict: (pod, options) => after(kubernetes.evict(pod, options), () => tell("eviction sent")),
    scaleOwner: (owner, replicas) =>
      after(kubernetes.scaleOwner(owner, replicas), () => tell(`owner scaled ${replicas === 0 ? "down" : "up"}`)),
    objects: tellingObjects(kubernetes.objects, tell),
  };
}

function tellingObjects(objects: Objects, tell: (moment: string) => void): Objects {
  return {
    ...objects,
    patch: (ref, operations) => after(objects.patch(ref, operations), () => tell(`patched ${ref.type.kind}`)),
  };
}

async function after<T>(call: Promise<T>, tell: () => void): Promise<T> {
  const answer = await call;
  tell();
  return answer;
}
