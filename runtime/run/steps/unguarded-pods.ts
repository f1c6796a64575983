import {
  DAEMON_SETS,
  DEPLOYMENTS,
  PODS,
  REPLICA_SETS,
  restartPatch,
  STATEFUL_SETS,
  unguardedNamespaces,
  wasMissed,
} from "../../cycle/index.js";
import type { ApiObject, ResourceType } from "../../ports/index.js";
import type { StepContext } from "../context.js";
import type { ReturnedWebhook } from "./return-webhooks.js";

/**
 * Names the pods that were made while a mutating webhook was not asked: they lack what it adds (safe-cycle W16). Restarts
 * their workloads only when settings ask for it.
 */
export async function reportUnguardedPods(returned: readonly ReturnedWebhook[], context: StepContext): Promise<void> {
  const { settings, notes } = context;
  const podsIn = podReader(context);
  const missed = new Map<string, ApiObject>();
  for (const one of returned) {
    const pods = await findMissed(one, podsIn, context);
    for (const pod of pods) missed.set(pod.metadata.uid, pod);
    if (pods.length > 0) notes.warnings.push(describe(one.webhook.name, pods));
  }
  if (settings.webhooks.restartUnprotected) await restartOwners([...missed.values()], context);
}

type PodReader = (namespace: string) => Promise<readonly ApiObject[]>;

/** Each namespace is listed once. A role that may not is no reason to fail: the webhooks are back. */
function podReader({ kubernetes }: StepContext): PodReader {
  const read = new Map<string, readonly ApiObject[]>();
  return async (namespace) => {
    const known = read.get(namespace);
    if (known) return known;
    const answer = await kubernetes.objects.list(PODS, { namespace });
    const pods = answer.kind === "listed" ? answer.items : [];
    read.set(namespace, pods);
    return pods;
  };
}

async function findMissed(
  { webhook, amendments, namespaces }: ReturnedWebhook,
  podsIn: PodReader,
  { snapshot }: StepContext,
): Promise<readonly ApiObject[]> {
  if (snapshot === null) return [];
  const found: ApiObject[] = [];
  for (const namespace of unguardedNamespaces(webhook, amendments, namespaces)) {
    const pods = await podsIn(namespace);
    found.push(...pods.filter((pod) => wasMissed(webhook, pod, snapshot.savedAt)));
  }
  return found;
}

const MOST_NAMED = 10;

function describe(webhookName: string, pods: readonly ApiObject[]): string {
  const names = pods.slice(0, MOST_NAMED).map(nameOf).join(", ");
  const more = pods.length > MOST_NAMED ? ` and ${pods.length - MOST_NAMED} more` : "";
  return `${webhookName} was not asked about ${pods.length} pod(s) made while it was relaxed, so they lack what it adds: ${names}${more}.`;
}

function nameOf({ metadata }: ApiObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

async function restartOwners(pods: readonly ApiObject[], context: StepContext): Promise<void> {
  const { clock, kubernetes, notes } = context;
  const owners = new Map<string, { readonly type: ResourceType; readonly owner: ApiObject }>();
  for (const pod of pods) {
    const found = await ownerOf(pod, context);
    if (found) owners.set(found.owner.metadata.uid, found);
  }
  for (const { type, owner } of owners.values()) {
    const { namespace = null, name, uid } = owner.metadata;
    const answer = await kubernetes.objects.patch({ type, namespace, name, uid }, restartPatch(owner, clock.now()));
    const isDone = answer.kind === "patched" || answer.kind === "gone";
    notes.warnings.push(
      `${type.kind} ${nameOf(owner)} ${isDone ? "was restarted" : `was not restarted: ${answer.message}`}.`,
    );
  }
}

const OWNERS: Readonly<Record<string, ResourceType>> = {
  ReplicaSet: REPLICA_SETS,
  Deployment: DEPLOYMENTS,
  StatefulSet: STATEFUL_SETS,
  DaemonSet: DAEMON_SETS,
};

/** The workload on top: a pod's ReplicaSet leads on to its Deployment. Null for what has no template to touch. */
async function ownerOf(
  object: ApiObject,
  context: StepContext,
): Promise<{ readonly type: ResourceType; readonly owner: ApiObject } | null> {
  const reference = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const type = reference && OWNERS[reference.kind];
  if (!type) return null;
  const { namespace = null } = object.metadata;
  const owner = await context.kubernetes.objects.read(type, { namespace, name: reference.name });
  if (owner?.metadata.uid !== reference.uid) return null;
  return (await ownerOf(owner, context)) ?? { type, owner };
}
