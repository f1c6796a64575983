import { AppsV1Api, CoreV1Api, PolicyV1Api } from "@kubernetes/client-node";
import type { ApiExchange, BudgetFacts, Clock, Kubernetes } from "../../ports/index.js";
import { createAsk, type Ask } from "./ask.js";
import { readBudgetFacts } from "./budget-facts.js";
import { listPages, PAGE_SIZE } from "./list-pages.js";
import { createPodList } from "./list-pods.js";
import { createNodes } from "./nodes.js";
import { createObjects } from "./objects.js";
import { createOwners } from "./owners.js";
import { createPodRemoval } from "./remove-pods.js";
import { createSend } from "./send.js";
import { translateError, type ClusterNames } from "./translate-error.js";
import { createTransport, type TokenSource } from "./transport.js";
import { createPodWarnings } from "./warn-of-pod.js";

interface KubernetesOptions {
  /** URL of the API server. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  /** The way to the server, closed with the adapter; absent: straight. */
  readonly exchange?: ApiExchange;
  readonly token: TokenSource;
  readonly clock: Clock;
  /** For one request; evictions get at least 15 s (safe-cycle 29). Default 30 s. */
  readonly requestTimeoutMs?: number;
  /** Names for messages to people. */
  readonly describe: Omit<ClusterNames, "server">;
}

const DEFAULT_REQUEST_TIMEOUT_MS = 30_000;

/**
 * The Kubernetes port over a real API server. Makes no call by itself; call `close` when done, or idle
 * connections keep the process alive for a minute.
 */
export function createKubernetes(options: KubernetesOptions): Kubernetes {
  const { server, clock, requestTimeoutMs = DEFAULT_REQUEST_TIMEOUT_MS } = options;
  const names: ClusterNames = { ...options.describe, server };
  const { configuration, close } = createTransport({ ...options, requestTimeoutMs });
  const core = new CoreV1Api(configuration);
  const ask = createAsk(clock, names);
  return {
    ...createNodes(core, ask),
    ...createPodList(core, ask),
    ...createPodRemoval({
      core,
      requestTimeoutMs,
      refusedSignIn: (error) => translateError(error, { verb: "create", resource: "pods/eviction" }, names),
    }),
    ...createOwners(new AppsV1Api(configuration), ask),
    listBudgets: () => listBudgets(new PolicyV1Api(configuration), ask),
    ...createPodWarnings(core, clock),
    objects: createObjects({ send: createSend(configuration), ask, clock, names }),
    close,
  };
}

async function listBudgets(policy: PolicyV1Api, ask: Ask): Promise<readonly BudgetFacts[]> {
  const budgets = await listPages((token) =>
    ask({ verb: "list", resource: "poddisruptionbudgets" }, () =>
      policy.listPodDisruptionBudgetForAllNamespaces({ limit: PAGE_SIZE, ...(token && { _continue: token }) }),
    ),
  );
  return budgets.map(readBudgetFacts);
}
