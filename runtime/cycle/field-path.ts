import equal from "fast-deep-equal";

import type { PatchOperation } from "../ports/index.js";

/** Where a field lies: names, and `{ name }` for the element of a list that has this name (safe-cycle H16: never by index). */
export type FieldPath = readonly (string | { readonly name: string })[];

/** The value at `path`; undefined when the field, or anything above it, is not there. */
export function readField(object: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((at, part) => {
    if (typeof part !== "string")
      return Array.isArray(at) ? (at as unknown[]).find((one) => hasName(one, part.name)) : undefined;
    return isRecord(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }, object);
}

/** Equal as JSON values; the order of an object's keys says nothing. */
export function sameJson(a: unknown, b: unknown): boolean {
  return equal(a, b);
}

/** Collects field changes of one object into a JSON patch. */
export interface PatchEditor {
  /**
   * Sets the field, or removes it when `value` is undefined, and with it up to `madeParents` of the objects above it
   * that are empty then. A field that cannot be reached (`canReach`) is left alone.
   */
  set(path: FieldPath, value: unknown, madeParents?: number): void;
  /** On exactly the version that was read; empty when nothing would change. */
  operations(): readonly PatchOperation[];
}

/** Starts a patch of `live`, which stays as it is. */
export function editObject(live: { readonly metadata: { readonly resourceVersion?: string } }): PatchEditor {
  const draft = structuredClone(live) as unknown;
  const changes: PatchOperation[] = [];
  return {
    set(path, value, madeParents = 0) {
      if (sameJson(readField(draft, path), value)) return;
      changes.push(...changeDraft(draft, path, value));
      if (value === undefined) changes.push(...removeEmpty(draft, path, madeParents));
    },
    operations() {
      const { resourceVersion } = live.metadata;
      if (changes.length === 0 || resourceVersion === undefined) return changes;
      return [{ op: "test", path: "/metadata/resourceVersion", value: resourceVersion }, ...changes];
    },
  };
}

/** How many of the objects above the field are not there: the deepest ones. */
export function countMissingParents(object: unknown, path: FieldPath): number {
  const isThere = path.slice(0, -1).map((_, index) => readField(object, path.slice(0, index + 1)) !== undefined);
  return isThere.filter((found) => !found).length;
}

/** Whether the field can be set: nothing above it is a value of another kind, and no list lacks the element. */
export function canReach(object: unknown, path: FieldPath): boolean {
  return path.every((part, index) => {
    const above = readField(object, path.slice(0, index));
    if (typeof part !== "string") return readField(object, path.slice(0, index + 1)) !== undefined;
    return isRecord(above) || (above === undefined && index > 0);
  });
}

/** Takes emptied objects above `path` away, the deepest first. */
function removeEmpty(draft: unknown, path: FieldPath, atMost: number): PatchOperation[] {
  const parent = path.slice(0, -1);
  const value = readField(draft, parent);
  if (atMost === 0 || parent.length === 0 || !isRecord(value) || Object.keys(value).length > 0) return [];
  return [...changeDraft(draft, parent, undefined), ...removeEmpty(draft, parent, atMost - 1)];
}

/** Changes the draft and says the operations that do the same on the server. */
function changeDraft(draft: unknown, path: FieldPath, value: unknown): PatchOperation[] {
  const operations: PatchOperation[] = [];
  let at = draft;
  let pointer = "";
  for (const [index, part] of path.entries()) {
    const key = keyOf(at, part);
    if (key === undefined || !isContainer(at)) return [];
    pointer += `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const isLast = index === path.length - 1;
    if (isLast) return [...operations, ...changeField(at, key, pointer, value)];
    if (!Object.hasOwn(at, key)) {
      if (value === undefined) return [];
      at[key] = {};
      operations.push({ op: "add", path: pointer, value: {} });
    }
    at = at[key];
  }
  return operations;
}

function changeField(at: Record<string, unknown>, key: string, pointer: string, value: unknown): PatchOperation[] {
  const isThere = Object.hasOwn(at, key);
  if (value === undefined) {
    // Deleting from the draft by key is what keeps a second change of the same object true.
    Reflect.deleteProperty(at, key);
    return isThere ? [{ op: "remove", path: pointer }] : [];
  }
  at[key] = value;
  return [{ op: isThere ? "replace" : "add", path: pointer, value }];
}

function keyOf(at: unknown, part: FieldPath[number]): string | undefined {
  if (typeof part === "string") return part;
  const index = Array.isArray(at) ? at.findIndex((one) => hasName(one, part.name)) : -1;
  return index === -1 ? undefined : String(index);
}

function hasName(value: unknown, name: string): boolean {
  return isRecord(value) && value["name"] === name;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object, or a list addressed by its index. */
function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
