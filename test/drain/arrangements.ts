import {
  PatchStrategy,
  setHeaderOptions,
  type V1Node,
  type V1OwnerReference,
  type V1Pod,
  type V1PodDisruptionBudget,
} from "@kubernetes/client-node";

import type { KubernetesClients } from "../lab/cluster/clients.js";
import { until } from "../lab/until.js";
import { deployment, disruptionBudget, isPodReady, pod, type PodOptions } from "../lab/workload.js";

export const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const STRATEGIC_MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);

/** Nodes of a corner carry it, with the corner's namespace. */
export const CORNER_LABEL = "lab/corner";

/** A pod that no controller made. */
interface BarePodOptions extends PodOptions {
  readonly owner?: V1OwnerReference;
}

/** Small verbs to arrange a corner with. */
export interface Arrangements {
  /** Keeps pods on the corner's nodes. */
  readonly placement: PodOptions;
  /** Adds a Ready node of the corner and gives its full name. */
  addNode(name: string): Promise<string>;
  cordon(name: string, isCordoned: boolean): Promise<void>;
  readNode(name: string): Promise<V1Node>;
  /** A Deployment whose pods run on this corner's nodes; returns once they run, and are Ready where they ever are. */
  run(app: string, replicas: number, options?: PodOptions): Promise<void>;
  /** A pod that no controller makes, bound to this node past the scheduler. A drain under way may remove it at once. */
  bindBare(name: string, nodeName: string, options?: BarePodOptions): Promise<void>;
  /** The same on a quiet node: returns once it runs. */
  runBare(name: string, nodeName: string, options?: BarePodOptions): Promise<V1Pod>;
  /** Lets a pod end by itself, as a Job's pod does. */
  finish(name: string): Promise<void>;
  /** Puts a budget over the pods of `app` and waits until its controller has counted them and the healthy among them. */
  guard(app: string, spec: Parameters<typeof disruptionBudget>[2], name?: string): Promise<void>;
  readBudget(name: string): Promise<V1PodDisruptionBudget>;
  pods(app?: string): Promise<readonly V1Pod[]>;
}

/** Everything is made in `namespace`, which is there already. */
export function createArrangements(admin: KubernetesClients, namespace: string): Arrangements {
  const { core, policy } = admin;
  const pods = async (app?: string): Promise<readonly V1Pod[]> =>
    (await core.listNamespacedPod({ namespace, ...(app === undefined ? {} : { labelSelector: `app=${app}` }) })).items;
  const readBudget = (name: string) => policy.readNamespacedPodDisruptionBudget({ namespace, name });
  return {
    ...createNodes(admin, namespace),
    ...createPods(admin, namespace, pods),
    pods,
    readBudget,
    guard: async (app, spec, name = app) => {
      const body = disruptionBudget({ namespace, name }, app, spec);
      await policy.createNamespacedPodDisruptionBudget({ namespace, body });
      const covered = await pods(app);
      const healthy = covered.filter(isPodReady).length;
      await until(async () => {
        const { status } = await readBudget(name);
        return status?.expectedPods === covered.length && status.currentHealthy === healthy;
      });
    },
  };
}

function createNodes(
  { core }: KubernetesClients,
  namespace: string,
): Pick<Arrangements, "addNode" | "cordon" | "readNode"> {
  return {
    addNode: async (name) => {
      const fullName = `${namespace}-${name}`;
      const labels = { "lab/kubelet": "fake", [CORNER_LABEL]: namespace };
      await core.createNode({ body: { metadata: { name: fullName, labels } } });
      await until(async () => isNodeReady(await core.readNode({ name: fullName })));
      return fullName;
    },
    cordon: async (name, unschedulable) => {
      await core.patchNode({ name, body: { spec: { unschedulable } } }, MERGE_PATCH);
    },
    readNode: (name) => core.readNode({ name }),
  };
}

function createPods(
  { core, apps }: KubernetesClients,
  namespace: string,
  pods: Arrangements["pods"],
): Pick<Arrangements, "placement" | "run" | "bindBare" | "runBare" | "finish"> {
  const placement = { nodeSelector: { [CORNER_LABEL]: namespace } };
  const bindBare: Arrangements["bindBare"] = async (name, nodeName, { owner, ...options } = {}) => {
    const body = pod({ namespace, name }, { ...options, nodeName });
    if (owner && body.metadata) body.metadata.ownerReferences = [owner];
    await core.createNamespacedPod({ namespace, body });
  };
  return {
    placement,
    bindBare,
    run: async (app, replicas, options = {}) => {
      const body = deployment({ namespace, name: app }, replicas, { ...placement, ...options });
      await apps.createNamespacedDeployment({ namespace, body });
      const isUp = options.annotations?.["lab/never-ready"] === "true" ? isRunning : isPodReady;
      await until(async () => (await pods(app)).filter(isUp).length === replicas);
    },
    runBare: async (name, nodeName, options) => {
      await bindBare(name, nodeName, options);
      return until(async () => {
        const found = await core.readNamespacedPod({ namespace, name });
        return isRunning(found) && found;
      });
    },
    finish: async (name) => {
      const conditions = [{ type: "Ready", status: "False", reason: "PodCompleted" }];
      const body = { status: { phase: "Succeeded", conditions } };
      await core.patchNamespacedPodStatus({ namespace, name, body }, STRATEGIC_MERGE_PATCH);
    },
  };
}

const isRunning = ({ status }: V1Pod): boolean => status?.phase === "Running";

const isNodeReady = ({ status }: V1Node): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
