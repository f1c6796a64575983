import { createMemoryStore } from "./adapters/memory/state-store.js";
import { createSimulatedConnector } from "./adapters/memory/simulated-connector.js";
import { openSqliteStore } from "./adapters/sqlite/state-store.js";
import { createSystemClock } from "./adapters/system/clock.js";
import { createSystemRandom } from "./adapters/system/random.js";
import { openAwsDiscovery } from "./compose-discovery.js";
import { reachKubernetes } from "./compose-reach.js";
import type {
  Campaigns,
  Clock,
  ClusterAccess,
  ClusterConnector,
  ClusterIdentity,
  DeadLetters,
  Discovery,
  FleetStore,
  Ledger,
  Ports,
  Progress,
  StateStore,
} from "./ports/index.js";
import { isTableAddress, parseTableAddress, type TableAddress } from "./ports/index.js";

/** What a process needs to say to get a working runtime. */
export interface RuntimeOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Path of the state file, or address of a hub's table, from config; `CURFEW_STATE` wins over it. */
  readonly statePath?: string | undefined;
  /** Names the operation in leases and in CloudTrail's role sessions. */
  readonly operationId: string;
  readonly progress: Progress;
}

/** What there is only where a hub's table keeps the state. */
export interface HubPorts {
  readonly fleet: FleetStore;
  readonly ledger: Ledger;
  readonly deadLetters: DeadLetters;
  readonly campaigns: Campaigns;
}

/** The ports, wired to real adapters. */
export interface Runtime {
  readonly ports: Ports;
  /** Null where state is kept in a file or nowhere. */
  readonly hub: HubPorts | null;
  /** Finds clusters whether they are declared or not. */
  readonly discovery: Discovery;
  /** Lets go of files and connections. Calling twice is safe. */
  readonly close: () => Promise<void>;
}

/** Where state is kept when nothing is said: in the project's own folder. */
export const DEFAULT_STATE_PATH = ".curfew/state.db";

/**
 * The composition root: the only place that knows the adapters. Makes no call to AWS; opens the state file.
 * `CURFEW_STATE=:memory:` keeps nothing, `CURFEW_CONNECTOR=memory` simulates the clusters: together a rehearsal without an account.
 * Throws `Failure` store-unavailable, config-invalid.
 */
export async function openRuntime({ environment, statePath, operationId, progress }: RuntimeOptions): Promise<Runtime> {
  const clock = createSystemClock();
  const state = await openState(environment["CURFEW_STATE"] ?? statePath ?? DEFAULT_STATE_PATH);
  const { connector, discovery, close } =
    environment["CURFEW_CONNECTOR"] === "memory" ? simulatedClusters(clock) : awsClusters(clock, operationId);
  return {
    ports: { clock, random: createSystemRandom(), store: state.store, connector, progress },
    hub: state.hub,
    discovery,
    async close() {
      await close();
      await state.close();
    },
  };
}

type Clusters = Pick<Runtime, "discovery" | "close"> & { readonly connector: ClusterConnector };

/** Only clusters that are asked for exist, so there are none to find. */
function simulatedClusters(clock: Clock): Clusters {
  const discovery = { findClusters: () => Promise.resolve([]) };
  return { connector: createSimulatedConnector(clock), discovery, close: () => Promise.resolve() };
}

function awsClusters(clock: Clock, operationId: string): Clusters {
  const reached = awsConnector(clock, operationId);
  const found = openAwsDiscovery(clock, operationId);
  return {
    connector: reached.connector,
    discovery: found.discovery,
    async close() {
      await Promise.all([reached.close(), found.close()]);
    },
  };
}

type State = Pick<Runtime, "hub" | "close"> & { readonly store: StateStore };

async function openState(path: string): Promise<State> {
  if (isTableAddress(path)) return openHub(parseTableAddress(path));
  const store = path === ":memory:" ? createMemoryStore() : openSqliteStore(path);
  return { store, hub: null, close: () => store.close() };
}

/** The SDK of a hub's table is loaded only where there is a hub, those of its queues and campaigns at their first use. */
async function openHub(address: TableAddress): Promise<State> {
  const { region } = address;
  const { openDynamoStore } = await import("./adapters/dynamodb/store.js");
  const store = openDynamoStore(address);
  const queues = atFirstUse(async () => (await import("./adapters/sqs/dead-letters.js")).openSqsDeadLetters(region));
  const machines = atFirstUse(async () => (await import("./adapters/sfn/campaigns.js")).openSfnCampaigns(region));
  const deadLetters: DeadLetters = {
    count: async (queue) => (await queues.open()).count(queue),
    redrive: async (queue) => (await queues.open()).redrive(queue),
  };
  const campaigns: Campaigns = {
    start: async (machine, order) => (await machines.open()).start(machine, order),
    read: async (id) => (await machines.open()).read(id),
  };
  return {
    store,
    hub: { fleet: store, ledger: store, deadLetters, campaigns },
    async close() {
      await Promise.all([queues.close(), machines.close()]);
      await store.close();
    },
  };
}

function atFirstUse<T extends { readonly close: () => void }>(load: () => Promise<T>) {
  let loading: Promise<T> | undefined;
  return { open: () => (loading ??= load()), close: async () => (await loading)?.close() };
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
    async kubernetes(identity, access, facts, options) {
      const signIn = (await aws()).signIn(identity, access);
      return reachKubernetes({ identity, access, facts, ...signIn, clock, options });
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
    signIn: (identity: ClusterIdentity, access: ClusterAccess) => {
      const { credentials } = cache.clientsFor(identity, access);
      const { name, region } = identity;
      return { credentials, token: createEksTokens({ cluster: name, region, credentials, clock }) };
    },
    close: () => cache.close(),
  };
}
