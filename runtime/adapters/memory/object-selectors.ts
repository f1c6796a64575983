import type { ApiObject, ListOptions } from "../../ports/index.js";

/** Whether a list with these options has the object. */
export function isListed(object: ApiObject, { namespace, labelSelector, fieldSelector }: ListOptions): boolean {
  const { labels = {} } = object.metadata;
  return (
    (namespace === undefined || object.metadata.namespace === namespace) &&
    requirements(labelSelector).every((requirement) => holds(requirement, (key) => labels[key])) &&
    requirements(fieldSelector).every((requirement) => holds(requirement, (path) => fieldOf(object, path)))
  );
}

/** Splits at commas that do not stand in parentheses. */
function requirements(selector: string | undefined): readonly string[] {
  return selector === undefined || selector === "" ? [] : selector.split(/,(?![^(]*\))/).map((part) => part.trim());
}

/** One requirement: `a=b`, `a==b`, `a!=b`, `a in (b, c)`, `a notin (b, c)`, `a`, `!a`. */
function holds(requirement: string, valueOf: (key: string) => string | undefined): boolean {
  const set = /^(\S+)\s+(in|notin)\s*\((.*)\)$/.exec(requirement);
  if (set) {
    const [, key = "", operator, list = ""] = set;
    const isIn = list.split(",").some((value) => value.trim() === valueOf(key));
    return (operator === "in") === isIn;
  }
  const [, key = "", operator, value = ""] = /^([^=!]+?)\s*(?:(==?|!=)\s*(.*))?$/.exec(requirement) ?? [];
  if (requirement.startsWith("!")) return valueOf(requirement.slice(1)) === undefined;
  if (operator === undefined) return valueOf(key) !== undefined;
  return (operator === "!=") !== (valueOf(key) === value);
}

/** The field at a dotted path as text; an absent one is empty, as on the server. */
function fieldOf(object: ApiObject, path: string): string {
  const value = path
    .split(".")
    .reduce<unknown>(
      (at, step) =>
        typeof at === "object" && at !== null ? (at as Readonly<Record<string, unknown>>)[step] : undefined,
      object,
    );
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
