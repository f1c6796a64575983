import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesClients } from "../cluster/clients.js";
import {
  bootDelayMs,
  isAlive,
  isCni,
  isJobPod,
  isReady,
  jobDurationMs,
  shutdownDelayMs,
  startDelayMs,
} from "./behaviour.js";
import { createKubeletApi, type KubeletApi } from "./kubelet-api.js";
import { watch, type Watched } from "./watch.js";

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;

export interface FakeKubeletOptions {
  readonly cniGate: boolean;
  /** Time between two renewals of each node's lease. */
  readonly leaseMs: number;
}

interface Task {
  readonly key: string;
  /** How long to wait before the first attempt. */
  readonly delayMs: number;
  /** True when the task no longer makes sense. */
  readonly isStale: () => boolean;
  /** Gives true when it is done. */
  readonly attempt: () => Promise<boolean>;
}

/** Everything the rules below need to see and do. */
interface Kubelet {
  readonly options: FakeKubeletOptions;
  readonly api: KubeletApi;
  readonly nodes: () => Iterable<V1Node>;
  readonly pods: () => ReadonlyMap<string, V1Pod>;
  readonly nodeNamed: (name: string | undefined) => V1Node | undefined;
  /**
   * Runs a task until it succeeds or is stale, unless one with its key is under way.
   * A kubelet never gives up, so a webhook that refuses for a while only delays.
   */
  readonly persist: (task: Task) => void;
}

/**
 * Plays the kubelet of every node labelled for it: makes nodes Ready and keeps them so, starts pods, ends pods.
 * What each pod and node does is in its annotations (behaviour.ts).
 */
export function startFakeKubelet(clients: KubernetesClients, options: FakeKubeletOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const stores: { nodes?: Watched<V1Node>; pods?: Watched<V1Pod> } = {};
  const nodes = (): Iterable<V1Node> => stores.nodes?.objects.values() ?? [];
  const kubelet: Kubelet = {
    options,
    api: createKubeletApi(clients, stopping.signal),
    nodes,
    pods: () => stores.pods?.objects ?? new Map<string, V1Pod>(),
    nodeNamed: (name) => [...nodes()].find((node) => node.metadata?.name === name),
    persist: createPersist(stopping.signal),
  };
  stores.nodes = watch<V1Node>(clients, "/api/v1/nodes", (node) => onNode(kubelet, node));
  stores.pods = watch<V1Pod>(clients, "/api/v1/pods", (pod) => onPod(kubelet, pod));
  const leases = renewLeases(kubelet, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([stores.nodes?.stop(), stores.pods?.stop(), leases]);
    },
  };
}

function createPersist(signal: AbortSignal): Kubelet["persist"] {
  const busy = new Set<string>();
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
  const run = async ({ delayMs, isStale, attempt }: Task): Promise<void> => {
    if (delayMs > 0) await pause(delayMs);
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted && !isStale() && !(await attempt().catch(() => false))) {
      await pause(retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  };
  return (task) => {
    if (busy.has(task.key)) return;
    busy.add(task.key);
    void run(task).finally(() => busy.delete(task.key));
  };
}

function onNode(kubelet: Kubelet, node: V1Node): void {
  if (!isAlive(node)) return;
  const { name, uid } = node.metadata ?? {};
  if (!isReady(node)) {
    kubelet.persist({
      key: `boot ${uid ?? ""}`,
      // A node that was Ready before is back, not new.
      delayMs: node.status?.conditions ? 0 : bootDelayMs(node),
      isStale: () => kubelet.nodeNamed(name)?.metadata?.uid !== uid,
      attempt: () => bringUp(kubelet, node),
    });
  }
  for (const pod of kubelet.pods().values()) if (pod.spec?.nodeName === name) onPod(kubelet, pod);
}

/** Reports a node, and is done once it is Ready, which takes a running CNI pod where the gate is on. */
async function bringUp(kubelet: Kubelet, node: V1Node): Promise<boolean> {
  const hasNetwork = networkIsUp(kubelet, node.metadata?.name);
  await kubelet.api.renewLease(node);
  const isReported = await kubelet.api.reportNode(node, hasNetwork);
  return hasNetwork && isReported;
}

function networkIsUp(kubelet: Kubelet, nodeName: string | undefined): boolean {
  if (!kubelet.options.cniGate) return true;
  return [...kubelet.pods().values()].some(
    (pod) => isCni(pod) && pod.spec?.nodeName === nodeName && pod.status?.phase === "Running" && !deadlineOf(pod),
  );
}

/** When a terminating pod must be gone, in the API's words; undefined while it is not terminating. */
const deadlineOf = (pod: V1Pod): string | undefined =>
  pod.metadata?.deletionTimestamp && String(pod.metadata.deletionTimestamp);

function onPod(kubelet: Kubelet, pod: V1Pod): void {
  const node = kubelet.nodeNamed(pod.spec?.nodeName);
  if (!node || !isAlive(node)) return;
  if (deadlineOf(pod)) endPod(kubelet, pod);
  else if (pod.status?.phase === "Pending") startPod(kubelet, pod);
  else if (pod.status?.phase === "Running" && isJobPod(pod)) completePod(kubelet, pod);
}

const keyOf = (verb: string, pod: V1Pod): string => `${verb} ${pod.metadata?.uid ?? ""}`;

/** A task for a pod is stale when the pod is gone, when its node's plug was pulled, or when its deadline changed. */
function isStale(kubelet: Kubelet, pod: V1Pod): boolean {
  const current = kubelet.pods().get(pod.metadata?.uid ?? "");
  const node = kubelet.nodeNamed(pod.spec?.nodeName);
  return !current || !node || !isAlive(node) || deadlineOf(current) !== deadlineOf(pod);
}

function startPod(kubelet: Kubelet, pod: V1Pod): void {
  kubelet.persist({
    key: keyOf("start", pod),
    delayMs: startDelayMs(pod),
    isStale: () => isStale(kubelet, pod),
    attempt: async () => {
      if (!pod.spec?.hostNetwork && !networkIsUp(kubelet, pod.spec?.nodeName)) return false;
      return kubelet.api.reportRunning(pod);
    },
  });
}

function completePod(kubelet: Kubelet, pod: V1Pod): void {
  kubelet.persist({
    key: keyOf("complete", pod),
    delayMs: jobDurationMs(pod),
    isStale: () => isStale(kubelet, pod),
    attempt: () => kubelet.api.reportSucceeded(pod),
  });
}

function endPod(kubelet: Kubelet, pod: V1Pod): void {
  const delayMs = shutdownDelayMs(pod, Date.now());
  if (delayMs === undefined || pod.metadata?.finalizers?.length) return;
  kubelet.persist({
    // The deadline is part of the key: a second delete may tighten it while the first one waits.
    key: keyOf(`end by ${deadlineOf(pod) ?? ""}`, pod),
    delayMs,
    isStale: () => isStale(kubelet, pod),
    attempt: () => kubelet.api.removePod(pod),
  });
}

async function renewLeases(kubelet: Kubelet, signal: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(kubelet.options.leaseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const alive = [...kubelet.nodes()].filter((node) => isAlive(node) && node.status?.conditions);
    await Promise.all(alive.map((node) => kubelet.api.renewLease(node).catch(() => undefined)));
  }
}
