import type { WorkerPorts } from "../../../runtime/fleet/worker/index.js";
import type { StateStore } from "../../../runtime/ports/index.js";

/**
 * Ports of a worker that dies at its effect number `dieAt`: half of the time before it takes place, half of the time after it. The
 * dead never answer: whatever awaits them waits for ever. `onDeath` is called once.
 */
export function doomed(ports: WorkerPorts, dieAt: number, onDeath: () => void): WorkerPorts {
  let effects = 0;
  const dies = (): boolean => {
    effects += 1;
    if (effects === dieAt) onDeath();
    return effects >= dieAt;
  };
  const mortal =
    <A extends readonly unknown[], T>(act: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (dies()) return NEVER;
      const answer = await act(...args);
      return dies() ? NEVER : answer;
    };
  const { store, fleet, queue, clock } = ports;
  const writes: Partial<StateStore> = {
    acquireLease: mortal((request) => store.acquireLease(request)),
    renewLease: mortal((lease, expiresAt) => store.renewLease(lease, expiresAt)),
    releaseLease: mortal((lease) => store.releaseLease(lease)),
    saveReached: mortal((lease, reached) => store.saveReached(lease, reached)),
  };
  return {
    ...ports,
    clock: { now: () => clock.now(), sleep: mortal((ms, signal) => clock.sleep(ms, signal)) },
    store: { ...store, ...writes },
    fleet: {
      ...fleet,
      settle: mortal((clusterId, generation, settlement) => fleet.settle(clusterId, generation, settlement)),
      makeDue: mortal((clusterId, at) => fleet.makeDue(clusterId, at)),
    },
    queue: { send: mortal((parcels) => queue.send(parcels)) },
  };
}

const NEVER = new Promise<never>(() => undefined);
