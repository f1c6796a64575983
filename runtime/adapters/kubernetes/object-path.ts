import type { ResourceType } from "../../ports/index.js";

/** Path of a collection on the server, or of one object in it. `namespace` null or left out means all of them. */
export function objectPath(
  { group, plural, isNamespaced }: ResourceType,
  version: string,
  { namespace, name }: { readonly namespace?: string | null | undefined; readonly name?: string },
): string {
  return [
    group === "" ? "/api" : `/apis/${group}`,
    version,
    ...(isNamespaced && namespace ? ["namespaces", encodeURIComponent(namespace)] : []),
    plural,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
  ].join("/");
}

/** `apiVersion` of a type's objects. */
export function apiVersionOf({ group }: ResourceType, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

/** A type as RBAC and kubectl name it, e.g. `nodepools.karpenter.sh`. */
export function resourceName({ group, plural }: ResourceType): string {
  return group === "" ? plural : `${plural}.${group}`;
}
