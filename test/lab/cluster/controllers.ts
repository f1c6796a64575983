import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts } from "../process/free-ports.js";
import type { CertificateAuthority } from "../pki.js";
import type { LabProcess, ProcessGroup } from "../process/process-group.js";
import type { ApiServer } from "./api-server.js";
import { kubeconfigText } from "./kubeconfig.js";

/** What the clusters of a lab need; the rest (volumes, certificates, tokens …) only costs time. */
const CONTROLLERS = [
  "deployment",
  "replicaset",
  "statefulset",
  "daemonset",
  "job",
  "cronjob",
  "disruption",
  "pod-garbage-collector",
  "garbage-collector",
  "namespace",
  "node-lifecycle",
  "taint-eviction",
  "endpointslice",
  "serviceaccount",
  "horizontal-pod-autoscaler",
];

export interface ControllerOptions {
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly name: string;
  readonly apiServer: ApiServer;
  readonly authority: CertificateAuthority;
  /** How long a node may be silent before it counts as lost. */
  readonly nodeMonitorGraceSeconds?: number | undefined;
}

export interface Controllers {
  readonly controllerManager: LabProcess;
  readonly scheduler: LabProcess;
}

const FAST_CLIENT = ["--leader-elect=false", "--kube-api-qps=500", "--kube-api-burst=1000", "--profiling=false"];

/** Starts kube-controller-manager and kube-scheduler. They need no waiting for: they work as soon as they can. */
export async function startControllers(processes: ProcessGroup, options: ControllerOptions): Promise<Controllers> {
  const [managerPort, schedulerPort] = await freePorts(2);
  const kubeconfig = async (user: string, groups: readonly string[]): Promise<string> => {
    const path = join(processes.folder, `${options.name}-${user.replace("system:", "")}.kubeconfig`);
    const certificate = await options.authority.issueClient(user, groups);
    const text = kubeconfigText(options.apiServer.endpoint, options.authority.certificatePem, certificate);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const ca = join(processes.folder, `${options.name}-ca.crt`);
  // Without system:masters it silently can neither remove taints nor create pods (lab facts §3).
  const managerConfig = await kubeconfig("system:kube-controller-manager", ["system:masters"]);
  const controllerManager = await processes.start({
    name: `${options.name}-controller-manager`,
    program: options.controllerManager,
    args: [
      `--kubeconfig=${managerConfig}`,
      ...FAST_CLIENT,
      "--bind-address=127.0.0.1",
      `--secure-port=${String(managerPort)}`,
      `--service-account-private-key-file=${options.apiServer.serviceAccountKeyPath}`,
      `--root-ca-file=${ca}`,
      `--controllers=${CONTROLLERS.map((name) => `${name}-controller`).join(",")}`,
      "--node-monitor-period=1s",
      `--node-monitor-grace-period=${String(options.nodeMonitorGraceSeconds ?? 40)}s`,
      "--concurrent-replicaset-syncs=10",
    ],
  });
  const scheduler = await processes.start({
    name: `${options.name}-scheduler`,
    program: options.scheduler,
    args: [
      `--kubeconfig=${await kubeconfig("system:kube-scheduler", [])}`,
      ...FAST_CLIENT,
      "--bind-address=127.0.0.1",
      `--secure-port=${String(schedulerPort)}`,
    ],
  });
  return { controllerManager, scheduler };
}
