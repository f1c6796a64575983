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
import { freshNamespace } from "../lab/workload.js";
import { CORNER_LABEL, createArrangements, type Arrangements } from "./arrangements.js";
import { settings } from "./fixtures.js";
import { recordAttempts, type Attempt } from "./recorder.js";

/** What differs from an ordinary drain of all nodes of the corner. */
export interface CornerDrain {
  readonly settings?: Partial<DrainSettings>;
  readonly request?: Partial<DrainRequest>;
  readonly signal?: AbortSignal;
  readonly token?: TokenSource;
  /** URL in place of the API server's own. */
  readonly server?: string;
  /** Happens right before an eviction is sent; gets how many were answered so far. */
  readonly beforeEviction?: (answered: number) => Promise<void>;
}

/** A drain under way. `report` rejects with what ended it. */
export interface Draining {
  readonly report: Promise<DrainReport>;
  /** What it drains with; may still be used afterwards. */
  readonly kubernetes: Kubernetes;
  readonly attempts: readonly Attempt[];
}

/** A part of a real cluster that one scenario has to itself: a namespace, and nodes on which only its pods run. */
export interface Corner extends Arrangements {
  readonly namespace: string;
  readonly admin: KubernetesClients;
  inspect(): Promise<DrainForecast>;
  /** Begins a drain on the real adapter, after making sure that budgets will be asked at all. */
  drain(given?: CornerDrain): Promise<Draining>;
  /** Lets go of the connections of all its drains. */
  close(): Promise<void>;
}

/** Opens a corner whose drains sign in with `token`. */
export async function openCorner({ admin, endpoint, caPem }: ControlPlane, token: string): Promise<Corner> {
  const namespace = await freshNamespace(admin);
  const connections = new AsyncDisposableStack();
  const clock = createSystemClock();
  const random = createSystemRandom();

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

  const requestOf = (given: CornerDrain): DrainRequest => ({
    settings: settings(given.settings),
    isTarget: ({ labels }) => labels[CORNER_LABEL] === namespace,
    cordonedBefore: new Set(),
    cordonedByUs: new Set(),
    startedAt: clock.now(),
    ...given.request,
  });

  return {
    namespace,
    admin,
    ...createArrangements(admin, namespace),
    inspect: () => inspectDrain(requestOf({}), { kubernetes: connect({}), clock, random }),
    drain: async (given = {}) => {
      await requireBudgetsToCount(admin, namespace);
      const { kubernetes, attempts } = recordAttempts(connect(given), given.beforeEviction);
      const signal = given.signal ?? new AbortController().signal;
      const report = drain(requestOf(given), { kubernetes, clock, random }, QUIET, { yieldAt: null, signal });
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

/** A Pending pod is evicted past every budget, and a budget that counts no pod guards none (safe-cycle T6). */
async function requireBudgetsToCount({ core, policy }: KubernetesClients, namespace: string): Promise<void> {
  const pods = (await core.listNamespacedPod({ namespace })).items;
  const pending = pods.filter(({ status }) => status?.phase === "Pending").map(({ metadata }) => metadata?.name);
  assert.deepEqual(pending, [], "pods that no budget would be asked about");
  const budgets = (await policy.listNamespacedPodDisruptionBudget({ namespace })).items;
  const idle = budgets.filter(({ status }) => (status?.expectedPods ?? 0) === 0).map(({ metadata }) => metadata?.name);
  assert.deepEqual(idle, [], "budgets that count no pod");
}
