import type { MemoryCluster } from "../../runtime/adapters/memory/cluster.js";
import { DEPLOYMENTS, NODE_CLAIMS, NODE_POOLS } from "../../runtime/cycle/index.js";

/** Karpenter in an in-memory cluster: its controller, and what it does to claims that are to go. */
export interface TwinKarpenter {
  /** A pool with `nodes` nodes of its own, each with its claim and an instance. */
  addPool(name: string, spec: Readonly<Record<string, unknown>>, nodes?: number): void;
  /** The spec of a pool as it is now. */
  poolSpec(name: string): unknown;
  claimNames(): readonly string[];
  /** Its only pod dies, and none takes its place until it is started again. */
  stop(): void;
  start(): void;
}

const TERMINATION = "karpenter.sh/termination";
const TERMINATE_MS = 20_000;

/** Installs Karpenter with its controller on the nodes that are there. Claims without `controller` belong to EKS Auto Mode. */
export function installKarpenter(cluster: MemoryCluster, { isAutoMode = false } = {}): TwinKarpenter {
  const { objects } = cluster;
  const controller = { name: "karpenter", namespace: "kube-system" };
  const group = isAutoMode ? "eks.amazonaws.com" : "karpenter.k8s.aws";
  let instances = 0;

  function isServing(): boolean {
    const status = objects.get(DEPLOYMENTS, controller)?.["status"] as { readyReplicas?: number } | undefined;
    return isAutoMode || (status?.readyReplicas ?? 0) > 0;
  }

  function scale(replicas: number): void {
    objects.put(DEPLOYMENTS, {
      metadata: { ...controller, labels: { "app.kubernetes.io/name": "karpenter" } },
      spec: { replicas, template: { metadata: { labels: { app: "karpenter" } } } },
    });
  }

  function addNode(pool: string): void {
    instances += 1;
    const name = `${pool}-${instances}`;
    const instanceId = `i-0${instances}`;
    const computeType = isAutoMode ? { "eks.amazonaws.com/compute-type": "auto" } : {};
    cluster.addNode({ name, instanceId, labels: { "karpenter.sh/nodepool": pool, ...computeType } });
    objects.put(NODE_CLAIMS, {
      metadata: { name, finalizers: [TERMINATION] },
      spec: { nodeClassRef: { group } },
      status: { providerID: `aws:///eu-west-1a/${instanceId}` },
    });
  }

  objects.react(NODE_CLAIMS, ({ metadata, ...claim }) => {
    if (metadata.deletionTimestamp === undefined || metadata.finalizers?.length === 0) return;
    cluster.after(TERMINATE_MS, () => {
      if (!isServing()) return;
      cluster.removeNode(metadata.name);
      objects.put(NODE_CLAIMS, { ...claim, metadata: { ...metadata, finalizers: [] } });
    });
  });
  if (!isAutoMode) scale(1);
  return {
    addPool(name, spec, nodes = 0) {
      objects.put(NODE_POOLS, {
        metadata: { name },
        spec: { template: { spec: { nodeClassRef: { group } } }, ...spec },
      });
      for (let node = 0; node < nodes; node += 1) addNode(name);
    },
    poolSpec: (name) => objects.get(NODE_POOLS, { name })?.["spec"],
    claimNames: () => objects.all(NODE_CLAIMS).map(({ metadata }) => metadata.name),
    stop: () => scale(0),
    start: () => scale(1),
  };
}
