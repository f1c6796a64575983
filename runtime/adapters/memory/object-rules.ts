import type { AccessQuestion, RehearsalAnswer, ResourceType } from "../../ports/index.js";

/** What the API server thinks of whole types, whatever objects there are. */
export interface ObjectRules {
  isServed(type: ResourceType): boolean;
  setServed(type: ResourceType, isServed: boolean): void;
  /** Why RBAC denies the verb; undefined when it does not. */
  denial(verb: string, type: Pick<ResourceType, "group" | "plural">): string | undefined;
  mayDo(question: AccessQuestion): boolean;
  forbid(type: ResourceType, verbs: readonly string[]): void;
  refusal(type: ResourceType): string | undefined;
  setRefusal(type: ResourceType, message: string | null): void;
  rehearsal(type: ResourceType): RehearsalAnswer;
  setRehearsal(type: ResourceType, answer: RehearsalAnswer | null): void;
}

/** Groups that every server has; others come with a CRD. */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "autoscaling",
  "batch",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "policy",
  "storage.k8s.io",
]);

/** The key of a type, whatever its versions. */
export function typeKey({ group, plural }: Pick<ResourceType, "group" | "plural">): string {
  return `${group}/${plural}`;
}

/** Built-in groups are served, everything is allowed, and nobody refuses anything. */
export function createObjectRules(): ObjectRules {
  const served = new Map<string, boolean>();
  const forbidden = new Map<string, ReadonlySet<string>>();
  const refusals = new Map<string, string>();
  const rehearsals = new Map<string, RehearsalAnswer>();
  const isForbidden = (verb: string, key: string): boolean => forbidden.get(key)?.has(verb) ?? false;
  return {
    isServed: (type) => served.get(typeKey(type)) ?? BUILT_IN_GROUPS.has(type.group),
    setServed: (type, isServed) => void served.set(typeKey(type), isServed),
    denial: (verb, type) =>
      isForbidden(verb, typeKey(type))
        ? `${type.plural} is forbidden: User "curfew" cannot ${verb} resource "${type.plural}" in API group "${type.group}"`
        : undefined,
    mayDo: ({ verb, group, resource, subresource }) => {
      const plural = subresource === undefined ? resource : `${resource}/${subresource}`;
      return !isForbidden(verb, typeKey({ group, plural }));
    },
    forbid: (type, verbs) => void forbidden.set(typeKey(type), new Set(verbs)),
    refusal: (type) => refusals.get(typeKey(type)),
    setRefusal: (type, message) => setOrClear(refusals, typeKey(type), message),
    rehearsal: (type) => rehearsals.get(typeKey(type)) ?? { kind: "accepted" },
    setRehearsal: (type, answer) => setOrClear(rehearsals, typeKey(type), answer),
  };
}

function setOrClear<T>(map: Map<string, T>, key: string, value: T | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
