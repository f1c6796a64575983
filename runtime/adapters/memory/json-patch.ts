import { isDeepStrictEqual } from "node:util";
import type { PatchOperation } from "../../ports/index.js";

type Json = unknown;

/** The document after the patch (RFC 6902), or null when an operation does not fit it; `document` itself stays as it is. */
export function applyJsonPatch(document: object, operations: readonly PatchOperation[]): Json {
  const root = { "": structuredClone(document) as Json };
  return operations.every((operation) => apply(root, operation)) ? root[""] : null;
}

/** Performs one operation on what hangs below `root`, so that the whole document is a value like any other; says whether it fits. */
function apply(root: object, operation: PatchOperation): boolean {
  const place = locate(root, operation.path);
  if (place === undefined) return false;
  const { parent, token } = place;
  const isThere = read(parent, token) !== undefined;
  switch (operation.op) {
    case "test":
      return isThere && isDeepStrictEqual(read(parent, token), operation.value);
    case "add":
      return Array.isArray(parent) ? insert(parent, token, operation.value) : assign(parent, token, operation.value);
    case "replace":
      return isThere && assign(parent, token, operation.value);
    case "remove":
      return isThere && take(parent, token);
  }
}

interface Place {
  readonly parent: object;
  readonly token: string;
}

/** Where the pointer's last token stands; undefined when the way there does not exist. */
function locate(root: object, path: string): Place | undefined {
  const tokens = ["", ...path.split("/").slice(1).map(unescapeToken)];
  const token = tokens.pop() ?? "";
  const parent = tokens.reduce<Json>((at, step) => (isContainer(at) ? read(at, step) : undefined), root);
  return isContainer(parent) ? { parent, token } : undefined;
}

function unescapeToken(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

function isContainer(value: Json): value is object {
  return typeof value === "object" && value !== null;
}

function read(parent: object, token: string): Json {
  return Object.hasOwn(parent, token) ? (parent as Readonly<Record<string, Json>>)[token] : undefined;
}

function assign(parent: object, token: string, value: Json): true {
  (parent as Record<string, Json>)[token] = structuredClone(value);
  return true;
}

function insert(parent: Json[], token: string, value: Json): boolean {
  const index = token === "-" ? parent.length : Number(token);
  if (!/^(-|0|[1-9]\d*)$/.test(token) || index > parent.length) return false;
  parent.splice(index, 0, structuredClone(value));
  return true;
}

function take(parent: object, token: string): true {
  if (Array.isArray(parent)) parent.splice(Number(token), 1);
  else Reflect.deleteProperty(parent, token);
  return true;
}
