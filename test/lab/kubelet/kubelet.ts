import type { KubernetesClients } from "../cluster/clients.js";
import { freePorts } from "../process/free-ports.js";
import type { ProcessGroup } from "../process/process-group.js";
import { packagePath } from "../package-path.js";
import { KUBELET_LABEL } from "./label.js";
import { startFakeKubelet } from "./fake-kubelet.js";

/**
 * Who plays the kubelets. `fake` is ours: it retries like a kubelet, never deletes a pod of another UID and knows
 * every knob. `kwok` is cheaper in bulk, but gives up on a delete that was answered 403, 409 or 500.
 */
export type KubeletKind = "fake" | "kwok";

export interface KubeletOptions {
  readonly name: string;
  readonly kubelet: KubeletKind;
  readonly kwok: string;
  readonly adminKubeconfigPath: string;
  readonly clients: KubernetesClients;
  readonly cniGate?: boolean | undefined;
  readonly nodeMonitorGraceSeconds?: number | undefined;
}

/** Starts the kubelets of one cluster. */
export async function startKubelet(
  processes: ProcessGroup,
  options: KubeletOptions,
): Promise<{ stop(): Promise<void> }> {
  const graceSeconds = options.nodeMonitorGraceSeconds ?? 40;
  if (options.kubelet === "fake") {
    // A lease renewed three times within the grace period: later than that and nodes flap (lab facts, pitfalls).
    return startFakeKubelet(options.clients, {
      cniGate: options.cniGate ?? false,
      leaseMs: (graceSeconds / 4) * 1_000,
    });
  }
  const [port] = await freePorts(1);
  await processes.start({
    name: `${options.name}-kwok`,
    program: options.kwok,
    args: [
      `--kubeconfig=${options.adminKubeconfigPath}`,
      `--config=${packagePath("test/lab/kubelet/kwok-stages.yaml")}`,
      `--manage-nodes-with-label-selector=${KUBELET_LABEL}=fake`,
      `--node-lease-duration-seconds=${graceSeconds}`,
      `--server-address=127.0.0.1:${String(port)}`,
    ],
  });
  return { stop: () => Promise.resolve() };
}
