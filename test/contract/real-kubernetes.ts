import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createAwsClients } from "../../runtime/adapters/aws/clients.js";
import { createEksTokens } from "../../runtime/adapters/aws/eks-token.js";
import { createKubernetes } from "../../runtime/adapters/kubernetes/kubernetes.js";
import type { TokenSource } from "../../runtime/adapters/kubernetes/transport.js";
import { createSystemClock } from "../../runtime/adapters/system/clock.js";
import type { ApiExchange, Kubernetes } from "../../runtime/ports/index.js";
import { setEnvironment } from "../adapters/aws/environment.js";
import { startLab, type LabCluster } from "../lab/index.js";
import { CURFEW_GROUP } from "../lab/cluster/rbac.js";
import type { LabProcess } from "../lab/process/process-group.js";
import { until } from "../lab/until.js";
import { freshNamespace } from "../lab/workload.js";
import type { KubernetesFixture, KubernetesLab } from "./kubernetes-fixture.js";
import { createAnyObjects } from "./real-any-objects.js";
import { createGuards } from "./real-guards.js";
import { createObjects } from "./real-objects.js";
import { throttleEvictions } from "./real-throttle.js";
import { createWebhooks } from "./real-webhooks.js";
import { createWorkloads } from "./real-workloads.js";
import { settle } from "./real-settle.js";

type Caller = Parameters<KubernetesFixture["as"]>[0];

/** Nothing listens on this port of the loopback address. */
const DEAD_END = "https://127.0.0.1:1";
const CLUSTER = { name: "payments", account: "111111111111", region: "us-east-1" };

/** Makes a way to an API server other than the adapter's own connection. */
export type OpenExchange = (server: {
  readonly endpoint: string;
  readonly certificateAuthority: string;
}) => ApiExchange;

/** The Kubernetes adapter over a real API server, signed in with tokens as EKS takes them. */
export async function startRealKubernetes(openExchange?: OpenExchange): Promise<KubernetesLab> {
  await using starting = new AsyncDisposableStack();
  const lab = await startLab({ clusters: [{ ...CLUSTER, groups: [] }] });
  starting.defer(() => lab.stop());
  starting.defer(setEnvironment(lab.environment));
  const cluster = lab.cluster(CLUSTER.name);
  await allowTestTypes(cluster);
  const connect = await createConnections(cluster, openExchange);
  starting.defer(() => connect.close());
  const running = starting.move();
  return { open: () => openFixture(cluster, connect), close: () => running.disposeAsync() };
}

/** Curfew's own rights end at what it needs; the suite also has it change objects of no consequence. */
async function allowTestTypes({ admin: { rbac } }: LabCluster): Promise<void> {
  const metadata = { name: "contract" };
  const apiGroup = "rbac.authorization.k8s.io";
  const verbs = ["get", "list", "create", "patch", "delete"];
  await rbac.createClusterRole({
    body: {
      metadata,
      rules: [
        { apiGroups: [""], resources: ["configmaps"], verbs },
        { apiGroups: ["lab.test"], resources: ["*"], verbs },
      ],
    },
  });
  const subjects = [{ apiGroup, kind: "Group", name: CURFEW_GROUP }];
  const roleRef = { apiGroup, kind: "ClusterRole", name: metadata.name };
  await rbac.createClusterRoleBinding({ body: { metadata, subjects, roleRef } });
}

interface Connections {
  readonly curfew: Kubernetes;
  readonly as: (caller: Caller) => Kubernetes;
  readonly close: () => Promise<void>;
}

/** One connection for each caller that the suite knows. */
async function createConnections(cluster: LabCluster, openExchange?: OpenExchange): Promise<Connections> {
  const clock = createSystemClock();
  const clients = createAwsClients({ clock, operationId: "contract" });
  const { caPem: certificateAuthority } = cluster;
  const connect = (token: TokenSource, server = cluster.endpoint): Kubernetes =>
    createKubernetes({
      server,
      certificateAuthority,
      ...(openExchange && { exchange: openExchange({ endpoint: server, certificateAuthority }) }),
      token,
      clock,
      describe: { cluster: cluster.name, region: cluster.region, principal: cluster.roleArn },
    });
  const tokensWith = (access: { readonly roleArn?: string }): TokenSource => {
    const { credentials } = clients.clientsFor(cluster, access);
    return createEksTokens({ cluster: cluster.name, region: cluster.region, credentials, clock });
  };
  const curfewTokens = tokensWith({ roleArn: cluster.roleArn });
  const unprivilegedToken = await serviceAccountToken(cluster);
  const callers: Record<Caller, Kubernetes> = {
    // The hub's own identity has no access entry.
    stranger: connect(tokensWith({})),
    unprivileged: connect(() => Promise.resolve(unprivilegedToken)),
    "cut-off": connect(curfewTokens, DEAD_END),
  };
  const curfew = connect(curfewTokens);
  return {
    curfew,
    as: (caller) => callers[caller],
    close: async () => {
      await Promise.all([curfew, ...Object.values(callers)].map((each) => each.close()));
      clients.close();
    },
  };
}

/** A token of somebody whom the server knows and who may do nothing. */
async function serviceAccountToken({ admin: { core } }: LabCluster): Promise<string> {
  const account = { namespace: "default", name: "nobody" };
  await core.createNamespacedServiceAccount({ namespace: account.namespace, body: { metadata: account } });
  const { status } = await core.createNamespacedServiceAccountToken({ ...account, body: { spec: { audiences: [] } } });
  return status?.token ?? "";
}

async function openFixture(cluster: LabCluster, { curfew, as }: Connections): Promise<KubernetesFixture> {
  const { admin, processes } = cluster;
  const namespace = await freshNamespace(admin);
  const objects = createObjects(admin, namespace);
  const workloads = createWorkloads(admin, namespace);
  const webhooks = createWebhooks(admin, namespace);
  const anything = createAnyObjects(admin, namespace);
  const guards = createGuards(admin, namespace);
  return {
    kubernetes: curfew,
    namespace,
    as,
    ...objects.verbs,
    ...workloads.verbs,
    // The disruption controller is a part of this process; what else it does stands still as well.
    pauseBudgetController: () => pause(processes.controllerManager),
    resumeBudgetController: () => processes.controllerManager.signal("SIGCONT"),
    breakWebhook: webhooks.break,
    mendWebhook: webhooks.mend,
    ...anything.verbs,
    guardConfigMaps: guards.put,
    throttleEvictions: () => throttleEvictions(admin, namespace),
    settle: () => settle(admin, namespace),
    now: () => Date.now(),
    wait: (ms) => sleep(ms),
    dispose: async () => {
      processes.controllerManager.signal("SIGCONT");
      await webhooks.mendAll();
      await guards.removeAll();
      await anything.removeAll();
      // Workloads first, or they would make new pods.
      await workloads.removeAll();
      await objects.removeAll();
    },
  };
}

/** Signals reach a process by way of its supervisor, so this waits until the system shows it as stopped. */
async function pause({ pid, signal }: LabProcess): Promise<void> {
  signal("SIGSTOP");
  await until(async () => (await readFile(`/proc/${pid}/stat`, "utf8")).includes(") T "));
}
