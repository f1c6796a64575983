import { DeleteAccessEntryCommand } from "@aws-sdk/client-eks";
import { startEtcd } from "./cluster/etcd.js";
import {
  clusterTools,
  startKubernetesCluster,
  type ClusterTools,
  type KubernetesCluster,
} from "./cluster/kubernetes-cluster.js";
import { applyRbac } from "./cluster/rbac.js";
import { startEmulator, type Emulator } from "./emulator/emulator.js";
import { startFront } from "./emulator/front.js";
import { accountClients, provisionCluster, spokeRoleArn } from "./emulator/provision.js";
import { groupControls, type GroupControls } from "./group-controls.js";
import type { KubeletKind } from "./kubelet/kubelet.js";
import { environmentOf, labAws, type LabAws } from "./lab-aws.js";
import { startActuator, type NodeActuator } from "./nodes/actuator.js";
import { startProcessGroup, type ProcessGroup } from "./process/process-group.js";
import type { ClusterSpec } from "./spec.js";
import { resolveTool, type Progress } from "./tools/resolve.js";

export interface LabOptions {
  readonly clusters: readonly ClusterSpec[];
  readonly kubelet?: KubeletKind;
  readonly cniGate?: boolean;
  /** Seconds of silence after which a node counts as lost (default 40, as in Kubernetes). */
  readonly nodeMonitorGraceSeconds?: number;
  /** Makes each cluster's `calls()` count the requests that its API server answers. */
  readonly countCalls?: boolean;
  readonly progress?: Progress;
}

/** One cluster of a lab: the real control plane and its counterpart in the emulated cloud. */
export interface LabCluster extends Omit<KubernetesCluster, "close"> {
  readonly account: string;
  readonly region: string;
  /** The role that Curfew assumes for this cluster. */
  readonly roleArn: string;
  /** What others may do to one of its groups. */
  group(name: string): GroupControls;
  /** Changes fields of the cluster as DescribeCluster shows it, such as `status` or `endpoint`. */
  patchCluster(fields: Readonly<Record<string, unknown>>): Promise<void>;
  /** Takes Curfew's access entry away; tokens that the API server has cached last 2 s longer. */
  removeAccessEntry(): Promise<void>;
}

export interface Lab extends AsyncDisposable {
  /** What a child process needs to reach the lab's AWS with the hub's credentials. */
  readonly environment: Readonly<Record<string, string>>;
  readonly aws: LabAws;
  readonly clusters: readonly LabCluster[];
  /** The cluster of that name; throws when there is none. */
  cluster(name: string): LabCluster;
  /** Turns instances into nodes. */
  readonly nodes: Pick<NodeActuator, "suspend" | "resume">;
  /** Ids of every process that belongs to the lab. */
  processIds(): readonly number[];
  /** Kills everything at once and leaves nothing behind. Calling twice is safe. */
  stop(): Promise<void>;
}

/** What the clusters of a lab are started on. */
interface Ground {
  readonly options: LabOptions;
  readonly tools: ClusterTools;
  readonly processes: ProcessGroup;
  readonly etcdUrl: string;
  readonly emulator: Emulator;
  /** Stops what has been started when a later step fails, and becomes the lab's `stop`. */
  readonly starting: AsyncDisposableStack;
}

/**
 * Starts real control planes and the emulated cloud that owns them, and waits until every desired node is Ready.
 * Two clusters take about 5 s. Nothing outlives this process, however it ends. Rejects with the last log lines of
 * what failed. The AWS endpoint lives in this process: a synchronous wait for a child that uses it never ends.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const { progress } = options;
  const python = await resolveTool("ministack", { progress });
  const tools = await clusterTools(options.kubelet ?? "fake", progress);
  await using starting = new AsyncDisposableStack();
  const processes = await startProcessGroup();
  starting.defer(() => processes.stop());
  const etcdUrl = await startEtcd(processes, tools.etcd);
  const emulator = await startEmulator(processes, python);
  starting.defer(() => emulator.close());
  const front = await startFront(emulator.url);
  starting.defer(() => front.close());
  // What functions call is counted and hit by faults like everything else.
  await emulator.control("functions", { environment: { AWS_ENDPOINT_URL: front.url } });
  const started = await startClusters({ options, tools, processes, etcdUrl, emulator, starting });
  const nodes = startActuator(emulator, started.map(nodeOwner));
  starting.defer(() => nodes.stop());
  await Promise.all(started.map(({ kubernetes, spec }) => kubernetes.waitForNodes(desiredNodes(spec), 60_000)));
  const clusters = started.map(({ spec, kubernetes }) => labCluster(emulator, spec, kubernetes));
  const running = starting.move();
  const stop = (): Promise<void> => running.disposeAsync();
  return {
    environment: environmentOf(front, clusters[0]?.region),
    aws: labAws(emulator, front),
    clusters,
    cluster: (name) => clusterNamed(clusters, name),
    nodes,
    processIds: processes.processIds,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function clusterNamed(clusters: readonly LabCluster[], name: string): LabCluster {
  const found = clusters.find((each) => each.name === name);
  if (!found) throw new Error(`the lab has no cluster ${name}`);
  return found;
}

/** Starts all at once. Waits for each, also when one fails, because the others must be there to be stopped. */
async function startClusters(ground: Ground): Promise<readonly StartedCluster[]> {
  const starts = ground.options.clusters.map((spec, index) => startCluster(ground, spec, `c${index}`));
  await Promise.allSettled(starts);
  return Promise.all(starts);
}

interface StartedCluster {
  readonly spec: ClusterSpec;
  readonly kubernetes: KubernetesCluster;
}

/** `id` names files and keys; the cluster's own name may occur in several accounts. */
async function startCluster(ground: Ground, spec: ClusterSpec, id: string): Promise<StartedCluster> {
  const { options, tools, processes, etcdUrl, emulator } = ground;
  const kubernetes = await startKubernetesCluster(processes, {
    name: id,
    etcdUrl,
    tools,
    kubelet: options.kubelet ?? "fake",
    cniGate: options.cniGate,
    nodeMonitorGraceSeconds: options.nodeMonitorGraceSeconds,
    countCalls: options.countCalls,
    tokenReviewUrl: emulator.tokenReviewUrl(spec.account, spec.region, spec.name),
  });
  ground.starting.defer(() => kubernetes.close());
  await applyRbac(kubernetes.admin);
  await provisionCluster(emulator, spec, kubernetes);
  return { spec, kubernetes };
}

const nodeOwner = ({ spec, kubernetes }: StartedCluster) => ({
  ...spec,
  admin: kubernetes.admin,
  bootMs: Object.fromEntries(spec.groups.map(({ name, bootMs = 0 }) => [name, bootMs])),
});

const desiredNodes = ({ groups }: ClusterSpec): number => groups.reduce((sum, { desired }) => sum + desired, 0);

function labCluster(emulator: Emulator, spec: ClusterSpec, kubernetes: KubernetesCluster): LabCluster {
  const { name, account, region } = spec;
  const roleArn = spokeRoleArn(account);
  return {
    ...kubernetes,
    name,
    account,
    region,
    roleArn,
    group: (group) => groupControls(emulator, spec, group),
    patchCluster: async (fields) => {
      await emulator.control("patch-cluster", { account, region, cluster: name, fields });
    },
    removeAccessEntry: async () => {
      const { eks } = accountClients(emulator, spec);
      await eks.send(new DeleteAccessEntryCommand({ clusterName: name, principalArn: roleArn }));
    },
  };
}
