import type { ApiObject } from "../ports/index.js";
import { readField } from "./field-path.js";

/** Curfew's own name in `managedFields`. */
const OURS = "curfew";

/**
 * Who wrote a field last, as the API server keeps account of it, e.g. `argocd-controller`; null when only Curfew did or
 * nobody is on record. Names only: a list element is not looked into.
 */
export function managerOf(object: ApiObject, path: readonly string[]): string | null {
  const owned = path.map((part) => `f:${part}`);
  const writers = (object.metadata.managedFields ?? []).filter(
    ({ manager, fieldsV1 }) => manager !== undefined && manager !== OURS && readField(fieldsV1, owned) !== undefined,
  );
  const newestFirst = writers.toSorted((a, b) => Date.parse(b.time ?? "") - Date.parse(a.time ?? ""));
  return newestFirst[0]?.manager ?? null;
}
