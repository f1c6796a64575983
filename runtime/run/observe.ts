import type { Observation, OpenCycle } from "../cycle/index.js";
import { isKarpenterNode, NODE_CLAIMS, parseJournal, parseSnapshot } from "../cycle/index.js";
import type {
  Capacity,
  ClusterConnector,
  CycleRecord,
  GroupInstances,
  Kubernetes,
  NodeFacts,
  NodeGroup,
} from "../ports/index.js";
import type { RunTarget } from "./request.js";

/** The two sides of one cluster, and what was read of it. */
export interface ObservedCluster {
  readonly capacity: Capacity;
  readonly kubernetes: Kubernetes;
  readonly observation: Observation;
}

/**
 * Reads everything a decision needs, with as few calls as it takes (aws.md §12). Changes nothing.
 * The caller closes `kubernetes`. Throws the adapters' `Failure`s and those of an unreadable record.
 */
export async function observeCluster(
  target: RunTarget,
  connector: ClusterConnector,
  record: CycleRecord | undefined,
): Promise<ObservedCluster> {
  const capacity = await connector.capacity(target.identity, target.access);
  // One after the other: of two at once the second would go on retrying after the first has ended the run.
  const cluster = await capacity.describeCluster();
  const groups = await capacity.listGroups();
  const instances = await instancesOf(groups, capacity);
  const kubernetes = await connector.kubernetes(target.identity, target.access, cluster, {
    requestTimeoutMs: target.settings.requestTimeoutSeconds * 1000,
  });
  try {
    const nodes = cluster.authenticationMode === "CONFIG_MAP" ? [] : await kubernetes.listNodes();
    const cycle = record === undefined ? null : readCycle(record, cluster.arn);
    const karpenterNodes = await removableNodes(nodes, target, kubernetes);
    return { capacity, kubernetes, observation: { cluster, groups, instances, nodes, karpenterNodes, cycle } };
  } catch (error) {
    await kubernetes.close();
    throw error;
  }
}

/** Karpenter's nodes, where they are Curfew's to remove: where settings and RBAC let it delete their claims. */
async function removableNodes(
  nodes: readonly NodeFacts[],
  { settings }: RunTarget,
  { objects }: Kubernetes,
): Promise<readonly NodeFacts[]> {
  const launched = settings.measures.karpenter === "apply" ? nodes.filter(isKarpenterNode) : [];
  if (launched.length === 0) return [];
  const { group, plural: resource } = NODE_CLAIMS;
  return (await objects.may({ verb: "delete", group, resource })) ? launched : [];
}

/** Usually the listing showed them all already. */
async function instancesOf(groups: readonly NodeGroup[], capacity: Capacity): Promise<readonly GroupInstances[]> {
  const shown = groups.flatMap(({ observed }) => observed ?? []);
  const unseen = groups.filter(({ observed }) => observed === null);
  return unseen.length === 0 ? shown : [...shown, ...(await capacity.readInstances(unseen))];
}

function readCycle(record: CycleRecord, clusterArn: string): OpenCycle {
  return {
    cycleId: record.cycleId,
    snapshot: parseSnapshot(record.snapshot, clusterArn),
    journal: parseJournal(record.progress),
  };
}
