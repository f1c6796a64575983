import type { ApiObject, NamespacedName, ObjectMeta, ResourceType } from "../../ports/index.js";
import type { ObjectName } from "./workload-controls.js";

/** An object as its author writes it. Namespaced ones without a namespace are in "default". */
export interface ObjectDraft {
  readonly metadata: Partial<ObjectMeta> & Pick<ObjectMeta, "name">;
  readonly [field: string]: unknown;
}

/** Full name of an object of this type. */
export function fullName({ isNamespaced }: ResourceType, { namespace, name }: ObjectName): NamespacedName {
  return { namespace: isNamespaced ? (namespace ?? "default") : null, name };
}

/** The draft with its type and its namespace said; `uid` unless it brings one. */
export function completed(type: ResourceType, draft: ObjectDraft, uid: string): ApiObject {
  const { namespace } = fullName(type, draft.metadata);
  const [version = "v1"] = type.versions;
  return {
    apiVersion: type.group === "" ? version : `${type.group}/${version}`,
    kind: type.kind,
    ...draft,
    metadata: { uid, ...(namespace !== null && { namespace }), ...draft.metadata },
  };
}

/** The fields of `object`, and those of `before` that it says nothing of, two levels deep. */
export function mergedOver(before: ApiObject, object: ApiObject): ApiObject {
  const fields = Object.entries(object).map(([name, value]) => [name, mergeValues(before[name], value)]);
  return { ...before, ...(Object.fromEntries(fields) as ApiObject) };
}

function mergeValues(before: unknown, after: unknown): unknown {
  return isMap(before) && isMap(after) ? { ...before, ...after } : after;
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
