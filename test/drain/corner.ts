import { PatchStrategy, setHeaderOptions, type V1Node, type V1OwnerReference, type V1Pod, type V1PodDisruptionBudget } from "@kubernetes/client-node";
import assert from "node:assert/strict";

import { createKubernetes } from "../../runtime/adapters/kubernetes/kubernetes.js";
import type { TokenSource } from "../../runtime/adapters/kubernetes/transport.js";
import { createSystemClock } from "../../runtime/adapters/system/clock.js";
import { createSystemRandom } from "../../runtime/adapters/system/random.js";
import {
  drain,
  inspectDrain,
  type DrainForecast,
  type DrainReport,
  type DrainRequest,
  type DrainSettings,
} from "../../runtime/drain/index.js";
import type { Kubernetes } from "../../runtime/ports/index.js";
import type { KubernetesClients } from "../lab/cluster/clients.js";
import type { ControlPlane } from "../lab/control-plane.js";
import { until } from "../lab/until.js";
import { deployment, disruptionBudget, freshNamespace, isPodReady, pod, type PodOptions } from "../lab/workload.js";
import { settings } from "./fixtures.js";
import { recordAttempts, type Attempt } from "./recorder.js";

export const MERGE_PATCH = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const CORNER_LABEL = "lab/corner";

/** A pod that no controller made. */
interface BarePodOptions extends PodOptions {
  readonly owner?: V1OwnerReference;
}

/** What differs from an ordinary drain of all nodes of the corner. */
export interface CornerDrain {
  readonly settings?: Partial<DrainSettings>;
  readonly request?: Partial<DrainRequest>;
  readonly signal?: AbortSignal;
  readonly token?: TokenSource;
  /** URL in place of the API server's own. */
  readonly server?: string;
}

/** A drain under way. `report` rejects with what ended it. */
export interface Draining {
  readonly report: Promise<DrainReport>;
  /** What it drains with; may still be used afterwards. */
  readonly kubernetes: Kubernetes;
  readonly attempts: readonly Attempt[];
}

/** A part of a real cluster that one scenario has to itself: a namespace, and nodes on which only its pods run. */
export interface Corner {
  readonly namespace: string;
  readonly admin: KubernetesClients;
  /** Keeps pods on the corner's nodes. */
  readonly placement: PodOptions;
  /** Adds a Ready node of the corner and gives its full name. */
  addNode(name: string): Promise<string>;
  cordon(name: string, isCordoned: boolean): Promise<void>;
  readNode(name: string): Promise<V1Node>;
  /** A Deployment whose pods run on this corner's nodes; returns once they run, and are Ready where they ever are. */
  run(app: string, replicas: number, options?: PodOptions): Promise<void>;
  /** A pod that no controller makes, bound to this node past the scheduler; returns once it runs. */
  runBare(name: string, nodeName: string, options?: BarePodOptions): Promise<V1Pod>;
  /** Puts a budget over the pods of `app` and waits until its controller has counted them. */
  guard(app: string, spec: Parameters<typeof disruptionBudget>[2], name?: string): Promise<void>;
  readBudget(name: string): Promise<V1PodDisruptionBudget>;
  pods(app?: string): Promise<readonly V1Pod[]>;
  /** Ends a pod for the budgets' sake, as a Job's pod does. */
  finish(name: string): Promise<void>;
  inspect(given?: CornerDrain): Promise<DrainForecast>;
  /** Begins a drain on the real adapter, after making sure that budgets will be asked at all. */
  drain(given?: CornerDrain): Promise<Draining>;
  /** Lets go of the connections of all its drains. */
  close(): Promise<void>;
}

/** Opens a corner whose drains sign in with `token`. */
export async function openCorner({ admin, endpoint, caPem }: ControlPlane, token: string): Promise<Corner> {
  const namespace = await freshNamespace(admin);
  const { core, apps, policy } = admin;
  const placement = { nodeSelector: { [CORNER_LABEL]: namespace } };
  const clock = createSystemClock();
  const readPod = (name: string) => core.readNamespacedPod({ namespace, name });

  const pods = async (app?: string): Promise<readonly V1Pod[]> =>
    (await core.listNamespacedPod({ namespace, ...(app === undefined ? {} : { labelSelector: `app=${app}` }) })).items;

  const connections = new AsyncDisposableStack();

  function connect(given: CornerDrain): Kubernetes {
    const kubernetes = createKubernetes({
      server: given.server ?? endpoint,
      certificateAuthority: caPem,
      token: given.token ?? (() => Promise.resolve(token)),
      clock,
      describe: { cluster: "lab", region: "us-east-1", principal: null },
    });
    connections.defer(() => kubernetes.close());
    return kubernetes;
  }

  function requestOf(given: CornerDrain): DrainRequest {
    return {
      settings: settings(given.settings),
      isTarget: ({ labels }) => labels[CORNER_LABEL] === namespace,
      cordonedBefore: new Set(),
      cordonedByUs: new Set(),
      startedAt: clock.now(),
      ...given.request,
    };
  }

  const readBudget = (name: string) => policy.readNamespacedPodDisruptionBudget({ namespace, name });

  return {
    namespace,
    admin,
    placement,
    pods,
    readBudget,
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
    run: async (app, replicas, options = {}) => {
      const body = deployment({ namespace, name: app }, replicas, { ...placement, ...options });
      await apps.createNamespacedDeployment({ namespace, body });
      const isUp = options.annotations?.["lab/never-ready"] === "true" ? isRunning : isPodReady;
      await until(async () => (await pods(app)).filter(isUp).length === replicas);
    },
    runBare: async (name, nodeName, { owner, ...options } = {}) => {
      const body = pod({ namespace, name }, { ...options, nodeName });
      const metadata = { ...body.metadata, ...(owner && { ownerReferences: [owner] }) };
      await core.createNamespacedPod({ namespace, body: { ...body, metadata } });
      return until(async () => {
        const found = await readPod(name);
        return isRunning(found) && found;
      });
    },
    guard: async (app, spec, name = app) => {
      const body = disruptionBudget({ namespace, name }, app, spec);
      await policy.createNamespacedPodDisruptionBudget({ namespace, body });
      const count = (await pods(app)).length;
      await until(async () => {
        const { status } = await readBudget(name);
        return status?.observedGeneration !== undefined && status.expectedPods === count;
      });
    },
    finish: async (name) => {
      await core.patchNamespacedPodStatus({ namespace, name, body: { status: { phase: "Succeeded" } } }, MERGE_PATCH);
    },
    inspect: (given = {}) =>
      inspectDrain(requestOf(given), { kubernetes: connect(given), clock, random: createSystemRandom() }),
    drain: async (given = {}) => {
      await requireBudgetsToCount(admin, namespace);
      const { kubernetes, attempts } = recordAttempts(connect(given));
      const ports = { kubernetes, clock, random: createSystemRandom() };
      const signal = given.signal ?? new AbortController().signal;
      const report = drain(requestOf(given), ports, QUIET, { yieldAt: null, signal });
      return { report, kubernetes, attempts };
    },
    close: () => connections.disposeAsync(),
  };
}

const QUIET = {
  beforeCordon: () => Promise.resolve(),
  beforeScaleOwner: () => Promise.resolve(),
  keepAlive: () => Promise.resolve(),
  progress: () => undefined,
};

const isRunning = ({ status }: V1Pod): boolean => status?.phase === "Running";

const isNodeReady = ({ status }: V1Node): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;

/** A Pending pod is evicted past every budget, and a budget that counts no pod guards none (safe-cycle T6). */
async function requireBudgetsToCount({ core, policy }: KubernetesClients, namespace: string): Promise<void> {
  const pods = (await core.listNamespacedPod({ namespace })).items;
  const pending = pods.filter(({ status }) => status?.phase === "Pending").map(({ metadata }) => metadata?.name);
  assert.deepEqual(pending, [], "pods that no budget would be asked about");
  const budgets = (await policy.listNamespacedPodDisruptionBudget({ namespace })).items;
  const idle = budgets.filter(({ status }) => (status?.expectedPods ?? 0) === 0).map(({ metadata }) => metadata?.name);
  assert.deepEqual(idle, [], "budgets that count no pod");
}
