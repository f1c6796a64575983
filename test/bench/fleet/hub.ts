import { createMemoryWorkQueue } from "../../../runtime/adapters/memory/work-queue.js";
import type { MemoryWorld } from "../../../runtime/adapters/memory/world.js";
import { createBreaker } from "../../../runtime/fleet/breaker/index.js";
import { createPacer } from "../../../runtime/fleet/pace/index.js";
import { queueOf, tick } from "../../../runtime/fleet/planner/index.js";
import { handleWork, type WorkEnd, type WorkerPorts } from "../../../runtime/fleet/worker/index.js";
import {
  parseClusterId,
  type Clock,
  type Ledger,
  type Pacer,
  type WorkItem,
  type WorkQueue,
} from "../../../runtime/ports/index.js";
import { executeRun } from "../../../runtime/run/index.js";
import type { AwsModel } from "./aws-model.js";
import type { HubStore } from "./fleet.js";
import { createLambda, type Lambda } from "./lambda.js";
import { createMeteredConnector } from "./metered-connector.js";
import { QUIET_ANNOUNCER, QUIET_TELEMETRY, seededRandom } from "./quiet-ports.js";
import { HUB } from "./quotas.js";

interface HubOptions {
  readonly clock: Clock;
  readonly world: MemoryWorld;
  readonly aws: AwsModel;
  readonly store: HubStore;
  readonly parseDeclaration: WorkerPorts["parseDeclaration"];
  readonly onEnd: (item: WorkItem, end: WorkEnd) => void;
}

/** The hub at work: what the product's own Lambdas do, on memory queues. */
export interface Hub {
  /** Ticks every minute and works until `stop`. */
  run(stop: AbortSignal): Promise<void>;
  readonly use: Lambda["use"];
  /** Messages sent so far. */
  sent(): number;
}

/** What one Lambda environment keeps. */
interface Environment {
  readonly pacer: Pacer;
  readonly ports: Omit<WorkerPorts, "connector">;
  readonly sessions: Set<string>;
}

const TICK_MS = 60_000;

export function createHub(options: HubOptions): Hub {
  const { clock, store, aws, world } = options;
  const queues = Array.from({ length: HUB.queues }, () => createMemoryWorkQueue({ clock }));
  const { queue, sent } = route(queues);
  let environments = 0;

  function newEnvironment(): Environment {
    const random = seededRandom((environments += 1) * 7919);
    const ledger: Ledger = store;
    const breaker = createBreaker({ ledger, clock, random });
    const base = { clock, random, store, fleet: store, queue, breaker };
    const quiet = { telemetry: QUIET_TELEMETRY, announcer: QUIET_ANNOUNCER, progress: { emit: () => undefined } };
    const ports = { ...base, ...quiet, execute: executeRun, parseDeclaration: options.parseDeclaration };
    return { pacer: createPacer({ ledger, clock, random }), ports, sessions: new Set() };
  }

  const lambda = createLambda<Environment>({
    clock,
    queues,
    batchSize: HUB.batchSize,
    invocationSeconds: HUB.invocationSeconds,
    newEnvironment,
    async handle({ item }, { pacer, ports, sessions }, remainingMs) {
      const meter = { aws, world, pacer, sessions, operationId: item.operationId };
      const end = await handleWork(item, { ...ports, connector: createMeteredConnector(meter) }, { remainingMs });
      options.onEnd(item, end);
    },
  });

  async function plan(stop: AbortSignal): Promise<void> {
    const random = seededRandom(1);
    const ports = { fleet: store, queue, random, telemetry: QUIET_TELEMETRY, announcer: QUIET_ANNOUNCER };
    while (!stop.aborted) {
      const now = clock.now();
      for (let partition = 0; partition < HUB.partitions; partition += 1) {
        const { failures } = await tick({ partition, partitions: HUB.partitions, now }, ports);
        if (failures.length > 0) throw new Error(failures[0]!.failure.message);
      }
      await clock.sleep(TICK_MS - (clock.now() % TICK_MS));
    }
  }

  return {
    run: async (stop) => {
      await Promise.all([plan(stop), lambda.run(stop)]);
    },
    use: lambda.use,
    sent,
  };
}

/** One queue for each shard, chosen as the product does. */
function route(queues: readonly WorkQueue[]): { readonly queue: WorkQueue; readonly sent: () => number } {
  let sent = 0;
  const shardOf = (id: string) => queueOf(parseClusterId(id)!, "hash", queues.length);
  return {
    sent: () => sent,
    queue: {
      async send(parcels) {
        sent += parcels.length;
        const byShard = Map.groupBy(parcels, ({ item }) => shardOf(item.clusterId));
        const unsent = await Promise.all([...byShard].map(([shard, own]) => queues[shard]!.send(own)));
        return unsent.flat();
      },
    },
  };
}
