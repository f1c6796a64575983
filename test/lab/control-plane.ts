import { startEtcd } from "./cluster/etcd.js";
import { clusterTools, startKubernetesCluster, type KubernetesCluster } from "./cluster/kubernetes-cluster.js";
import type { KubeletKind } from "./kubelet/kubelet.js";
import { startProcessGroup } from "./process/process-group.js";
import type { Progress } from "./tools/resolve.js";

export interface ControlPlaneOptions {
  readonly name?: string;
  readonly kubelet?: KubeletKind;
  readonly cniGate?: boolean;
  /** Seconds of silence after which a node counts as lost (default 40, as in Kubernetes). */
  readonly nodeMonitorGraceSeconds?: number;
  /** Makes `calls()` count the requests that the API server answers. */
  readonly countCalls?: boolean;
  readonly progress?: Progress;
}

/** A real cluster of its own, without AWS. */
export interface ControlPlane extends KubernetesCluster, AsyncDisposable {
  /** Ids of every process that belongs to it. */
  processIds(): readonly number[];
  /** Kills everything at once and leaves nothing behind. Calling twice is safe. */
  stop(): Promise<void>;
}

/** Starts one real control plane with fake nodes for tests that need an API server and no AWS. Takes about 3 s. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const kubelet = options.kubelet ?? "fake";
  const tools = await clusterTools(kubelet, options.progress);
  // Whatever is started is stopped again when a later step fails.
  await using starting = new AsyncDisposableStack();
  const processes = await startProcessGroup();
  starting.defer(() => processes.stop());
  const etcdUrl = await startEtcd(processes, tools.etcd);
  const name = options.name ?? "lab";
  const cluster = await startKubernetesCluster(processes, { ...options, name, kubelet, etcdUrl, tools });
  starting.defer(() => cluster.close());
  const running = starting.move();
  const stop = (): Promise<void> => running.disposeAsync();
  return { ...cluster, processIds: processes.processIds, stop, [Symbol.asyncDispose]: stop };
}
