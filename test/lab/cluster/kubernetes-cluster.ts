import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCertificateAuthority } from "../pki.js";
import { startKubelet, type KubeletKind } from "../kubelet/kubelet.js";
import type { LabProcess, ProcessGroup } from "../process/process-group.js";
import { ensureTools, type Progress } from "../tools/resolve.js";
import { startApiServer } from "./api-server.js";
import { countCalls, readCallLog, type CountedCall, type LoggedCall } from "./audit.js";
import { createClients, type KubernetesClients } from "./clients.js";
import { startControllers } from "./controllers.js";
import { startEgress, type Egress } from "./egress.js";
import { kubeconfigText } from "./kubeconfig.js";

/** Paths of the programs that one cluster is made of. */
export type ClusterTools = Readonly<
  Record<"etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok", string>
>;

/** Finds or builds them; kwok only when it is asked for. */
export async function clusterTools(kubelet: KubeletKind, progress?: Progress): Promise<ClusterTools> {
  const needed = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;
  const tools = await ensureTools(needed, { progress });
  const kwok = kubelet === "kwok" ? await ensureTools(["kwok"], { progress }) : { kwok: "" };
  return { ...tools, ...kwok };
}

export interface KubernetesClusterOptions {
  readonly name: string;
  readonly etcdUrl: string;
  readonly tools: ClusterTools;
  readonly kubelet: KubeletKind;
  /** A node is Ready only while an `aws-node` pod runs on it, and only pods on the host's network start before. */
  readonly cniGate?: boolean | undefined;
  readonly nodeMonitorGraceSeconds?: number | undefined;
  readonly countCalls?: boolean | undefined;
  readonly tokenReviewUrl?: string | undefined;
}

/** One real control plane with fake nodes. */
export interface KubernetesCluster {
  readonly name: string;
  readonly endpoint: string;
  readonly caPem: string;
  readonly adminKubeconfigPath: string;
  /** Clients as cluster admin. */
  readonly admin: KubernetesClients;
  readonly egress: Egress;
  /** The control plane's processes, to stop and continue (SIGSTOP, SIGCONT) or kill them. */
  readonly processes: Readonly<Record<"apiServer" | "controllerManager" | "scheduler", LabProcess>>;
  /** Writes a kubeconfig for a client certificate with this user and these groups; gives its path. */
  kubeconfigFor(user: string, groups: readonly string[]): Promise<string>;
  /** Waits until exactly `count` nodes are there and Ready; rejects after `timeoutMs`. */
  waitForNodes(count: number, timeoutMs?: number): Promise<void>;
  /** Requests the API server has answered so far; empty unless `countCalls` was set. */
  calls(): Promise<readonly CountedCall[]>;
  /** The same one by one, with their times. */
  callLog(): Promise<readonly LoggedCall[]>;
  /** Ends what runs in this process: clients, egress, fake kubelet. The rest ends with the process group. */
  close(): Promise<void>;
}

/** Starts API server, controller manager, scheduler and a fake kubelet, and waits until the API is ready. */
export async function startKubernetesCluster(
  processes: ProcessGroup,
  options: KubernetesClusterOptions,
): Promise<KubernetesCluster> {
  const { name, tools } = options;
  const authority = await createCertificateAuthority(`${name}-ca`);
  const egressSocket = join(processes.folder, `${name}.sock`);
  const egress = await startEgress(egressSocket);
  const apiServer = await startApiServer(processes, {
    ...options,
    authority,
    egressSocket,
    program: tools["kube-apiserver"],
  });
  const { endpoint } = apiServer;
  const kubeconfigFor = async (user: string, groups: readonly string[]): Promise<string> => {
    const text = kubeconfigText(endpoint, authority.certificatePem, await authority.issueClient(user, groups));
    const path = join(processes.folder, `${name}-${user}.kubeconfig`);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const adminKubeconfigPath = await kubeconfigFor("admin", ["system:masters"]);
  const admin = createClients(adminKubeconfigPath);
  const controllers = await startControllers(processes, {
    ...options,
    apiServer,
    authority,
    controllerManager: tools["kube-controller-manager"],
    scheduler: tools["kube-scheduler"],
  });
  const kubelet = await startKubelet(processes, { ...options, kwok: tools.kwok, adminKubeconfigPath, clients: admin });
  return {
    name,
    endpoint,
    caPem: authority.certificatePem,
    adminKubeconfigPath,
    admin,
    egress,
    processes: { apiServer: apiServer.process, ...controllers },
    kubeconfigFor,
    waitForNodes: (count, timeoutMs = 30_000) => waitForNodes(admin, count, timeoutMs),
    calls: () => countCalls(processes.folder, name),
    callLog: () => readCallLog(processes.folder, name),
    close: async () => {
      await kubelet.stop();
      egress.close();
      await admin.close();
    },
  };
}

async function waitForNodes(admin: KubernetesClients, count: number, timeoutMs: number): Promise<void> {
  const deadlineAt = performance.now() + timeoutMs;
  for (;;) {
    const nodes = (await admin.core.listNode()).items;
    const ready = nodes.filter((node) =>
      node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
    );
    if (nodes.length === count && ready.length === count) return;
    if (performance.now() > deadlineAt) {
      throw new Error(`wanted ${count} ready nodes, ${nodes.length} are there and ${ready.length} are ready`);
    }
    await sleep(50);
  }
}
