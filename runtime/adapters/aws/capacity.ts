import {
  type AutoScalingClient,
  type AutoScalingGroup,
  paginateDescribeAutoScalingGroups,
} from "@aws-sdk/client-auto-scaling";
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
import { isGroupGone, readAwsFault } from "./aws-fault.js";
import type { AwsClients } from "./clients.js";
import { readClusterFacts } from "./cluster-facts.js";
import { createInstanceStates } from "./instance-states.js";
import { createKarpenterInstances } from "./karpenter-instances.js";
import { createLaunchGround, type GroupBehind } from "./launch-ground.js";
import {
  autoScalingGroupOf,
  isSelfManaged,
  readGroupInstances,
  readManagedGroup,
  readSelfManagedGroup,
} from "./node-groups.js";
import { createPermissions } from "./permissions.js";
import { createResize } from "./resize.js";
import { createScalingProcesses } from "./scaling-processes.js";

interface AwsCapacityOptions {
  readonly identity: ClusterIdentity;
  readonly access: ClusterAccess;
  readonly clients: AwsClients;
}

/** Enough for one cluster's 30 node groups in a blink, few enough for an account's shared bucket (aws.md §2). */
const PARALLEL_READS = 5;
/** The most that one DescribeAutoScalingGroups takes and gives. */
const GROUPS_PER_CALL = 100;

/** The Capacity port over EKS and EC2 Auto Scaling. Makes no call by itself. */
export function createAwsCapacity({ identity, access, clients }: AwsCapacityOptions): Capacity {
  const { eks, autoScaling } = clients;
  const clusterName = identity.name;

  const ask = createAskAws(identity, access);

  async function describeCluster(): Promise<ClusterFacts> {
    const { cluster } = await ask("eks:DescribeCluster", () =>
      eks.send(new DescribeClusterCommand({ name: clusterName })),
    );
    return readClusterFacts(cluster ?? {});
  }

  async function listGroups(): Promise<readonly NodeGroup[]> {
    const [nodegroups, autoScalingGroups] = await Promise.all([describeNodegroups(), describeTaggedGroups()]);
    const managedNames = new Set(nodegroups.map(autoScalingGroupOf));
    const selfManaged = autoScalingGroups.filter((group) => isSelfManaged(group, managedNames));
    return [
      ...nodegroups.map((nodegroup) => readManagedGroup(nodegroup, autoScalingGroups)),
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
    const pages = paginateListNodegroups({ client: eks, pageSize: GROUPS_PER_CALL }, { clusterName });
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

  /** All Auto Scaling groups with the cluster's tag: the self-managed ones, and those that EKS made. */
  function describeTaggedGroups(): Promise<readonly AutoScalingGroup[]> {
    const filter = { Name: `tag:kubernetes.io/cluster/${clusterName}`, Values: ["owned", "shared"] };
    return describeAutoScalingGroups({ Filters: [filter] });
  }

  async function readInstances(groups: readonly NodeGroup[]): Promise<readonly GroupInstances[]> {
    return (await describeBehind(groups)).map(({ id, group }) => readGroupInstances(id, group));
  }

  /** The Auto Scaling groups behind node groups; those that are gone are left out. */
  async function describeBehind(groups: readonly NodeGroup[]): Promise<readonly GroupBehind[]> {
    const idByName = new Map(groups.map(({ autoScalingGroup, id }) => [autoScalingGroup, id]));
    const names = [...idByName.keys()].filter((name) => name !== "");
    const found: GroupBehind[] = [];
    for (let from = 0; from < names.length; from += GROUPS_PER_CALL) {
      const described = await describeAutoScalingGroups({
        AutoScalingGroupNames: names.slice(from, from + GROUPS_PER_CALL),
      });
      for (const group of described) {
        const id = idByName.get(group.AutoScalingGroupName ?? "");
        if (id !== undefined) found.push({ id, group });
      }
    }
    return found;
  }

  function describeAutoScalingGroups(input: DescribeInput): Promise<readonly AutoScalingGroup[]> {
    return ask("autoscaling:DescribeAutoScalingGroups", () => readAllAutoScalingGroups(autoScaling, input));
  }

  return {
    describeCluster,
    listGroups,
    readInstances,
    ...createResize(clusterName, clients, ask),
    ...createAutoMode(clusterName, clients, ask),
    setScalingProcesses: createScalingProcesses(clients, ask),
    instanceStates: createInstanceStates(clients, ask),
    karpenterInstances: createKarpenterInstances(clusterName, clients, ask),
    prospects: {
      ...createLaunchGround(describeBehind, clients, ask),
      addOns: createAddOns(clusterName, clients, ask),
      permissions: createPermissions(identity, access, clients, ask),
    },
  };
}

type DescribeInput = Parameters<typeof paginateDescribeAutoScalingGroups>[1];

async function readAllAutoScalingGroups(
  client: AutoScalingClient,
  input: DescribeInput,
): Promise<readonly AutoScalingGroup[]> {
  const groups: AutoScalingGroup[] = [];
  const pages = paginateDescribeAutoScalingGroups({ client, pageSize: GROUPS_PER_CALL }, input);
  for await (const { AutoScalingGroups = [] } of pages) groups.push(...AutoScalingGroups);
  return groups;
}
