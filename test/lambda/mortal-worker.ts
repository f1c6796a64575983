import { parseWorkItem } from "../../runtime/adapters/sqs/message.js";
import type { WorkerPorts } from "../../runtime/fleet/worker/index.js";
import { createWorkerHandler } from "../../runtime/lambda/worker-handler.js";
import type { Capacity, FleetStore, StateStore, WorkQueue } from "../../runtime/ports/index.js";
import { mortal } from "../run/mortal-ports.js";

/** A worker's environment that dies at one of its effects: stores, queue and cloud no longer hear of it. */
export interface MortalWorker {
  readonly handle: ReturnType<typeof createWorkerHandler>;
  /** Nobody hears the answer of a dead one. */
  readonly isDead: () => boolean;
}

/** The worker's real handler over `ports`; dies at effect number `dieAt` (0: never). */
export function mortalWorker(
  ports: WorkerPorts & { readonly store: StateStore & FleetStore },
  dieAt: number,
): MortalWorker {
  const { store, listener, effects } = mortal(ports.store, dieAt);
  const touch = listener as () => void;

  /** The effect may have taken place although the process died of it. */
  const risky =
    <Args extends readonly unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      touch();
      const answer = await call(...args);
      touch();
      return answer;
    };
  const riskyCapacity = (capacity: Capacity): Capacity => ({
    ...capacity,
    resize: risky((...args: Parameters<Capacity["resize"]>) => capacity.resize(...args)),
  });

  const mortalPorts: WorkerPorts = {
    ...ports,
    store,
    fleet: {
      ...ports.fleet,
      settle: risky((...args: Parameters<FleetStore["settle"]>) => ports.store.settle(...args)),
      makeDue: risky((...args: Parameters<FleetStore["makeDue"]>) => ports.store.makeDue(...args)),
    },
    queue: { send: risky((parcels: Parameters<WorkQueue["send"]>[0]) => ports.queue.send(parcels)) },
    connector: {
      ...ports.connector,
      capacity: async (identity, access) => riskyCapacity(await ports.connector.capacity(identity, access)),
    },
  };
  return {
    handle: createWorkerHandler(() =>
      Promise.resolve({
        portsFor: () => mortalPorts,
        options: {},
        telemetry: ports.telemetry,
        parseItem: parseWorkItem,
        log: () => undefined,
      }),
    ),
    isDead: () => dieAt > 0 && effects() >= dieAt,
  };
}
