import { selectorMatches } from "../../runtime/drain/budgets.js";
import type {
  ApiObject,
  BudgetFacts,
  Clock,
  DeleteAnswer,
  EvictionAnswer,
  EvictOptions,
  Kubernetes,
  ListAnswer,
  NodeFacts,
  Objects,
  PodFacts,
  PodRef,
  ScalableOwner,
} from "../../runtime/ports/index.js";
import { LOAD_BALANCER_EXCLUSION_LABEL } from "../../runtime/ports/index.js";

/** One call that changes something or asks to. */
export interface Call {
  readonly at: number;
  readonly verb: "patch" | "evict" | "dry-run" | "delete" | "scale";
  /** Node name, or pod or owner name with its UID. */
  readonly target: string;
  readonly graceSeconds?: number;
}

/** How this cluster behaves beyond the plain rules; all instants in epoch ms. */
export interface Script {
  readonly nodes: readonly NodeFacts[];
  readonly pods: readonly PodFacts[];
  readonly budgets?: readonly BudgetFacts[];
  /** Answers given first, by pod name, before the plain rules count. */
  readonly answers?: Readonly<Record<string, readonly EvictionAnswer[]>>;
  /** Answers to deletions given first, by pod name. */
  readonly deleteAnswers?: Readonly<Record<string, readonly DeleteAnswer[]>>;
  /** Pods that come when one has gone: return null for none. */
  readonly replace?: (gone: PodFacts, generation: number) => PodFacts | null;
  /** Things that happen at an instant, counted in ms from the beginning. */
  readonly events?: readonly { readonly afterMs: number; readonly happen: (cluster: World) => void }[];
  /** Failures thrown by the next lists of pods. */
  readonly listFailures?: readonly (Error | null)[];
  readonly owners?: Readonly<Record<string, ScalableOwner | null>>;
  readonly missingDaemonSets?: readonly string[];
  /** How long an eviction takes; 100 ms on a real server (lab.md). */
  readonly evictionMs?: number;
  readonly volumes?: readonly FakeVolume[];
  /** What RBAC says to lists of volumes. */
  readonly volumesForbidden?: string;
  /** Events about pods are not taken. */
  readonly refusesEvents?: boolean;
}

/** A volume that is attached to `node` and follows its claim's last pod there after `detachMs`; never when that is left out. */
export interface FakeVolume {
  readonly name: string;
  /** `namespace/name` of its claim; none for one that nobody's pod uses. */
  readonly claim?: string;
  readonly node: string;
  readonly detachMs?: number;
  /** It lies on the node's own disk. */
  readonly isLocal?: boolean;
}

/** What is there now; events and tests may change it. */
export interface World {
  readonly nodes: Map<string, NodeFacts>;
  readonly pods: Map<string, PodFacts>;
  readonly budgets: BudgetFacts[];
  readonly calls: Call[];
  /** Events about pods that were asked for. */
  readonly events: { readonly at: number; readonly pod: string; readonly message: string }[];
  /** By name. */
  readonly attached: Map<string, FakeVolume>;
  /** Lists of volumes and attachments. */
  volumeLists: number;
  /** The most evictions under way at once, in all and per `app`. */
  peakInFlight: number;
}

/** A small scripted cluster: budgets counted as policy/v1 does, pods that stop after their grace, calls written down. */
export function fakeCluster(script: Script, clock: Clock): { readonly kubernetes: Kubernetes; readonly world: World } {
  const beganAt = clock.now();
  const world: World = {
    nodes: new Map(script.nodes.map((item) => [item.name, item])),
    pods: new Map(script.pods.map((item) => [item.uid, item])),
    budgets: [...(script.budgets ?? [])],
    calls: [],
    events: [],
    attached: new Map((script.volumes ?? []).map((volume) => [volume.name, volume])),
    volumeLists: 0,
    peakInFlight: 0,
  };
  const stopAt = new Map<string, number>();
  const unusedSince = new Map<string, number>();
  const generations = new Map<string, number>();
  const answers = queues(script.answers);
  const deleteAnswers = queues(script.deleteAnswers);
  const listFailures = [...(script.listFailures ?? [])];
  const events = [...(script.events ?? [])];
  let inFlight = 0;

  function catchUp(): void {
    while (events[0] !== undefined && beganAt + events[0].afterMs <= clock.now()) events.shift()?.happen(world);
    for (const [uid, at] of stopAt) {
      const pod = world.pods.get(uid);
      if (at > clock.now() || !pod?.deletionAt || pod.finalizers.length > 0) continue;
      // Its kubelet is silent.
      if (world.nodes.get(pod.nodeName)?.ready === "Unknown") continue;
      world.pods.delete(uid);
      stopAt.delete(uid);
      const generation = (generations.get(pod.uid) ?? 0) + 1;
      const next = script.replace?.(pod, generation);
      if (!next) continue;
      generations.set(next.uid, generation);
      world.pods.set(next.uid, next);
    }
    detachUnused();
  }

  function detachUnused(): void {
    const used = new Set([...world.pods.values()].flatMap(claimsOnNode));
    for (const volume of world.attached.values()) {
      if (used.has(`${volume.node} ${volume.claim}`)) unusedSince.delete(volume.name);
      else if (!unusedSince.has(volume.name)) unusedSince.set(volume.name, clock.now());
      const sinceAt = unusedSince.get(volume.name);
      if (sinceAt !== undefined && volume.detachMs !== undefined && clock.now() >= sinceAt + volume.detachMs)
        world.attached.delete(volume.name);
    }
  }

  function record(verb: Call["verb"], target: string, graceSeconds?: number): void {
    world.calls.push({
      at: clock.now() - beganAt,
      verb,
      target,
      ...(graceSeconds === undefined ? {} : { graceSeconds }),
    });
  }

  function terminate(pod: PodFacts, graceSeconds: number): void {
    const deletionAt = clock.now() + graceSeconds * 1000;
    if (pod.deletionAt !== null && pod.deletionAt <= deletionAt) return;
    world.pods.set(pod.uid, { ...pod, deletionAt });
    const isInstant = pod.phase === "Succeeded" || pod.phase === "Failed";
    stopAt.set(pod.uid, isInstant ? clock.now() : deletionAt);
  }

  function measured(budget: BudgetFacts): BudgetFacts {
    const covered = [...world.pods.values()].filter(
      (pod) => pod.namespace === budget.namespace && selectorMatches(budget.selector, pod.labels),
    );
    const currentHealthy = covered.filter(
      (pod) => pod.isReady && pod.phase === "Running" && pod.deletionAt === null,
    ).length;
    return {
      ...budget,
      currentHealthy,
      expectedPods: covered.length,
      disruptionsAllowed: Math.max(0, currentHealthy - budget.desiredHealthy),
    };
  }

  function judge(pod: PodFacts): EvictionAnswer {
    if (pod.phase !== "Running" || pod.deletionAt !== null) return { kind: "accepted" };
    const covering = world.budgets
      .filter((one) => one.namespace === pod.namespace && selectorMatches(one.selector, pod.labels))
      .map(measured);
    if (covering.length > 1)
      return {
        kind: "several-budgets",
        message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
      };
    const [only] = covering;
    if (only === undefined) return { kind: "accepted" };
    if (only.isStale)
      return {
        kind: "budget-stale",
        message: "The disruption budget is still being processed by the server.",
        retryAfterMs: 10_000,
      };
    if (!pod.isReady && only.unhealthyPodEvictionPolicy === "AlwaysAllow") return { kind: "accepted" };
    const isAllowed = pod.isReady
      ? only.disruptionsAllowed > 0
      : only.currentHealthy >= only.desiredHealthy && only.desiredHealthy > 0;
    return isAllowed
      ? { kind: "accepted" }
      : { kind: "budget-exhausted", message: "Cannot evict pod as it would violate the pod's disruption budget." };
  }

  function listVolumes(plural: string): ListAnswer {
    catchUp();
    world.volumeLists += 1;
    if (script.volumesForbidden !== undefined) return { kind: "forbidden", message: script.volumesForbidden };
    if (plural === "volumeattachments") return { kind: "listed", items: [...world.attached.values()].map(attachment) };
    return { kind: "listed", items: (script.volumes ?? []).filter(({ claim }) => claim !== undefined).map(volume) };
  }

  async function evict(ref: PodRef, options: EvictOptions = {}): Promise<EvictionAnswer> {
    catchUp();
    record(options.dryRun === true ? "dry-run" : "evict", `${ref.name} ${ref.uid}`);
    inFlight += 1;
    world.peakInFlight = Math.max(world.peakInFlight, inFlight);
    await clock.sleep(script.evictionMs ?? 100);
    inFlight -= 1;
    catchUp();
    const scripted = answers.get(ref.name)?.shift();
    if (scripted !== undefined && scripted.kind !== "accepted") return scripted;
    const pod = world.pods.get(ref.uid);
    if (pod === undefined) return { kind: "gone" };
    const answer = judge(pod);
    if (answer.kind === "accepted" && options.dryRun !== true) terminate(pod, pod.graceSeconds);
    return answer;
  }

  const kubernetes: Kubernetes = {
    listNodes: () => {
      catchUp();
      return Promise.resolve([...world.nodes.values()]);
    },
    async listPods(names) {
      await clock.sleep(10);
      catchUp();
      const failure = listFailures.shift();
      if (failure) throw failure;
      return [...world.pods.values()]
        .filter(({ nodeName }) => names.includes(nodeName))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    listBudgets: () => Promise.resolve(world.budgets.map(measured)),
    patchNode(name, change) {
      catchUp();
      record("patch", name);
      const found = world.nodes.get(name);
      if (found === undefined) return Promise.resolve("gone");
      const { [LOAD_BALANCER_EXCLUSION_LABEL]: label, ...others } = found.labels;
      const isExcluded = change.excludeFromLoadBalancers ?? label !== undefined;
      world.nodes.set(name, {
        ...found,
        isUnschedulable: change.unschedulable ?? found.isUnschedulable,
        labels: isExcluded ? { ...others, [LOAD_BALANCER_EXCLUSION_LABEL]: "true" } : others,
      });
      return Promise.resolve("changed");
    },
    evict,
    async deletePod(ref, graceSeconds, { isInstanceGone = false } = {}) {
      record("delete", `${ref.name} ${ref.uid}`, graceSeconds);
      await clock.sleep(10);
      catchUp();
      const scripted = deleteAnswers.get(ref.name)?.shift();
      if (scripted !== undefined) return scripted;
      const pod = world.pods.get(ref.uid);
      if (pod === undefined) return { kind: "gone" };
      terminate(pod, graceSeconds);
      if (isInstanceGone && graceSeconds === 0 && pod.finalizers.length === 0) world.pods.delete(ref.uid);
      return { kind: "accepted" };
    },
    daemonSetExists: (_namespace, name) => Promise.resolve(!(script.missingDaemonSets ?? []).includes(name)),
    findScalableOwner: (pod) => Promise.resolve(script.owners?.[pod.controller?.name ?? ""] ?? null),
    readOwner: () => Promise.resolve(null),
    scaleOwner(owner) {
      record("scale", `${owner.kind} ${owner.name}`);
      for (const pod of world.pods.values()) if (pod.labels["app"] === owner.name) terminate(pod, pod.graceSeconds);
      return Promise.resolve("scaled");
    },
    warnOfPod({ name }, { message }) {
      world.events.push({ at: clock.now() - beganAt, pod: name, message });
      return Promise.resolve(script.refusesEvents === true ? "refused" : "told");
    },
    objects: { ...NO_OBJECTS, list: (type) => Promise.resolve(listVolumes(type.plural)) },
    close: () => Promise.resolve(),
  };
  return { kubernetes, world };
}

const NO_OBJECTS: Objects = {
  list: () => Promise.resolve({ kind: "not-served" }),
  read: () => Promise.resolve(null),
  patch: () => Promise.resolve({ kind: "gone" }),
  remove: () => Promise.resolve({ kind: "gone" }),
  rehearseCreate: () => Promise.resolve({ kind: "accepted" }),
  may: () => Promise.resolve(true),
};

function claimsOnNode({ namespace, nodeName, claims }: PodFacts): readonly string[] {
  return claims.map((claim) => `${nodeName} ${namespace}/${claim}`);
}

function volume({ name, claim = "", isLocal = false }: FakeVolume): ApiObject {
  const [namespace, claimName] = claim.split("/");
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, uid: `uid-${name}` },
    spec: { claimRef: { namespace, name: claimName }, ...(isLocal && { local: { path: "/mnt/disk" } }) },
    status: { phase: "Bound" },
  };
}

function attachment({ name, node }: FakeVolume): ApiObject {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttachment",
    metadata: { name: `csi-${name}`, uid: `uid-csi-${name}` },
    spec: { attacher: "ebs.csi.aws.com", nodeName: node, source: { persistentVolumeName: name } },
    status: { attached: true },
  };
}

function queues<Answer>(given: Readonly<Record<string, readonly Answer[]>> | undefined): Map<string, Answer[]> {
  return new Map(Object.entries(given ?? {}).map(([name, answers]) => [name, [...answers]]));
}
