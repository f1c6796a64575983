import { createMemoryStore } from "./adapters/memory/state-store.js";
import { createSimulatedConnector } from "./adapters/memory/simulated-connector.js";
import { openSqliteStore } from "./adapters/sqlite/state-store.js";
import { createSystemClock } from "./adapters/system/clock.js";
import { createSystemRandom } from "./adapters/system/random.js";
import type {
  Clock,
  ClusterAccess,
  ClusterConnector,
  ClusterIdentity,
  Ports,
  Progress,
  StateStore,
} from "./ports/index.js";

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
      ? { connector: createSimulatedConnector(clock), close: () => Promise.resolve() }
      : awsConnector(clock, operationId);
  return {
    ports: { clock, random: createSystemRandom(), store, connector, progress },
    async close() {
      await close();
      await store.close();
    },
  };
}

function openStore(path: string): StateStore {
  return path === ":memory:" ? createMemoryStore() : openSqliteStore(path);
}

/**
 * The two SDKs take half a second to load, which a no-op `up`, `preview` or `status` can do without: they come with the
 * first cluster that is really looked at.
 */
function awsConnector(
  clock: Clock,
  operationId: string,
): { readonly connector: ClusterConnector; readonly close: () => Promise<void> } {
  let loading: Promise<AwsSide> | undefined;
  const aws = () => (loading ??= loadAws(clock, operationId));
  const connector: ClusterConnector = {
    capacity: async (identity, access) => (await aws()).capacity(identity, access),
    async kubernetes(identity, access, { endpoint, certificateAuthority }, options) {
      const [{ createKubernetes }, { token }] = await Promise.all([
        import("./adapters/kubernetes/kubernetes.js"),
        aws(),
      ]);
      return createKubernetes({
        server: endpoint,
        certificateAuthority,
        clock,
        ...options,
        token: token(identity, access),
        describe: { cluster: identity.name, region: identity.region, principal: access.roleArn ?? null },
      });
    },
  };
  return { connector, close: async () => (await loading)?.close() };
}

type AwsSide = Awaited<ReturnType<typeof loadAws>>;

async function loadAws(clock: Clock, operationId: string) {
  const [{ createAwsCapacity }, { createAwsClients }, { createEksTokens }] = await Promise.all([
    import("./adapters/aws/capacity.js"),
    import("./adapters/aws/clients.js"),
    import("./adapters/aws/eks-token.js"),
  ]);
  const cache = createAwsClients({ clock, operationId });
  return {
    capacity: (identity: ClusterIdentity, access: ClusterAccess) =>
      createAwsCapacity({ identity, access, clients: cache.clientsFor(identity, access) }),
    token: ({ name, region, account }: ClusterIdentity, access: ClusterAccess) => {
      const { credentials } = cache.clientsFor({ name, region, account }, access);
      return createEksTokens({ cluster: name, region, credentials, clock });
    },
    close: () => cache.close(),
  };
}
