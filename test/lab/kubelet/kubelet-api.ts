import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { request } from "undici";
import type { KubernetesClients } from "../cluster/clients.js";
import { becomesReady } from "./behaviour.js";

/** Statuses after which there is nothing left to do: done, gone, or another object of that name. */
const SETTLED = new Set([200, 201, 404, 409]);
const CAPACITY = { cpu: "16", memory: "64Gi", pods: "110" };
const STRATEGIC_MERGE = "application/strategic-merge-patch+json";
const SERVER_SIDE_APPLY = "application/apply-patch+yaml";

/** What a kubelet tells the API server. Each gives true when it is settled, false when it must be tried again. */
export interface KubeletApi {
  renewLease(node: V1Node): Promise<boolean>;
  reportNode(node: V1Node, hasNetwork: boolean): Promise<boolean>;
  reportRunning(pod: V1Pod): Promise<boolean>;
  reportSucceeded(pod: V1Pod): Promise<boolean>;
  /** The final delete, which is refused for a pod of the same name with another UID. */
  removePod(pod: V1Pod): Promise<boolean>;
}

/** Speaks plain HTTP, because the objects in a watch are plain JSON and hundreds of patches per second pass here. */
export function createKubeletApi({ agent, server }: KubernetesClients, signal: AbortSignal): KubeletApi {
  const send = async (method: "PATCH" | "DELETE", path: string, contentType: string, content: object) => {
    const { statusCode, body } = await request(server + path, {
      dispatcher: agent,
      method,
      signal,
      headers: { "content-type": contentType },
      body: JSON.stringify(content),
    });
    await body.dump();
    return SETTLED.has(statusCode);
  };
  let addresses = 0;
  const nextPodIp = (): string => {
    addresses += 1;
    return `10.1.${(addresses >> 8) & 255}.${addresses & 255}`;
  };
  const patchPodStatus = (pod: V1Pod, status: object): Promise<boolean> =>
    send("PATCH", `${pathOf(pod)}/status`, STRATEGIC_MERGE, { metadata: { uid: pod.metadata?.uid }, status });
  return {
    renewLease: (node) => send("PATCH", leasePath(node), SERVER_SIDE_APPLY, lease(node)),
    reportNode: (node, hasNetwork) =>
      send("PATCH", `/api/v1/nodes/${node.metadata?.name ?? ""}/status`, STRATEGIC_MERGE, {
        metadata: { uid: node.metadata?.uid },
        status: nodeStatus(node, hasNetwork),
      }),
    reportRunning: (pod) => patchPodStatus(pod, runningStatus(pod, nextPodIp())),
    reportSucceeded: (pod) => patchPodStatus(pod, { phase: "Succeeded" }),
    // DELETE ignores options in the query when a body is sent, so all of them are in the body.
    removePod: (pod) =>
      send("DELETE", pathOf(pod), "application/json", {
        gracePeriodSeconds: 0,
        preconditions: { uid: pod.metadata?.uid },
      }),
  };
}

const pathOf = ({ metadata }: V1Pod): string =>
  `/api/v1/namespaces/${metadata?.namespace ?? ""}/pods/${metadata?.name ?? ""}`;

const now = (): string => new Date().toISOString();

const leasePath = (node: V1Node): string =>
  `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node.metadata?.name ?? ""}?fieldManager=lab&force=true`;

function lease({ metadata }: V1Node): object {
  const { name = "", uid = "" } = metadata ?? {};
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "kube-node-lease", ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }] },
    // A Lease counts microseconds.
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: now().replace("Z", "000Z") },
  };
}

function nodeStatus(node: V1Node, hasNetwork: boolean): object {
  const capacity = { ...CAPACITY, ...node.status?.capacity };
  const at = now();
  const condition = (type: string, status: boolean, reason: string, message: string): object => ({
    type,
    status: status ? "True" : "False",
    reason,
    message,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  });
  return {
    phase: "Running",
    capacity,
    allocatable: { ...capacity, ...node.status?.allocatable },
    addresses: [{ type: "Hostname", address: node.metadata?.name }],
    nodeInfo: NODE_INFO,
    conditions: [
      hasNetwork
        ? condition("Ready", true, "KubeletReady", "kubelet is posting ready status")
        : condition(
            "Ready",
            false,
            "KubeletNotReady",
            "container runtime network not ready: cni plugin not initialized",
          ),
      ...["MemoryPressure", "DiskPressure", "PIDPressure"].map((type) =>
        condition(type, false, "KubeletHasEnough", ""),
      ),
    ],
  };
}

const NODE_INFO = {
  kubeletVersion: "v1.36.3",
  operatingSystem: "linux",
  architecture: "amd64",
  containerRuntimeVersion: "fake",
  bootID: "",
  kernelVersion: "",
  kubeProxyVersion: "",
  machineID: "",
  osImage: "",
  systemUUID: "",
};

function runningStatus(pod: V1Pod, podIP: string): object {
  const at = now();
  const isReady = becomesReady(pod);
  const condition = (type: string, status: boolean): object => ({
    type,
    status: status ? "True" : "False",
    lastTransitionTime: at,
  });
  return {
    phase: "Running",
    startTime: at,
    podIP,
    conditions: [condition("Initialized", true), condition("Ready", isReady), condition("ContainersReady", isReady)],
    containerStatuses: (pod.spec?.containers ?? []).map(({ name, image }) => ({
      name,
      image,
      imageID: "",
      ready: isReady,
      restartCount: 0,
      state: { running: { startedAt: at } },
    })),
  };
}
