import { settingsSchema, surveyOf, type Settings, type SettingsInput, type Survey } from "../../runtime/cycle/index.js";
import type { ApiObject, ObjectMeta, ResourceType } from "../../runtime/ports/index.js";

/** An object as a server gives it; in the namespace `shop` where its type has namespaces. */
export function object(
  type: ResourceType,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  metadata: Partial<ObjectMeta> = {},
): ApiObject {
  const version = type.versions[0] ?? "v1";
  return {
    apiVersion: type.group === "" ? version : `${type.group}/${version}`,
    kind: type.kind,
    metadata: {
      name,
      ...(type.isNamespaced && { namespace: "shop" }),
      uid: `uid-${name}`,
      resourceVersion: "7",
      creationTimestamp: "2026-01-05T00:00:00Z",
      ...metadata,
    },
    ...fields,
  };
}

/** A survey in which each type has these objects, and every other type is not served. */
export function survey(...read: readonly (readonly [ResourceType, readonly ApiObject[]])[]): Survey {
  return surveyOf(read.map(([type, items]) => ({ type, items })));
}

/** Settings that differ from the defaults in this. */
export function settings(input: SettingsInput = {}): Settings {
  return settingsSchema.parse(input);
}
