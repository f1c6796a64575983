import type {
  Capacity,
  Clock,
  ClusterConnector,
  ClusterIdentity,
  Discovery,
  Kubernetes,
  Objects,
  Prospects,
} from "../../ports/index.js";
import { clusterId, Failure } from "../../ports/index.js";
import type { InstanceNames } from "./auto-scaling.js";
import type { MemoryCluster, MemoryClusterSpec, Surroundings } from "./cluster.js";
import { createMemoryCluster } from "./cluster.js";
import { createMemoryDiscovery } from "./discovery.js";
import type { GroupTimings } from "./group-state.js";
import type { Mutation, MutationListener } from "./journal.js";
import { createJournal } from "./journal.js";

/** Accounts full of clusters in memory that behave like real ones under an injected clock. */
export interface MemoryWorld {
  /** Adds a cluster; one by the same identity must not exist. */
  addCluster(spec: MemoryClusterSpec): MemoryCluster;
  /** The cluster is deleted: from now on it is not found. Calling twice is safe. */
  removeCluster(identity: ClusterIdentity): void;
  /** Throws when there is no such cluster. */
  cluster(identity: ClusterIdentity): MemoryCluster;
  /** The way in for Curfew. Clusters that do not exist answer as AWS would: cluster-not-found. */
  connector(): ClusterConnector;
  /** The way to find clusters. `faults` (by `account/region`) stand for accounts that cannot be looked at. */
  discovery(faults?: ReadonlyMap<string, Failure>): Discovery;
  /** Every changing call of Curfew on any cluster, in order; what the controls do is not in it. */
  mutations(): readonly Mutation[];
  /** Calls `listener` around every changing call, where it may throw like a crash; the result ends that. */
  onMutation(listener: MutationListener): () => void;
}

/** Pauses that feel like AWS and cost nothing under a virtual clock. */
const ORDINARY_TIMINGS: GroupTimings = { bootMs: 30_000, readyMs: 15_000, terminateMs: 20_000, updateMs: 5_000 };

/** An empty world. `timings` are those of every group that says nothing else; all 0 makes groups follow at once. */
export function createMemoryWorld({
  clock,
  timings = {},
}: {
  readonly clock: Clock;
  readonly timings?: Partial<GroupTimings>;
}): MemoryWorld {
  const clusters = new Map<string, MemoryCluster>();
  const journal = createJournal();
  const surroundings: Surroundings = { clock, journal, timings: { ...ORDINARY_TIMINGS, ...timings }, ...createNames() };

  function find(identity: ClusterIdentity): MemoryCluster {
    const cluster = clusters.get(clusterId(identity));
    if (cluster === undefined) throw notFound(identity);
    return cluster;
  }

  return {
    addCluster(spec) {
      const cluster = createMemoryCluster(spec, surroundings);
      if (clusters.has(cluster.id)) throw new Error(`cluster ${cluster.id} already exists`);
      clusters.set(cluster.id, cluster);
      return cluster;
    },
    removeCluster: (identity) => void clusters.delete(clusterId(identity)),
    cluster: find,
    connector: () => ({
      capacity: (identity) => Promise.resolve(capacityOf(() => find(identity))),
      kubernetes: (identity) => Promise.resolve(kubernetesOf(() => find(identity))),
    }),
    discovery: (faults) => createMemoryDiscovery(clusters, faults),
    mutations: () => journal.entries(),
    onMutation: (listener) => journal.listen(listener),
  };
}

/** Looks the cluster up at every call: connecting makes no call by itself. */
function capacityOf(find: () => MemoryCluster): Capacity {
  return {
    describeCluster: async () => find().capacity.describeCluster(),
    listGroups: async () => find().capacity.listGroups(),
    readInstances: async (groups) => find().capacity.readInstances(groups),
    resize: async (group, size, token) => find().capacity.resize(group, size, token),
    resizeStatus: async (group, updateId) => find().capacity.resizeStatus(group, updateId),
    instanceStates: async (ids) => find().capacity.instanceStates(ids),
    setScalingProcesses: async (group, processes, change) =>
      find().capacity.setScalingProcesses(group, processes, change),
    scalingActivities: async (group) => find().capacity.scalingActivities(group),
    karpenterInstances: async () => find().capacity.karpenterInstances(),
    switchBuiltInPools: async (autoMode, token) => find().capacity.switchBuiltInPools(autoMode, token),
    switchStatus: async (updateId) => find().capacity.switchStatus(updateId),
    prospects: prospectsOf(() => find().capacity.prospects),
  };
}

function prospectsOf(prospects: () => Prospects): Prospects {
  return {
    permissions: async (questions) => prospects().permissions(questions),
    subnets: async (groups) => prospects().subnets(groups),
    launchTemplates: async (groups) => prospects().launchTemplates(groups),
    addOns: async () => prospects().addOns(),
    vcpuQuotas: async () => prospects().vcpuQuotas(),
    nodeVcpus: async (groups) => prospects().nodeVcpus(groups),
    instanceRefreshes: async (groups) => prospects().instanceRefreshes(groups),
  };
}

function kubernetesOf(find: () => MemoryCluster): Kubernetes {
  const server = (): Kubernetes => find().kubernetes;
  return {
    listNodes: async () => server().listNodes(),
    listPods: async (nodeNames) => server().listPods(nodeNames),
    listBudgets: async () => server().listBudgets(),
    patchNode: async (name, change) => server().patchNode(name, change),
    evict: async (pod, options) => server().evict(pod, options),
    deletePod: async (pod, graceSeconds, options) => server().deletePod(pod, graceSeconds, options),
    daemonSetExists: async (namespace, name) => server().daemonSetExists(namespace, name),
    findScalableOwner: async (pod) => server().findScalableOwner(pod),
    readOwner: async (owner) => server().readOwner(owner),
    scaleOwner: async (owner, replicas) => server().scaleOwner(owner, replicas),
    warnOfPod: async (pod, warning) => server().warnOfPod(pod, warning),
    objects: objectsOf(() => server().objects),
    close: () => Promise.resolve(),
  };
}

function objectsOf(objects: () => Objects): Objects {
  return {
    list: async (type, options) => objects().list(type, options),
    read: async (type, target) => objects().read(type, target),
    patch: async (ref, operations) => objects().patch(ref, operations),
    remove: async (ref) => objects().remove(ref),
    rehearseCreate: async (type, namespace, body) => objects().rehearseCreate(type, namespace, body),
    may: async (question) => objects().may(question),
  };
}

function notFound(identity: ClusterIdentity): Failure {
  return new Failure({
    code: "cluster-not-found",
    message: `There is no cluster ${clusterId(identity)}.`,
    remedy: "Check the cluster's name, account and region.",
  });
}

/** Ids that look like the real ones and are the same in every run. */
function createNames(): Pick<Surroundings, "newUid" | "newSuffix" | "names"> {
  let uids = 0;
  let suffixes = 0;
  let instances = 0;
  const names: InstanceNames = {
    next() {
      instances += 1;
      const [high, middle, low] = [instances >> 16, (instances >> 8) & 255, instances & 255];
      return {
        instanceId: `i-${instances.toString(16).padStart(17, "0")}`,
        nodeName: `ip-10-${high}-${middle}-${low}.ec2.internal`,
      };
    },
  };
  return {
    names,
    newUid: () => `00000000-0000-4000-8000-${(uids += 1).toString(16).padStart(12, "0")}`,
    newSuffix: () => (suffixes += 1).toString(36).padStart(5, "0"),
  };
}
