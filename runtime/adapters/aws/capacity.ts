import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  type Nodegroup,
  paginateListNodegroups,
} from "@aws-sdk/client-eks";
import pLimit from "p-limit";
import type {
  Capacity,
  ClusterAccess,
  ClusterFacts,
  ClusterIdentity,
  GroupInstances,
  NodeGroup,
} from "../../ports/index.js";
import { createAddOns } from "./add-ons.js";
import { createAskAws } from "./ask-aws.js";
import { createAutoMode } from "./auto-mode.js";
import { createAutoScalingGroups } from "./auto-scaling-groups.js";
import { isGroupGone, readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";
import { readClusterFacts } from "./cluster-facts.js";
import { createInstanceRefreshes } from "./instance-refreshes.js";
import { createInstanceStates } from "./instance-states.js";
import { createKarpenterInstances } from "./karpenter-instances.js";
import { createLaunchGround } from "./launch-ground.js";
import {
  autoScalingGroupOf,
  isSelfManaged,
  readGroupInstances,
  readManagedGroup,
  readSelfManagedGroup,
} from "./node-groups.js";
import { createNodeVcpus } from "./node-vcpus.js";
import { createPermissions } from "./permissions.js";
import { createResize } from "./resize.js";
import { createScalingActivities } from "./scaling-activities.js";
import { createScalingProcesses } from "./scaling-processes.js";
import { createVcpuQuotas } from "./vcpu-quotas.js";

interface AwsCapacityOptions {
  readonly identity: ClusterIdentity;
  readonly access: ClusterAccess;
  readonly clients: AwsClients;
}

/** Enough for one cluster's 30 node groups in a blink, few enough for an account's shared bucket (aws.md §2). */
const PARALLEL_READS = 5;
const NAMES_PER_PAGE = 100;

/** The Capacity port over EKS and EC2 Auto Scaling. Makes no call by itself. */
export function createAwsCapacity({ identity, access, clients }: AwsCapacityOptions): Capacity {
  const { eks } = clients;
  const clusterName = identity.name;

  const ask = createAskAws(identity, access);
  const autoScalingGroups = createAutoScalingGroups(clusterName, clients, ask);

  async function describeCluster(): Promise<ClusterFacts> {
    const { cluster } = await ask("eks:DescribeCluster", () =>
      eks.send(new DescribeClusterCommand({ name: clusterName })),
    );
    return readClusterFacts(cluster ?? {});
  }

  async function listGroups(): Promise<readonly NodeGroup[]> {
    const [nodegroups, tagged] = await Promise.all([describeNodegroups(), autoScalingGroups.tagged()]);
    const managedNames = new Set(nodegroups.map(autoScalingGroupOf));
    const selfManaged = tagged.filter((group) => isSelfManaged(group, managedNames));
    return [
      ...nodegroups.map((nodegroup) => readManagedGroup(nodegroup, tagged)),
      ...selfManaged.map(readSelfManagedGroup),
    ].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async function describeNodegroups(): Promise<readonly Nodegroup[]> {
    const names = await ask("eks:ListNodegroups", listNodegroupNames);
    const limit = pLimit(PARALLEL_READS);
    const found = await Promise.all(names.map((name) => limit(describeNodegroup, name)));
    return found.filter((nodegroup) => nodegroup !== null);
  }

  async function listNodegroupNames(): Promise<readonly string[]> {
    const names: string[] = [];
    const pages = paginateListNodegroups({ client: eks, pageSize: NAMES_PER_PAGE }, { clusterName });
    for await (const { nodegroups = [] } of pages) names.push(...nodegroups);
    return names;
  }

  /** Null when it was deleted since it was listed. */
  function describeNodegroup(nodegroupName: string): Promise<Nodegroup | null> {
    return ask("eks:DescribeNodegroup", async () => {
      try {
        return (await eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName }))).nodegroup ?? null;
      } catch (error) {
        if (isGroupGone(readAwsFault(error))) return null;
        throw error;
      }
    });
  }

  async function readInstances(groups: readonly NodeGroup[]): Promise<readonly GroupInstances[]> {
    return (await autoScalingGroups.behind(groups)).map(({ id, group }) => readGroupInstances(id, group));
  }

  return {
    describeCluster,
    listGroups,
    readInstances,
    ...createResize(clusterName, clients, ask),
    ...createAutoMode(clusterName, clients, ask),
    scalingActivities: createScalingActivities(clients, ask),
    setScalingProcesses: createScalingProcesses(clients, ask),
    instanceStates: createInstanceStates(clients, ask),
    karpenterInstances: createKarpenterInstances(clusterName, clients, ask),
    prospects: {
      ...createLaunchGround(autoScalingGroups, clients, ask),
      addOns: createAddOns(clusterName, clients, ask),
      vcpuQuotas: createVcpuQuotas(clients, ask),
      nodeVcpus: createNodeVcpus(autoScalingGroups, clients, ask),
      instanceRefreshes: createInstanceRefreshes(clients, ask),
      permissions: createPermissions(identity, access, clients, ask),
    },
  };
}
