import { isDeepStrictEqual } from "node:util";
import type { ApiObject, NamespacedName, ObjectMeta, ResourceType } from "../../ports/index.js";
import type { Simulation } from "./cluster-state.js";
import { NATIVE_BUDGETS } from "./native-budgets.js";
import { NATIVE_NODES } from "./native-nodes.js";
import { timestamp, type NativeType } from "./native-object.js";
import { NATIVE_PODS } from "./native-pods.js";
import { nativeWorkloads } from "./native-workloads.js";
import type { ObjectDraft } from "./object-draft.js";
import { completed, fullName, mergedOver } from "./object-draft.js";
import { typeKey } from "./object-rules.js";
import { createPlainTypes } from "./plain-objects.js";

/** Every object of one cluster by type, modelled or not. What it gives are copies. */
export interface ObjectBook {
  all(type: ResourceType): readonly ApiObject[];
  find(type: ResourceType, target: NamespacedName): ApiObject | undefined;
  /** Whether an object of this type can be changed at all. */
  canWrite(type: ResourceType): boolean;
  /**
   * Creates an object or takes the place of the one by its name, which keeps what the server set. Modelled ones keep
   * all that the draft leaves out. Throws for types that only have controls of their own.
   */
  put(type: ResourceType, draft: ObjectDraft): ApiObject;
  /** Puts `next` in `before`'s place: a new generation when its spec differs, its end when it waited for finalizers only. */
  replace(type: ResourceType, before: ApiObject, next: ApiObject): void;
  /** Removes it, or lets it wait for its finalizers. Calling twice is safe. */
  remove(type: ResourceType, object: ApiObject): void;
  /** Forgets every object of a type that has no model. */
  clear(type: ResourceType): void;
}

/** The types that this twin has a model of. */
const NATIVES: ReadonlyMap<string, NativeType> = new Map([
  ["/pods", NATIVE_PODS],
  ["/nodes", NATIVE_NODES],
  ["apps/deployments", nativeWorkloads("Deployment")],
  ["apps/replicasets", nativeWorkloads("ReplicaSet")],
  ["apps/statefulsets", nativeWorkloads("StatefulSet")],
  ["apps/daemonsets", nativeWorkloads("DaemonSet")],
  ["policy/poddisruptionbudgets", NATIVE_BUDGETS],
]);

/** The book over `simulation`. `changed` is told of every write, with the object as it is then. */
export function createObjectBook(
  simulation: Simulation,
  changed: (type: ResourceType, object: ApiObject) => void,
): ObjectBook {
  const { state, agenda, newUid } = simulation;
  const plain = createPlainTypes();
  const isModelled = (type: ResourceType): boolean => NATIVES.has(typeKey(type));
  const modelOf = (type: ResourceType): NativeType => NATIVES.get(typeKey(type)) ?? plain(typeKey(type));
  const all = (type: ResourceType): readonly ApiObject[] => modelOf(type).views(simulation);
  const find = (type: ResourceType, target: NamespacedName): ApiObject | undefined =>
    all(type).find(
      ({ metadata }) => metadata.name === target.name && (metadata.namespace ?? null) === target.namespace,
    );

  function create(type: ResourceType, object: ApiObject): void {
    const model = modelOf(type);
    if (!model.create) throw ownControls(type);
    model.create(simulation, object);
    changed(type, find(type, fullName(type, object.metadata)) ?? object);
  }

  function replace(type: ResourceType, before: ApiObject, next: ApiObject): void {
    const isNewSpec = !isDeepStrictEqual(before["spec"], next["spec"]);
    const object = withMetadata(next, { generation: (before.metadata.generation ?? 1) + (isNewSpec ? 1 : 0) });
    if (isModelled(type)) state.overlays.set(object.metadata.uid, object);
    modelOf(type).write?.(simulation, object);
    changed(type, object);
  }

  function put(type: ResourceType, draft: ObjectDraft): ApiObject {
    if (!modelOf(type).write) throw ownControls(type);
    const target = fullName(type, draft.metadata);
    const before = find(type, target);
    const object = completed(type, draft, before?.metadata.uid ?? newUid());
    if (before?.metadata.uid !== object.metadata.uid) create(type, object);
    else replace(type, before, isModelled(type) ? mergedOver(before, object) : withServerSet(before, object));
    return find(type, target) ?? object;
  }

  return {
    all,
    find,
    put,
    replace,
    canWrite: (type) => modelOf(type).write !== undefined,
    remove(type, object) {
      const going = withMetadata(object, { deletionTimestamp: timestamp(agenda.now()), ...object.metadata });
      modelOf(type).remove(simulation, going);
      changed(type, going);
    },
    clear: (type) => void state.objects.delete(typeKey(type)),
  };
}

function ownControls({ kind }: ResourceType): Error {
  return new Error(`${kind} has controls of its own`);
}

/** A new version of an object, with what only the server sets. */
function withServerSet({ metadata }: ApiObject, object: ApiObject): ApiObject {
  const { creationTimestamp, deletionTimestamp } = metadata;
  return withMetadata(object, {
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...object.metadata,
  });
}

function withMetadata(object: ApiObject, change: Partial<ObjectMeta>): ApiObject {
  return { ...object, metadata: { ...object.metadata, ...change } };
}
