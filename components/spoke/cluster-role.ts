import { readFileSync } from "node:fs";

import { parseAllDocuments } from "yaml";

/** Whether Curfew may only drain, or also pause what would undo the sleep. */
export type ClusterRoleKind = "drain-only" | "full-cycle";

/** One rule of a ClusterRole. */
export interface ClusterRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

/**
 * The rules of a file in stacks/rbac, the very ones that the end-to-end tests run under. Read from the package, wherever
 * the program runs.
 */
export function clusterRules(kind: ClusterRoleKind): readonly ClusterRule[] {
  const file = new URL(`stacks/rbac/${kind}.yaml`, import.meta.resolve("curfew/package.json"));
  const [role] = parseAllDocuments(readFileSync(file, "utf8"));
  return (role?.toJS() as { readonly rules: readonly ClusterRule[] }).rules;
}
