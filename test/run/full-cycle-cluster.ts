import type { MemoryCluster } from "../../runtime/adapters/memory/cluster.js";
import {
  ARGO_APPLICATIONS,
  CRON_JOBS,
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  JOBS,
  LEASES,
  MARK,
  MUTATING_WEBHOOKS,
  NAMESPACES,
  NODE_POOLS,
  PERSISTENT_VOLUMES,
  SCALED_OBJECTS,
  STATEFUL_SETS,
  VALIDATING_WEBHOOKS,
  VOLUME_ATTACHMENTS,
  type SettingsInput,
} from "../../runtime/cycle/index.js";
import type { ApiObject, Clock, ResourceType } from "../../runtime/ports/index.js";
import { installKarpenter } from "../measures/twin-karpenter.js";
import { configuration, entry, namespace, slice } from "../webhooks/builders.js";
import { runFixture, type RunFixture } from "./fixture.js";

/** A cluster with one of everything that a night holds still. */
export interface FullCluster extends RunFixture {
  /** Everything that must be the same in the morning: sizes, processes, replicas and every field that is amended. */
  readonly held: () => Promise<object>;
  /** Objects that still say that a cycle amended them. */
  readonly marked: () => readonly string[];
}

/** Every measure applied, even those that are only reported unless asked for. */
export const EVERYTHING: SettingsInput = {
  measures: { gitops: "apply" },
  jobs: { policy: "suspend" },
  drain: { policy: "scale-owners", timeoutSeconds: 120 },
  webhooks: { restoreTimeoutSeconds: 300 },
  leaseSeconds: 30,
  nodesStableSeconds: 1,
};

const AUTOSCALER = { namespace: "kube-system", name: "cluster-autoscaler" };
const GUARD = { namespace: "guard", name: "guard-svc" };
const DELIVERED = { "argocd.argoproj.io/tracking-id": "web:batch/CronJob:shop/report" };
const LOOK_MS = 5_000;

/** Types whose objects a night amends. */
const AMENDED: readonly ResourceType[] = [
  ARGO_APPLICATIONS,
  CRON_JOBS,
  DEPLOYMENTS,
  JOBS,
  MUTATING_WEBHOOKS,
  NODE_POOLS,
  SCALED_OBJECTS,
  STATEFUL_SETS,
  VALIDATING_WEBHOOKS,
];

/** Builds it, awake. What a person had paused, suspended or scaled to 0 is among it. */
export function fullCluster(): FullCluster {
  const fixture = runFixture();
  const { cluster, ports } = fixture;
  addWorkloads(cluster);
  addScheduled(cluster);
  addWebhooks(cluster);
  cluster.suspendProcesses("asg/batch", ["HealthCheck"]);
  const karpenter = installKarpenter(cluster);
  karpenter.addPool("open", {}, 1);
  karpenter.addPool("static", { replicas: 1, limits: { nodes: 3 } }, 1);
  startControllers(cluster, ports.clock);
  return {
    ...fixture,
    held: async () => ({
      sizes: await fixture.sizes(),
      suspended: (await cluster.capacity.listGroups()).map(({ observed }) => observed?.suspendedProcesses),
      objects: AMENDED.flatMap((type) => cluster.objects.all(type).map(intent)),
    }),
    marked: () =>
      AMENDED.flatMap((type) => cluster.objects.all(type))
        .filter(({ metadata }) => metadata.annotations?.[MARK] !== undefined)
        .map(({ kind, metadata: { name } }) => `${kind} ${name}`),
  };
}

/** What its owner said of an object; what the server and controllers say of it changes by itself. */
function intent({ kind, metadata, spec, webhooks }: ApiObject): object {
  const { annotations = {}, uid } = metadata;
  return { kind, name: metadata.name, uid, annotations, spec, webhooks };
}

/** A budget that holds a workload until its owner is scaled, a database with volumes, and the controllers themselves. */
function addWorkloads(cluster: MemoryCluster): void {
  cluster.addDeployment({ name: "web", replicas: 3, graceSeconds: 5 });
  cluster.addStatefulSet({ name: "db", replicas: 2, graceSeconds: 5, claims: ["data"] });
  cluster.putBudget({ name: "db", minAvailable: 2 });
  cluster.objects.put(PERSISTENT_VOLUMES, {
    metadata: { name: "pv-data" },
    spec: { claimRef: { namespace: "default", name: "data" } },
    status: { phase: "Bound" },
  });
  cluster.addDeployment({ ...AUTOSCALER, replicas: 2, labels: { app: AUTOSCALER.name } });
  cluster.addDeployment({ namespace: "keda", name: "keda-operator" });
  cluster.addDeployment({ namespace: GUARD.namespace, name: "guard" });
}

function addScheduled({ objects }: MemoryCluster): void {
  const shop = (name: string) => ({ namespace: "shop", name });
  const spec = { schedule: "0 0 1 1 *" };
  objects.put(CRON_JOBS, { metadata: { ...shop("report"), annotations: DELIVERED }, spec });
  objects.put(CRON_JOBS, { metadata: shop("theirs"), spec: { ...spec, suspend: true } });
  objects.put(JOBS, { metadata: shop("etl"), spec: {}, status: { active: 1 } });
  const syncPolicy = { automated: { selfHeal: true } };
  objects.put(ARGO_APPLICATIONS, { metadata: { namespace: "argocd", name: "web" }, spec: { syncPolicy } });
  // KEDA that confirms at once.
  const status = { conditions: [{ type: "Paused", status: "True" }] };
  objects.put(SCALED_OBJECTS, { metadata: shop("ours"), status });
  const annotations = { "autoscaling.keda.sh/paused": "true" };
  objects.put(SCALED_OBJECTS, { metadata: { ...shop("theirs"), annotations }, status });
}

function addWebhooks({ objects }: MemoryCluster): void {
  for (const name of ["kube-system", "kube-node-lease", "guard", "shop"]) objects.put(NAMESPACES, namespace(name));
  objects.put(VALIDATING_WEBHOOKS, configuration([entry(), entry({ name: "second.guard.test" })], { uid: "v-1" }));
  const mutating = { kind: "MutatingWebhookConfiguration", name: "inject", uid: "m-1" };
  objects.put(MUTATING_WEBHOOKS, configuration([entry({ name: "inject.guard.test" })], mutating));
}

/** What the twin has no model of follows the pods: the webhooks' endpoints, the autoscaler's lease, attached volumes. */
function startControllers(cluster: MemoryCluster, clock: Clock): void {
  const { objects } = cluster;
  function look(): void {
    const running = cluster.allPods().filter(({ isReady, nodeName }) => isReady && nodeName !== null);
    const guards = running.filter(({ namespace: home }) => home === GUARD.namespace);
    objects.put(
      ENDPOINT_SLICES,
      slice(
        GUARD,
        guards.map(({ nodeName }) => ({ nodeName })),
      ),
    );
    const [leader] = running.filter(({ name }) => name.startsWith(AUTOSCALER.name));
    if (leader) renew(leader.name);
    attach(running.filter(({ template }) => template.claims.length > 0).flatMap(({ nodeName }) => nodeName ?? []));
    cluster.after(LOOK_MS, look);
  }
  function renew(holderIdentity: string): void {
    const renewTime = new Date(clock.now()).toISOString();
    objects.put(LEASES, { metadata: AUTOSCALER, spec: { holderIdentity, leaseDurationSeconds: 15, renewTime } });
  }
  function attach(nodeNames: readonly string[]): void {
    for (const { metadata } of objects.all(VOLUME_ATTACHMENTS)) {
      if (!nodeNames.includes(metadata.name)) objects.remove(VOLUME_ATTACHMENTS, metadata);
    }
    for (const nodeName of nodeNames) {
      const spec = { nodeName, source: { persistentVolumeName: "pv-data" } };
      objects.put(VOLUME_ATTACHMENTS, { metadata: { name: nodeName }, spec });
    }
  }
  look();
}
