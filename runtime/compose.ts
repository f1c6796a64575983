import { createAwsCapacity } from "./adapters/aws/capacity.js";
import { createAwsClients } from "./adapters/aws/clients.js";
import { createEksTokens } from "./adapters/aws/eks-token.js";
import { createKubernetes } from "./adapters/kubernetes/kubernetes.js";
import { createMemoryStore } from "./adapters/memory/state-store.js";
import { createSimulatedConnector } from "./adapters/memory/simulated-connector.js";
import { openSqliteStore } from "./adapters/sqlite/state-store.js";
import { createSystemClock } from "./adapters/system/clock.js";
import { createSystemRandom } from "./adapters/system/random.js";
import type { Clock, ClusterConnector, Ports, Progress, StateStore } from "./ports/index.js";

/** What a process needs to say to get a working runtime. */
export interface RuntimeOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Path of the state file from config; `CURFEW_STATE` wins over it. */
  readonly statePath?: string | undefined;
  /** Names the operation in leases and in CloudTrail's role sessions. */
  readonly operationId: string;
  readonly progress: Progress;
}

/** The ports, wired to real adapters. */
export interface Runtime {
  readonly ports: Ports;
  /** Lets go of files and connections. Calling twice is safe. */
  readonly close: () => Promise<void>;
}

/** Where state is kept when nothing is said: in the project's own folder. */
export const DEFAULT_STATE_PATH = ".curfew/state.db";

/**
 * The composition root: the only place that knows the adapters. Makes no call to AWS; opens the state file.
 * `CURFEW_STATE=:memory:` keeps nothing, `CURFEW_CONNECTOR=memory` simulates the clusters: together a rehearsal without an account.
 * Throws `Failure` store-unavailable.
 */
export function openRuntime({ environment, statePath, operationId, progress }: RuntimeOptions): Runtime {
  const clock = createSystemClock();
  const store = openStore(environment["CURFEW_STATE"] ?? statePath ?? DEFAULT_STATE_PATH);
  const { connector, close } =
    environment["CURFEW_CONNECTOR"] === "memory"
      ? { connector: createSimulatedConnector(clock), close: () => undefined }
      : awsConnector(clock, operationId);
  return {
    ports: { clock, random: createSystemRandom(), store, connector, progress },
    async close() {
      close();
      await store.close();
    },
  };
}

function openStore(path: string): StateStore {
  return path === ":memory:" ? createMemoryStore() : openSqliteStore(path);
}

function awsConnector(
  clock: Clock,
  operationId: string,
): { readonly connector: ClusterConnector; readonly close: () => void } {
  const cache = createAwsClients({ clock, operationId });
  const connector: ClusterConnector = {
    capacity: (identity, access) =>
      createAwsCapacity({ identity, access, clients: cache.clientsFor(identity, access) }),
    kubernetes(identity, access, { endpoint, certificateAuthority }, options) {
      const { credentials } = cache.clientsFor(identity, access);
      return createKubernetes({
        server: endpoint,
        certificateAuthority,
        clock,
        ...options,
        token: createEksTokens({ cluster: identity.name, region: identity.region, credentials, clock }),
        describe: { cluster: identity.name, region: identity.region, principal: access.roleArn ?? null },
      });
    },
  };
  return { connector, close: () => cache.close() };
}
