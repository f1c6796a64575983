import type { MemoryCluster } from "../../runtime/adapters/memory/cluster.js";
import { createMemoryWorld } from "../../runtime/adapters/memory/world.js";
import type { Clock, Kubernetes, ResourceType } from "../../runtime/ports/index.js";
import { fakeClock } from "../fakes/fake-clock.js";
import { describeKubernetes } from "./kubernetes.js";
import type { FixtureObject, FixturePod, KubernetesFixture } from "./kubernetes-fixture.js";
import { CONFIG_MAPS } from "./objects.js";

const IDENTITY = { account: "222222222222", region: "eu-west-1", name: "payments-dev" };
const NAMESPACE = "contract";
const CALLER_FAULTS = {
  stranger: "access-entry-missing",
  unprivileged: "rbac-denied",
  "cut-off": "endpoint-unreachable",
} as const;

/** Every group that no API server has by itself comes with a CRD. */
const newType = (): ResourceType => ({
  group: "lab.test",
  versions: ["v1"],
  plural: "widgets",
  kind: "Widget",
  isNamespaced: true,
});

const GUARDS = {
  denies: { kind: "denied", message: "admission webhook denied the request" },
  unreachable: { kind: "webhook-failed", message: "failed calling webhook" },
} as const;

function podSpec({ neverStarts, graceSeconds = 1, ...pod }: FixturePod) {
  return { ...pod, graceSeconds, ...(neverStarts === true && { startMs: Number.POSITIVE_INFINITY }) };
}

function inNamespaceOf({ isNamespaced }: ResourceType, object: FixtureObject): FixtureObject {
  return isNamespaced ? { ...object, metadata: { ...object.metadata, namespace: NAMESPACE } } : object;
}

function openFixture(cluster: MemoryCluster, clock: Clock): KubernetesFixture {
  let nodes = 0;
  const inNamespace = <T extends { readonly name: string } & FixturePod>(spec: T) => ({
    ...spec,
    ...podSpec(spec),
    namespace: NAMESPACE,
  });

  function as(caller: keyof typeof CALLER_FAULTS): Kubernetes {
    cluster.faults.begin(CALLER_FAULTS[caller]);
    return cluster.kubernetes;
  }

  return {
    kubernetes: cluster.kubernetes,
    namespace: NAMESPACE,
    as,
    addNode(node = {}) {
      const name = `node-${(nodes += 1)}`;
      cluster.addNode({ ...node, name });
      return name;
    },
    removeNode: (name) => cluster.removeNode(name),
    addDeployment: (spec) => cluster.addDeployment(inNamespace(spec)),
    addReplicaSet: (spec) => cluster.addReplicaSet(inNamespace(spec)),
    addStatefulSet: (spec) => cluster.addStatefulSet(inNamespace(spec)),
    addDaemonSet: (spec) => cluster.addDaemonSet(inNamespace(spec)),
    addBarePod: (spec) => cluster.addBarePod(inNamespace(spec)),
    addBudget: (spec) => cluster.putBudget({ ...spec, namespace: NAMESPACE }),
    removeWorkload: (owner) => cluster.removeWorkload(owner.kind, owner),
    finishPod: (name, phase) => cluster.finishPod({ name, namespace: NAMESPACE }, phase),
    removeFinalizers: (name) => cluster.removeFinalizers({ name, namespace: NAMESPACE }),
    pauseBudgetController: () => cluster.pauseBudgetController(),
    resumeBudgetController: () => cluster.resumeBudgetController(),
    breakWebhook: (target) => cluster.breakWebhook(target),
    mendWebhook: (target) => cluster.mendWebhook(target),
    throttleEvictions: () =>
      cluster.faults.answerNextEviction({ answer: { kind: "throttled", retryAfterMs: 1_000 }, times: 100 }),
    putObject: (type, object) => cluster.objects.put(type, inNamespaceOf(type, object)),
    removeObject: (type, name) => cluster.objects.remove(type, { name, namespace: NAMESPACE }),
    newType,
    installType: (type) => cluster.objects.serve(type),
    // The twin calls no webhooks; what comes of one is told to it.
    guardConfigMaps: (guard) => cluster.objects.answerRehearsals(CONFIG_MAPS, GUARDS[guard]),
    terminateNamespace: () => cluster.terminateNamespace(NAMESPACE),
    settle: () => clock.sleep(0),
    now: () => clock.now(),
    wait: (ms) => clock.sleep(ms),
    dispose: () => undefined,
  };
}

describeKubernetes("memory", () => ({
  open() {
    const clock = fakeClock();
    return Promise.resolve(openFixture(createMemoryWorld({ clock }).addCluster({ identity: IDENTITY }), clock));
  },
  close: () => Promise.resolve(),
}));
